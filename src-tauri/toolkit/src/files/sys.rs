//! The few questions to the system that must not follow a link. All take an open folder and a way of
//! plain names below it.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use other::*;
#[cfg(unix)]
pub(crate) use unix::*;

/// What something is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A file, to be read. Doesn't wait for the other end of a pipe.
    File,
    /// A folder, to reach what is in it, for which the right to enter it is enough.
    Folder,
    /// A folder, to read its names.
    FolderToList,
}
