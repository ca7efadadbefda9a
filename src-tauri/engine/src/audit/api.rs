//! What doors may ask of the audit trail.

use std::path::PathBuf;

use async_trait::async_trait;
use toolroom_shared::{AppError, AuditPage, AuditQuery, AuditReport, Caller};

/// The audit trail, for people: everyone else is refused, and that is noted. `caller` is set at the
/// door, never by a payload.
#[async_trait]
pub trait AuditApi: Send + Sync {
    /// One page of entries, newest first.
    ///
    /// # Errors
    /// `permission_denied`, `invalid_query`, `storage`; `wrong_state` where nothing is kept.
    async fn audit_page(&self, caller: Caller, query: AuditQuery) -> Result<AuditPage, AppError>;

    /// Checks the whole trail.
    ///
    /// # Errors
    /// `permission_denied`, `storage`; `wrong_state` where nothing is kept. A trail that isn't
    /// whole is no error: it is what the report says.
    async fn verify_audit(&self, caller: Caller) -> Result<AuditReport, AppError>;

    /// Writes the whole trail into a new file, as JSON lines with hashes. How many entries it has.
    ///
    /// # Errors
    /// `permission_denied`, `invalid_input` for what is no whole path, `already_exists`, `io_error`,
    /// `storage`; `wrong_state` where nothing is kept.
    async fn export_audit(&self, caller: Caller, path: PathBuf) -> Result<u64, AppError>;
}
