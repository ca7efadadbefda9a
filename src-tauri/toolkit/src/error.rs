//! How a tool's work ends when it doesn't end well.

use std::{io, path::Path, time::Duration};

use serde::Serialize;
use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode};

/// Why there is no whole output.
#[derive(Clone, Debug, PartialEq)]
pub enum ToolError {
    /// It was asked to stop and did.
    Canceled {
        /// What was done by then.
        partial: Option<Value>,
    },
    /// It was asked to pause, has saved a checkpoint, and can go on from there.
    Paused,
    /// It could not go on.
    Failed(Box<ToolFailure>),
}

/// Why a tool's work could not go on.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolFailure {
    /// For programs and for people. Only one that is marked `retryable` is tried again.
    pub error: AppError,
    /// What was done by then.
    pub partial: Option<Value>,
    /// Who let it down, such as a service's name: which policy of retries holds.
    pub provider: Option<String>,
    /// How long the provider asked to be left alone.
    pub retry_after: Option<Duration>,
}

impl ToolError {
    /// It was asked to stop and did.
    #[must_use]
    pub const fn canceled() -> Self {
        Self::Canceled { partial: None }
    }

    /// It could not go on.
    #[must_use]
    pub fn failed(code: ErrorCode, message: impl Into<String>) -> Self {
        AppError::new(code, message).into()
    }

    /// A file or folder refused; `doing` completes "could not …", as in "read the folder".
    #[must_use]
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::failed(
            ErrorCode::Io,
            format!("Could not {doing} {}: {error}.", path.display()),
        )
    }

    /// The output can't be put into JSON: a fault in the tool.
    #[must_use]
    pub(crate) fn unwritable_output(error: &serde_json::Error) -> Self {
        Self::failed(
            ErrorCode::Internal,
            format!("The work is done, but its result could not be written down: {error}."),
        )
    }

    /// The same end, with what was done by then. A pause keeps that in its checkpoint.
    #[must_use]
    pub fn with_partial(mut self, output: &impl Serialize) -> Self {
        let kept = serde_json::to_value(output).ok();
        match &mut self {
            Self::Canceled { partial } => *partial = kept,
            Self::Failed(failure) => failure.partial = kept,
            Self::Paused => {}
        }
        self
    }

    /// The same failure, marked as one that may pass: by `provider`'s policy it is tried again.
    #[must_use]
    pub fn retryable(mut self, provider: impl Into<String>) -> Self {
        if let Self::Failed(failure) = &mut self {
            failure.error.retryable = true;
            failure.provider = Some(provider.into());
        }
        self
    }

    /// The same failure, not to be tried again before `delay` has passed.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        if let Self::Failed(failure) = &mut self {
            failure.retry_after = Some(delay);
        }
        self
    }
}

impl From<AppError> for ToolError {
    fn from(error: AppError) -> Self {
        Self::Failed(Box::new(ToolFailure {
            error,
            partial: None,
            provider: None,
            retry_after: None,
        }))
    }
}
