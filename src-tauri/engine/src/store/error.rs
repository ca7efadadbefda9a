//! What goes wrong with the history, by what can be done about it.

use std::{fmt, io};

use rusqlite::{ErrorCode as SqliteCode, ffi};
use serde_json::json;
use toolroom_shared::{AppError, ErrorCode};

/// The history could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What can be done about it.
    pub kind: StoreErrorKind,
    /// What happened, for those who look into it.
    pub message: String,
}

/// What can be done about a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreErrorKind {
    /// The disk has no room: try again when there is some.
    Full,
    /// Another program holds the file: try again.
    Busy,
    /// The file is damaged, or isn't a history.
    Corrupt,
    /// The file or its folder may not be written.
    ReadOnly,
    /// The disk refused.
    Io,
    /// The history has no such job.
    NoJob,
    /// The caller has used this idempotency key before.
    DuplicateKey,
    /// The history has been closed.
    Closed,
    /// Anything else.
    Other,
}

impl StoreErrorKind {
    /// Whether the same change may be written a little later.
    pub(super) const fn may_pass(self) -> bool {
        matches!(self, Self::Full | Self::Busy | Self::Io)
    }

    /// Whether the change is at fault, and others can be written.
    pub(super) const fn is_refusal(self) -> bool {
        matches!(self, Self::NoJob | Self::DuplicateKey)
    }

    /// Whether every change will fail in the same way until somebody does something.
    pub(super) const fn is_lasting(self) -> bool {
        matches!(self, Self::Corrupt | Self::ReadOnly)
    }
}

impl StoreError {
    pub(super) fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub(super) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Corrupt, message)
    }

    /// A change over which the writer falls whenever it is tried.
    pub(super) fn fault() -> Self {
        Self::new(
            StoreErrorKind::Other,
            "a fault in Toolroom while it was written",
        )
    }

    pub(super) fn no_job(seq: u64) -> Self {
        Self::new(
            StoreErrorKind::NoJob,
            format!("the history has no job number {seq}"),
        )
    }

    /// The history takes nothing any more.
    #[must_use]
    pub fn closed() -> Self {
        Self::new(StoreErrorKind::Closed, "the history has been closed")
    }

    /// The error as a door reports it.
    #[must_use]
    pub fn into_app_error(self) -> AppError {
        let sentence = match self.kind {
            StoreErrorKind::Full => {
                "The disk is full, so the history could not be written. What was stored before is \
                 kept. Make room on the disk and try again."
            }
            StoreErrorKind::Busy => {
                "Another program holds the file of the history, so it could not be used in time. \
                 What was stored before is kept. Close programs that have it open, such as a \
                 database browser or a backup, and try again."
            }
            StoreErrorKind::Corrupt => {
                "The file of the history is damaged. It is kept as it is and will be set aside at \
                 the next start, when a new one is begun. Close Toolroom and start it again."
            }
            StoreErrorKind::ReadOnly => {
                "The file of the history may not be written. What was stored before is kept. Allow \
                 writing to the data folder and start Toolroom again."
            }
            StoreErrorKind::Io => {
                "The disk refused to read or write the history. What was stored before is kept. \
                 Check that the disk of the data folder is connected and sound, and try again."
            }
            StoreErrorKind::NoJob => {
                "The history doesn't have this job. It may have been removed because it was old. \
                 All other jobs are kept. Start it again if you need it."
            }
            StoreErrorKind::DuplicateKey => {
                "This idempotency key was used for another job, which is kept. Nothing was \
                 started. Use a new key for a new job."
            }
            StoreErrorKind::Closed => {
                "The history has been closed because Toolroom is closing. What was stored before \
                 is kept. Start Toolroom and try again."
            }
            StoreErrorKind::Other => {
                "The history could not be used. What was stored before is kept. The details say \
                 why; start Toolroom again if it goes on."
            }
        };
        let mut error = AppError::new(ErrorCode::Storage, sentence);
        error.retryable = matches!(self.kind, StoreErrorKind::Full | StoreErrorKind::Busy);
        error.details = json!({ "cause": self.message });
        error
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        let kind = match &error {
            E::SqliteFailure(code, message) => kind_of(*code, message.as_deref()),
            // What was written was of the right type and in range.
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::Utf8Error(..) => StoreErrorKind::Corrupt,
            _ => StoreErrorKind::Other,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreErrorKind::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StoreErrorKind::ReadOnly
            }
            _ => StoreErrorKind::Io,
        };
        Self::new(kind, error.to_string())
    }
}

fn kind_of(error: ffi::Error, message: Option<&str>) -> StoreErrorKind {
    match error.extended_code {
        ffi::SQLITE_IOERR_CORRUPTFS => return StoreErrorKind::Corrupt,
        ffi::SQLITE_CONSTRAINT_UNIQUE
            if message.is_some_and(|text| text.contains("idempotency_key")) =>
        {
            return StoreErrorKind::DuplicateKey;
        }
        _ => {}
    }
    match error.code {
        SqliteCode::DiskFull => StoreErrorKind::Full,
        SqliteCode::DatabaseBusy | SqliteCode::DatabaseLocked => StoreErrorKind::Busy,
        SqliteCode::DatabaseCorrupt | SqliteCode::NotADatabase => StoreErrorKind::Corrupt,
        SqliteCode::ReadOnly | SqliteCode::PermissionDenied => StoreErrorKind::ReadOnly,
        SqliteCode::SystemIoFailure | SqliteCode::CannotOpen => StoreErrorKind::Io,
        _ => StoreErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(extended: i32, message: &str) -> StoreErrorKind {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(extended), Some(message.into()));
        StoreError::from(error).kind
    }

    #[test]
    fn every_refusal_of_sqlite_has_its_kind() {
        use StoreErrorKind as K;
        for (code, kind) in [
            (ffi::SQLITE_FULL, K::Full),
            (ffi::SQLITE_BUSY, K::Busy),
            (ffi::SQLITE_BUSY_SNAPSHOT, K::Busy),
            (ffi::SQLITE_CORRUPT, K::Corrupt),
            (ffi::SQLITE_CORRUPT_VTAB, K::Corrupt),
            (ffi::SQLITE_NOTADB, K::Corrupt),
            (ffi::SQLITE_IOERR_CORRUPTFS, K::Corrupt),
            (ffi::SQLITE_READONLY_DBMOVED, K::ReadOnly),
            (ffi::SQLITE_IOERR_FSYNC, K::Io),
            (ffi::SQLITE_CANTOPEN, K::Io),
            (ffi::SQLITE_CONSTRAINT_PRIMARYKEY, K::Other),
            (ffi::SQLITE_NOMEM, K::Other),
        ] {
            assert_eq!(failure(code, "says nothing"), kind, "{code}");
        }
    }

    #[test]
    fn only_a_key_that_is_used_twice_is_a_duplicate_key() {
        let unique = ffi::SQLITE_CONSTRAINT_UNIQUE;
        let key = "UNIQUE constraint failed: jobs.caller, jobs.caller_name, jobs.idempotency_key";
        assert_eq!(failure(unique, key), StoreErrorKind::DuplicateKey);
        let id = "UNIQUE constraint failed: jobs.id";
        assert_eq!(failure(unique, id), StoreErrorKind::Other);
    }

    #[test]
    fn only_what_may_pass_is_offered_again() {
        let retryable = |kind| StoreError::new(kind, "why").into_app_error().retryable;
        assert!(retryable(StoreErrorKind::Full));
        assert!(retryable(StoreErrorKind::Busy));
        assert!(!retryable(StoreErrorKind::Corrupt));
        let error = StoreError::new(StoreErrorKind::Io, "why").into_app_error();
        assert_eq!(error.code, ErrorCode::Storage);
        assert_eq!(error.details["cause"], "why");
    }
}
