//! An entry at the moment when it is found: nearer than it will ever be again.

use std::fs::File;

use super::Entry;
use crate::{FileMetadata, PathError, files::open_regular_in};

/// An entry, while the folder that it was found in is open. Who opens it now saves the way there.
#[derive(Debug)]
pub struct AtHand<'f> {
    entry: Entry,
    /// None for a path that was itself named, and for what a link leads to.
    folder: Option<&'f File>,
}

impl<'f> AtHand<'f> {
    pub(super) fn new(entry: Entry, folder: Option<&'f File>) -> Self {
        let folder = folder.filter(|_| !entry.is_followed());
        Self { entry, folder }
    }

    /// The entry.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The entry alone, to be kept.
    #[must_use]
    pub fn into_entry(self) -> Entry {
        self.entry
    }

    /// Opens it to be read, and tells what is known of it once it is open. It must be a regular file
    /// still.
    ///
    /// # Errors
    /// If it can't be opened or is anything else by now.
    pub fn open(&self) -> Result<(File, FileMetadata), PathError> {
        let opened = match self.folder {
            Some(folder) => open_regular_in(folder, self.entry.name()),
            None => self.entry.spot().open_known(),
        };
        opened.map_err(|error| PathError::io("open", self.entry.path(), error))
    }
}

impl From<Entry> for AtHand<'_> {
    /// The same with the whole way to go.
    fn from(entry: Entry) -> Self {
        Self::new(entry, None)
    }
}
