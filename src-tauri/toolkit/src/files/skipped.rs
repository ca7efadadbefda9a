//! What was left out of a job's work, and why: one of many inputs that doesn't stop the rest.

use std::{io, path::Path};

use schemars::JsonSchema;
use serde::Serialize;

use super::error::PathError;

/// Why a file or folder was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SkipReason {
    /// There is nothing of that name, or not any more.
    #[schemars(title = "Not found")]
    NotFound,
    /// Reading it is not permitted.
    #[schemars(title = "Not permitted")]
    PermissionDenied,
    /// It is outside the folders that the job may use, or leads there.
    #[schemars(title = "Out of bounds")]
    PathNotAllowed,
    /// A symbolic link inside a folder, and links are not followed.
    #[schemars(title = "Link")]
    SymbolicLink,
    /// A symbolic link that points to nothing.
    #[schemars(title = "Dangling link")]
    DanglingLink,
    /// A symbolic link that leads back to a folder that it is in, or to itself.
    #[schemars(title = "Link loop")]
    LinkLoop,
    /// Neither a file nor a folder: a socket, a pipe, a device.
    #[schemars(title = "Special file")]
    SpecialFile,
    /// A file that Toolroom is still writing, or was when it was broken off.
    #[schemars(title = "Unfinished")]
    Unfinished,
    /// It could not be read to its end.
    #[schemars(title = "Read error")]
    ReadError,
}

/// A reason in words. A tool that has reasons of its own implements it for its enum, which takes in
/// the common ones:
///
/// ```
/// use schemars::JsonSchema;
/// use serde::Serialize;
/// use toolroom_toolkit::{SkipReason, SkipSentence};
///
/// #[derive(Clone, Copy, Serialize, JsonSchema)]
/// #[serde(rename_all = "snake_case")]
/// #[schemars(inline)]
/// enum Reason {
///     /// It is locked with a password.
///     #[schemars(title = "Encrypted")]
///     Encrypted,
///     #[serde(untagged)]
///     Skip(SkipReason),
/// }
///
/// impl From<SkipReason> for Reason {
///     fn from(reason: SkipReason) -> Self {
///         Self::Skip(reason)
///     }
/// }
///
/// impl SkipSentence for Reason {
///     fn sentence(&self) -> &'static str {
///         match self {
///             Self::Encrypted => "It is locked with a password.",
///             Self::Skip(reason) => reason.sentence(),
///         }
///     }
/// }
/// ```
pub trait SkipSentence {
    /// The reason in words, as a whole sentence.
    fn sentence(&self) -> &'static str;
}

impl SkipSentence for SkipReason {
    fn sentence(&self) -> &'static str {
        match self {
            Self::NotFound => "There is nothing of that name.",
            Self::PermissionDenied => "Reading it is not permitted.",
            Self::PathNotAllowed => {
                "It is outside the folders that this job may use, or leads there."
            }
            Self::SymbolicLink => "A symbolic link, and links are not followed.",
            Self::DanglingLink => "A symbolic link that points to nothing.",
            Self::LinkLoop => "A symbolic link that leads back to itself.",
            Self::SpecialFile => "Neither a file nor a folder.",
            Self::Unfinished => {
                "A file that Toolroom is still writing, or was when it was broken off."
            }
            Self::ReadError => "Could not be read.",
        }
    }
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Skipped<R = SkipReason> {
    /// The file or folder; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// Why it was left out.
    #[schemars(title = "Reason")]
    pub reason: R,
    /// The same in words.
    #[schemars(title = "What happened")]
    pub message: String,
}

impl<R: SkipSentence> Skipped<R> {
    /// `path` was left out for a reason that says it all.
    #[must_use]
    pub fn new(path: &Path, reason: R) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            message: reason.sentence().to_owned(),
            reason,
        }
    }
}

impl<R> Skipped<R> {
    /// The same of another name.
    #[must_use]
    pub(crate) fn at(self, path: &Path) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            ..self
        }
    }

    /// The same in other words.
    #[must_use]
    pub fn saying(self, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..self
        }
    }
}

impl Skipped {
    /// `path` was left out because of `error`.
    #[must_use]
    pub fn from_io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::new(path, SkipReason::NotFound),
            io::ErrorKind::PermissionDenied => Self::new(path, SkipReason::PermissionDenied),
            _ if is_link_loop(error) => Self::new(path, SkipReason::LinkLoop),
            _ => {
                let text = error.to_string();
                Self::new(path, SkipReason::ReadError).saying(format!(
                    "Could not be read: {}.",
                    text.trim_end_matches('.')
                ))
            }
        }
    }

    /// The same among a tool's own reasons.
    #[must_use]
    pub fn with_reason<R: From<SkipReason>>(self) -> Skipped<R> {
        Skipped {
            path: self.path,
            reason: self.reason.into(),
            message: self.message,
        }
    }
}

impl From<&PathError> for Skipped {
    fn from(error: &PathError) -> Self {
        match error.as_io() {
            Some(io) => Self::from_io(error.path(), io),
            None if error.is_not_allowed() => Self::new(error.path(), SkipReason::PathNotAllowed),
            None => Self::new(error.path(), SkipReason::DanglingLink),
        }
    }
}

/// A link that points to itself, by whatever way round.
fn is_link_loop(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}
