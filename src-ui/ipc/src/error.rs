//! How a call can fail: the command's own error kept apart from the framework's.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Rejection;

/// Why a call gave no result. `E` is the command's own error.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IpcError<E> {
    /// The command ran and refused.
    #[error("{0}")]
    Command(E),
    /// The window has no permission for this command.
    #[error("This window may not do that. {0}")]
    Denied(String),
    /// The backend could not read the command's arguments.
    #[error("The page and the app don't fit together: {0} Restart the app.")]
    BadArguments(String),
    /// The backend has no such command.
    #[error("The page and the app don't fit together: {0} Restart the app.")]
    UnknownCommand(String),
    /// The answer is not of the promised type.
    #[error("The app's answer could not be read: {0}")]
    Decode(String),
    /// The call did not reach the backend or its answer did not come back.
    #[error("The app could not be reached: {0}")]
    Transport(String),
}

impl<E: DeserializeOwned> IpcError<E> {
    /// Sorts out what a call was rejected with.
    #[must_use]
    pub fn from_rejection(rejection: Rejection) -> Self {
        let value = match rejection {
            Rejection::Answered(value) => value,
            Rejection::Unreachable(reason) => return Self::Transport(reason),
        };
        match value {
            // The framework's own refusals are bare strings; ours are never.
            Value::String(text) => Self::from_framework(text),
            other => match E::deserialize(&other) {
                Ok(error) => Self::Command(error),
                Err(why) => Self::Decode(format!("an error of unknown shape ({why})")),
            },
        }
    }

    fn from_framework(text: String) -> Self {
        if text.contains("not allowed") {
            Self::Denied(text)
        } else if text.starts_with("invalid args") {
            Self::BadArguments(text)
        } else if text.starts_with("Command ") && text.ends_with("not found") {
            Self::UnknownCommand(text)
        } else {
            Self::Transport(text)
        }
    }
}

/// An event's payload is not of the promised type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The event {event} could not be read: {reason}")]
pub struct DecodeError {
    /// The event's name.
    pub event: &'static str,
    /// What did not fit.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use toolroom_shared::{AppError, ErrorCode};

    fn sorted(value: Value) -> IpcError<AppError> {
        IpcError::from_rejection(Rejection::Answered(value))
    }

    #[test]
    fn a_commands_own_error_arrives_whole() {
        let error = AppError::new(ErrorCode::UnknownTool, "No tool is called x.");
        assert_eq!(
            sorted(serde_json::to_value(&error).unwrap()),
            IpcError::Command(error)
        );
    }

    #[test]
    fn the_frameworks_refusals_are_told_apart() {
        assert!(matches!(
            sorted(json!(
                "get_job not allowed. Permissions associated with this command: …"
            )),
            IpcError::Denied(_)
        ));
        assert!(matches!(
            sorted(json!("invalid args `jobId` for command `get_job`: missing")),
            IpcError::BadArguments(_)
        ));
        assert!(matches!(
            sorted(json!("Command get_jab not found")),
            IpcError::UnknownCommand(_)
        ));
    }

    #[test]
    fn an_error_of_another_shape_is_a_decode_error_and_not_a_default() {
        assert!(matches!(sorted(json!({"oops": 1})), IpcError::Decode(_)));
    }
}
