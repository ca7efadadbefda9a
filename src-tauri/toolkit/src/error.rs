//! How a tool's work ends when it doesn't end well.

use std::{io, path::Path};

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
    /// It could not go on.
    Failed {
        /// Why, for programs and for people.
        error: Box<AppError>,
        /// What was done by then.
        partial: Option<Value>,
    },
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

    /// The same end, with what was done by then.
    #[must_use]
    pub fn with_partial(mut self, output: &impl Serialize) -> Self {
        let kept = serde_json::to_value(output).ok();
        match &mut self {
            Self::Canceled { partial } | Self::Failed { partial, .. } => *partial = kept,
        }
        self
    }
}

impl From<AppError> for ToolError {
    fn from(error: AppError) -> Self {
        Self::Failed {
            error: Box::new(error),
            partial: None,
        }
    }
}
