//! What goes wrong with one file or folder, with its path.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

use toolroom_shared::ErrorCode;

use super::spot::{Refusal, Use};
use crate::ToolError;

/// What goes wrong with one file or folder. `?` makes a [`ToolError`] of it; for one of many inputs
/// [`Skipped`](crate::Skipped) says the same in the output.
#[derive(Debug)]
pub struct PathError {
    /// Completes "could not …".
    doing: &'static str,
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    NotAllowed,
    Undeclared(Use),
    DanglingLink,
    Io(io::Error),
}

impl PathError {
    /// `doing` completes "could not …", as in "open".
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>, error: io::Error) -> Self {
        let refusal = error
            .get_ref()
            .and_then(|inside| inside.downcast_ref::<Refusal>());
        let why = match refusal {
            Some(Refusal::Undeclared(wanted)) => Why::Undeclared(*wanted),
            Some(Refusal::Outside) => Why::NotAllowed,
            None => Why::Io(error),
        };
        Self {
            doing,
            path: path.into(),
            why,
        }
    }

    /// It is outside the roots.
    pub(crate) fn not_allowed(path: impl Into<PathBuf>) -> Self {
        Self {
            doing: "use",
            path: path.into(),
            why: Why::NotAllowed,
        }
    }

    /// It is a link that points to nothing.
    pub(crate) fn dangling(path: impl Into<PathBuf>) -> Self {
        Self {
            doing: "open",
            path: path.into(),
            why: Why::DanglingLink,
        }
    }

    /// The file or folder, as people know it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        match &self.why {
            Why::NotAllowed | Why::Undeclared(_) => io::ErrorKind::PermissionDenied,
            Why::DanglingLink => io::ErrorKind::NotFound,
            Why::Io(error) => error.kind(),
        }
    }

    /// Whether it is outside the folders that the job may use, or of a use that its tool doesn't
    /// declare.
    #[must_use]
    pub fn is_not_allowed(&self) -> bool {
        matches!(self.why, Why::NotAllowed | Why::Undeclared(_))
    }

    /// Whether it is a link that points to nothing.
    #[must_use]
    pub fn is_dangling_link(&self) -> bool {
        matches!(self.why, Why::DanglingLink)
    }

    /// What the system said, if it was the system that refused.
    #[must_use]
    pub fn as_io(&self) -> Option<&io::Error> {
        match &self.why {
            Why::Io(error) => Some(error),
            Why::NotAllowed | Why::Undeclared(_) | Why::DanglingLink => None,
        }
    }

    /// The same, of the file or folder as somebody else knows it.
    #[must_use]
    pub(crate) fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = path.into();
        self
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.why {
            Why::NotAllowed => write!(
                f,
                "{path} is outside the folders that this job may use, or leads there. Choose one inside them."
            ),
            Why::Undeclared(Use::Read) => write!(
                f,
                "{path} was not read: the tool doesn't declare that it reads files."
            ),
            Why::Undeclared(Use::Write) => write!(
                f,
                "{path} was left as it is: the tool doesn't declare that it writes files."
            ),
            Why::DanglingLink => write!(f, "{path} is a symbolic link that points to nothing."),
            Why::Io(error) if error.kind() == io::ErrorKind::AlreadyExists => write!(
                f,
                "{path} is there already and was left as it is. Choose another name or allow overwriting."
            ),
            Why::Io(error) if is_too_many(error) => write!(
                f,
                "Could not {} {path}: too many files are open at once. Let fewer jobs run at the same time, or give this one fewer files.",
                self.doing
            ),
            Why::Io(error) => {
                let text = error.to_string();
                write!(
                    f,
                    "Could not {} {path}: {}.",
                    self.doing,
                    text.trim_end_matches('.')
                )
            }
        }
    }
}

/// Whether the process, or the machine, has no room for another open file.
#[cfg(unix)]
fn is_too_many(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let code = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(code, Some(Errno::MFILE | Errno::NFILE))
}

/// The same where the system has a number of its own for it (`ERROR_TOO_MANY_OPEN_FILES`).
#[cfg(not(unix))]
fn is_too_many(error: &io::Error) -> bool {
    error.raw_os_error() == Some(4)
}

impl Error for PathError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.as_io().map(|error| error as _)
    }
}

impl From<PathError> for ToolError {
    fn from(error: PathError) -> Self {
        let code = match &error.why {
            Why::NotAllowed => ErrorCode::PathNotAllowed,
            Why::Undeclared(_) => ErrorCode::PermissionDenied,
            Why::Io(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                ErrorCode::AlreadyExists
            }
            Why::Io(error) if is_too_many(error) => ErrorCode::TooManyFiles,
            Why::DanglingLink | Why::Io(_) => ErrorCode::Io,
        };
        Self::failed(code, error.to_string())
    }
}

impl From<PathError> for io::Error {
    fn from(error: PathError) -> Self {
        Self::new(error.kind(), error)
    }
}
