//! Secrets as the engine holds them: where they are kept by name, who may change that, and what a job in
//! memory has beside the input that is kept of it.
//!
//! How a tool gets one, and how it is taken out of what a job says, is the toolkit's business; how the
//! system keeps them, the composition root's.

mod api;
mod given;
mod input;

use toolroom_shared::{AppError, KeptSecret, SecretName};
use toolroom_toolkit::{SecretSource, SecretText};

pub use api::{LocalSecrets, SecretApi};
pub(crate) use given::GivenSecrets;
pub(crate) use input::{gone_problems, unsaid};

/// Keeps secrets by name. Every call may block, for as long as a person is asked.
pub trait SecretStore: SecretSource {
    /// Keeps a secret under a name, in the place of one that has it already. With `allow_file` the person
    /// agrees to a file where there is no keyring, which is remembered once it is made use of.
    ///
    /// # Errors
    /// `no_keyring`, where there is none and nobody has agreed to a file; `secret_store`.
    fn set(&self, name: &SecretName, secret: &SecretText, allow_file: bool)
    -> Result<(), AppError>;

    /// Forgets a secret. Whether there was one.
    ///
    /// # Errors
    /// `secret_store`.
    fn remove(&self, name: &SecretName) -> Result<bool, AppError>;

    /// All, in the order of their names, and where each is kept.
    ///
    /// # Errors
    /// `secret_store`.
    fn list(&self) -> Result<Vec<KeptSecret>, AppError>;
}
