//! Whom a server must convince, and of what.

use std::sync::Arc;

use rustls::{ClientConfig, Error, RootCertStore, crypto::ring, pki_types::CertificateDer};
use rustls_platform_verifier::Verifier;

/// Trusts whom the system trusts, which is where companies put their proxies' certificates, and
/// `extra_roots`, each a certificate in DER.
pub(super) fn config(extra_roots: &[Vec<u8>]) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let roots = extra_roots.iter().cloned().map(CertificateDer::from);
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    let builder = match Verifier::new_with_extra_roots(roots, provider) {
        Ok(verifier) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier)),
        // A bare machine trusts nobody, and may still use http.
        Err(_) if extra_roots.is_empty() => builder.with_root_certificates(RootCertStore::empty()),
        Err(error) => return Err(error),
    };
    Ok(builder.with_no_client_auth())
}
