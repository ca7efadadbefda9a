//! What is known of a file without opening it.

use std::{fs::File, io, time::SystemTime};

/// What kind of thing has a name in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// Anything else: a socket, a pipe, a device.
    Special,
}

/// Which file it is, whatever it is called: equal for the hard links of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId {
    /// The volume that it is on.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
}

/// What is known of a file without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMetadata {
    /// What it is.
    pub kind: FileKind,
    /// Its length in bytes; of a link, that of its text.
    pub bytes: u64,
    /// When its content was last changed, where the file system keeps that.
    pub modified: Option<SystemTime>,
    /// Its permission bits, on Unix.
    pub mode: Option<u32>,
    /// Which file it is, where the system tells.
    pub id: Option<FileId>,
    /// How many names it has.
    pub links: u64,
}

impl FileMetadata {
    /// Of an open file.
    ///
    /// # Errors
    /// What the system says.
    pub fn of(file: &File) -> io::Result<Self> {
        super::sys::metadata_of(file)
    }

    /// Whether it is a regular file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.kind == FileKind::File
    }

    /// Whether it is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.kind == FileKind::Folder
    }
}
