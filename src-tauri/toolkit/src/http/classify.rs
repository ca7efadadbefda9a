//! From the library's errors to ours: what is at the bottom of a chain of causes decides.

use std::{error::Error, io};

use super::{
    client::{BadName, BadRedirect},
    error::{HttpError, HttpErrorKind as Kind},
};

/// Of a request that got no answer.
pub(super) fn without_answer(error: &reqwest::Error, host: &str) -> HttpError {
    for cause in causes(error) {
        if let Some(known) = known(cause, host) {
            return known;
        }
    }
    let kind = if error.is_timeout() {
        match error.is_connect() {
            true => Kind::ConnectTimedOut,
            false => Kind::TimedOut,
        }
    } else if error.is_connect() {
        Kind::Unreachable
    } else if error.is_builder() {
        Kind::BadUrl
    } else if of_hyper(error, hyper::Error::is_parse) {
        Kind::Garbage
    } else if of_hyper(error, |error| {
        error.is_incomplete_message() || error.is_closed() || error.is_canceled()
    }) || causes(error).any(is_broken_off)
    {
        Kind::NoAnswer
    } else {
        Kind::Other
    };
    HttpError::new(kind, host).because(deepest(error))
}

/// Of an answer whose body did not come to its end.
pub(super) fn in_body(error: &reqwest::Error, host: &str) -> HttpError {
    if error.is_timeout() {
        return HttpError::new(Kind::TimedOut, host);
    }
    let is_garbage = causes(error).any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        // What stands between the pieces of a body isn't a length.
        matches!(
            kind,
            Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
        )
    });
    let kind = match is_garbage {
        true => Kind::Garbage,
        false => Kind::CutShort,
    };
    HttpError::new(kind, host).because(deepest(error))
}

/// What one cause says for itself.
fn known(cause: &(dyn Error + 'static), host: &str) -> Option<HttpError> {
    if let Some(redirect) = cause.downcast_ref::<BadRedirect>() {
        let kind = match redirect {
            BadRedirect::Insecure => Kind::InsecureRedirect,
            BadRedirect::NotGranted => Kind::NotGranted,
            BadRedirect::TooMany => Kind::TooManyRedirects,
        };
        return Some(HttpError::new(kind, host));
    }
    if let Some(BadName(error)) = cause.downcast_ref() {
        let text = error.to_string();
        // The system gives words only: a name server that can't be asked is no missing name.
        let kind = match text.contains("emporary") {
            true => Kind::Unreachable,
            false => Kind::NameNotFound,
        };
        return Some(HttpError::new(kind, host).because(text));
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(HttpError::new(Kind::Tls, host).because(tls_words(error)));
    }
    let error = cause.downcast_ref::<io::Error>()?;
    let kind = match error.kind() {
        io::ErrorKind::ConnectionRefused => Kind::Refused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Kind::Unreachable,
        _ => return None,
    };
    Some(HttpError::new(kind, host))
}

fn tls_words(error: &rustls::Error) -> String {
    use rustls::{CertificateError as Bad, Error as Tls};
    let words = match error {
        Tls::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            "its certificate has expired"
        }
        Tls::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            "its certificate isn't valid yet: look at this machine's clock"
        }
        Tls::InvalidCertificate(Bad::UnknownIssuer) => {
            "its certificate was issued by nobody that this system trusts"
        }
        Tls::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            "its certificate is for another name"
        }
        Tls::InvalidCertificate(Bad::Revoked) => "its certificate was revoked",
        Tls::InvalidMessage(_) => "it doesn't speak TLS there: perhaps http is meant",
        other => return other.to_string(),
    };
    words.to_owned()
}

fn is_broken_off(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
        )
    })
}

fn of_hyper(error: &reqwest::Error, is: impl Fn(&hyper::Error) -> bool) -> bool {
    causes(error).any(|cause| cause.downcast_ref().is_some_and(&is))
}

/// An error, and what is behind it, and so on.
fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let first: &'a (dyn Error + 'static) = error;
    std::iter::successors(Some(first), |error| behind(*error))
}

fn behind<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // One that is wrapped for the system's kind of error names what is behind it as its own cause.
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inside) => Some(inside),
        None => error.source(),
    }
}

/// The first cause of all, in the library's words.
fn deepest(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map(|cause| cause.to_string())
        .unwrap_or_default()
}
