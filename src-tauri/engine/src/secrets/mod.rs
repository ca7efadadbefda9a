//! Secrets as the engine holds them: where they are kept by name, who may change that, and what a job in
//! memory has beside the input that is kept of it.
//!
//! How a tool gets one, and how it is taken out of what a job says, is the toolkit's business; how the
//! system keeps them, the composition root's.

mod api;
mod given;
mod input;

use toolroom_shared::{AppError, SecretName};
use toolroom_toolkit::{SecretSource, SecretText};

pub use api::{LocalSecrets, SecretApi};
pub(crate) use given::GivenSecrets;
pub(crate) use input::{gone_problems, unsaid};

/// Keeps secrets by name. Every call may block, for as long as a person is asked.
pub trait SecretStore: SecretSource {
    /// Keeps a secret under a name, in the place of one that has it already.
    ///
    /// # Errors
    /// `secret_store`.
    fn set(&self, name: &SecretName, secret: &SecretText) -> Result<(), AppError>;

    /// Forgets a secret. Whether there was one.
    ///
    /// # Errors
    /// `secret_store`.
    fn remove(&self, name: &SecretName) -> Result<bool, AppError>;

    /// The names of all, in order.
    ///
    /// # Errors
    /// `secret_store`.
    fn names(&self) -> Result<Vec<SecretName>, AppError>;
}
