//! How a call can fail: the command's own error kept apart from the framework's.

use std::fmt;

use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};

use crate::{Body, Rejection};

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

impl<E> IpcError<E> {
    /// Whether the command was run, as far as can be known.
    #[must_use]
    pub const fn has_run(&self) -> bool {
        matches!(self, Self::Command(_) | Self::Decode(_))
    }
}

impl<E: DeserializeOwned + 'static> IpcError<E> {
    /// Sorts out what a call of `command` was rejected with.
    #[must_use]
    pub fn from_rejection(command: &str, rejection: Rejection) -> Self {
        let body = match rejection {
            Rejection::Refused(body) => body,
            Rejection::Unreadable(reason) => return Self::Decode(sentence(command, reason)),
            Rejection::Unreachable(reason) => return Self::Transport(reason),
        };
        if let Body::Raw(_) = body {
            return Self::Decode(sentence(command, "an error of raw bytes"));
        }
        // The framework's own refusals are bare strings; a command's seldom are.
        let Some(text) = bare_string(&body) else {
            return match body.decode() {
                Ok(error) => Self::Command(error),
                Err(why) => {
                    let why = format!("an error of unknown shape ({why})");
                    Self::Decode(sentence(command, why))
                }
            };
        };
        match (Refusal::of(command, &text), body.decode()) {
            (Some(Refusal::Denied), _) => Self::Denied(text),
            (Some(Refusal::BadArguments), _) => Self::BadArguments(text),
            (Some(Refusal::UnknownCommand), _) => Self::UnknownCommand(text),
            (None, Ok(error)) => Self::Command(error),
            (None, Err(_)) => Self::Transport(text),
        }
    }
}

/// What went wrong with a call of `command`.
pub fn sentence(command: &str, why: impl fmt::Display) -> String {
    let mut text = format!("{command}: {why}");
    // JavaScript's own reasons are sentences already.
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

fn bare_string(body: &Body) -> Option<String> {
    match body {
        Body::Text(text) => Some(text.clone()),
        Body::Json(json) => serde_json::from_str(json).ok(),
        Body::Fields(_) | Body::Raw(_) => None,
    }
}

/// What the framework refuses by itself.
enum Refusal {
    Denied,
    BadArguments,
    UnknownCommand,
}

impl Refusal {
    /// Which one `text` is, as the answer to `command`. The texts are the framework's, in its
    /// release and its debug builds, and name the command, so that they aren't taken for a
    /// command's own.
    fn of(command: &str, text: &str) -> Option<Self> {
        let plugin = command.strip_prefix("plugin:");
        let (name, named) = match plugin.and_then(|rest| rest.split_once('|')) {
            Some((plugin, name)) => (name, format!("{plugin}.{name}")),
            None => (command, command.to_owned()),
        };
        let is_denied = text.strip_prefix(named.as_str()).is_some_and(|rest| {
            rest.starts_with(" not allowed") || rest.starts_with(" explicitly denied")
        }) || text == format!("Command {command} not allowed by ACL");
        if is_denied {
            Some(Self::Denied)
        } else if text.starts_with("invalid args `") && text.contains("` for command `") {
            Some(Self::BadArguments)
        } else if text == format!("Command {name} not found") {
            Some(Self::UnknownCommand)
        } else {
            None
        }
    }
}

/// The error of what has none of its own: a command that can't fail, a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("no error was promised"))
    }
}

/// The backend could not be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The app could not be reached: {reason}")]
pub struct TransportError {
    /// The reason in words.
    pub reason: String,
}

impl<E> From<TransportError> for IpcError<E> {
    fn from(error: TransportError) -> Self {
        Self::Transport(error.reason)
    }
}

/// An event or a channel's message is not of the promised type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} could not be read: {reason}")]
pub struct DecodeError {
    /// What it was, as the beginning of a sentence.
    pub what: String,
    /// What did not fit.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Own {
        code: u32,
    }

    fn refused<E: DeserializeOwned + 'static>(command: &str, with: Value) -> IpcError<E> {
        let json = Body::json(&with).unwrap();
        IpcError::from_rejection(command, Rejection::Refused(json))
    }

    #[test]
    fn a_commands_own_error_arrives_whole() {
        let error: IpcError<Own> = refused("get_job", json!({"code": 7}));
        assert_eq!(error, IpcError::Command(Own { code: 7 }));
    }

    #[test]
    fn the_frameworks_refusals_are_told_apart_in_debug_and_in_release() {
        for denied in [
            "get_job not allowed. Permissions associated with this command: …",
            "get_job not allowed on window \"main\", webview \"main\", URL: local",
            "get_job explicitly denied on origin local",
            "Command get_job not allowed by ACL",
        ] {
            let error = refused::<Own>("get_job", json!(denied));
            assert_eq!(error, IpcError::Denied(denied.into()));
        }
        let text = "event.listen not allowed. Plugin not found";
        let error = refused::<Never>("plugin:event|listen", json!(text));
        assert_eq!(error, IpcError::Denied(text.into()));
        let text = "invalid args `jobId` for command `get_job`: missing";
        let error = refused::<Own>("get_job", json!(text));
        assert_eq!(error, IpcError::BadArguments(text.into()));
        let text = "Command get_job not found";
        let error = refused::<Own>("get_job", json!(text));
        assert_eq!(error, IpcError::UnknownCommand(text.into()));
    }

    #[test]
    fn a_command_whose_error_is_a_string_keeps_it_whatever_it_says() {
        let text = "Reading /etc is not allowed";
        let error = refused::<String>("read", json!(text));
        assert_eq!(error, IpcError::Command(text.into()));
        let error = refused::<String>("read", json!("read not allowed. …"));
        assert_eq!(error, IpcError::Denied("read not allowed. …".into()));
    }

    #[test]
    fn a_string_is_the_same_refusal_by_itself_and_as_json() {
        for text in ["Command read not found", "x", "read not allowed. …"] {
            let by_itself = Rejection::Refused(Body::Text(text.into()));
            assert_eq!(
                IpcError::<String>::from_rejection("read", by_itself),
                refused("read", json!(text))
            );
        }
    }

    #[test]
    fn a_string_that_nobody_knows_is_the_frameworks_and_no_error_of_the_commands() {
        let text = "state not managed";
        let error = refused::<Own>("get_job", json!(text));
        assert_eq!(error, IpcError::Transport(text.into()));
        let error = refused::<Never>("get_job", json!(text));
        assert_eq!(error, IpcError::Transport(text.into()));
    }

    #[test]
    fn an_error_of_another_shape_is_a_decode_error_and_not_a_default() {
        let error = refused::<Own>("get_job", json!({"oops": 1}));
        assert!(matches!(error, IpcError::Decode(_)), "{error:?}");
        let error = refused::<Never>("list_tools", json!({"code": 1}));
        assert!(matches!(error, IpcError::Decode(_)), "{error:?}");
        let raw = Rejection::Refused(Body::Raw(vec![1]));
        let error = IpcError::<Own>::from_rejection("get_job", raw);
        assert!(matches!(error, IpcError::Decode(_)), "{error:?}");
    }
}
