//! What goes wrong with one file or folder, with its path.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

use toolroom_shared::ErrorCode;

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
    DanglingLink,
    Io(io::Error),
}

impl PathError {
    /// `doing` completes "could not …", as in "open".
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>, error: io::Error) -> Self {
        Self {
            doing,
            path: path.into(),
            why: Why::Io(error),
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
            Why::NotAllowed => io::ErrorKind::PermissionDenied,
            Why::DanglingLink => io::ErrorKind::NotFound,
            Why::Io(error) => error.kind(),
        }
    }

    /// Whether it is outside the folders that the job may use.
    #[must_use]
    pub fn is_not_allowed(&self) -> bool {
        matches!(self.why, Why::NotAllowed)
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
            Why::NotAllowed | Why::DanglingLink => None,
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
            Why::DanglingLink => write!(f, "{path} is a symbolic link that points to nothing."),
            Why::Io(error) if error.kind() == io::ErrorKind::AlreadyExists => write!(
                f,
                "{path} is there already and was left as it is. Choose another name or allow overwriting."
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

impl Error for PathError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.as_io().map(|error| error as _)
    }
}

impl From<PathError> for ToolError {
    fn from(error: PathError) -> Self {
        let code = match &error.why {
            Why::NotAllowed => ErrorCode::PathNotAllowed,
            Why::Io(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                ErrorCode::AlreadyExists
            }
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
