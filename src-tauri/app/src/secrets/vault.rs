//! A place that keeps secrets by a name of its own, and what can go wrong with one.

use std::{fmt, io, path::Path};

use toolroom_shared::{AppError, ErrorCode};
use toolroom_toolkit::{SecretText, secret_store};

/// Keeps secrets by account.
pub trait Vault: Send + Sync + fmt::Debug {
    /// The secret of an account; none if there is none.
    fn get(&self, account: &str) -> Result<Option<SecretText>, Trouble>;

    /// Keeps a secret.
    fn set(&self, account: &str, secret: &SecretText) -> Result<(), Trouble>;

    /// Forgets a secret. One that isn't there is no trouble.
    fn remove(&self, account: &str) -> Result<(), Trouble>;
}

/// Why a secret can't be had or kept, in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such place here.
    Absent(String),
    /// It is there, and refused.
    Refused(String),
}

impl Trouble {
    /// A file that holds secrets, or their names, can't be used.
    pub fn with_file(doing: &str, file: &Path, error: &io::Error) -> Self {
        Self::Refused(format!(
            "Could not {doing} {}, where secrets are kept: {error}.",
            file.display()
        ))
    }

    pub fn into_app_error(self) -> AppError {
        match self {
            Self::Absent(why) => AppError::new(ErrorCode::NoKeyring, why),
            Self::Refused(why) => secret_store(why),
        }
    }
}
