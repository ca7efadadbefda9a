//! An open folder, and what can be asked of what is in it. Writing is told in `folder_write`.

use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use cap_std::fs::Dir;

use super::{
    error::PathError,
    metadata::{FileKind, FileMetadata},
    names::is_own,
    place::Place,
    spot::{Held, Spot, Use, is_plain, tidied},
    sys,
};

/// An open folder. Everything below it is named by plain relative paths: one that is whole or holds
/// `..` is refused, and no link on the way is followed. It stays the same folder whatever becomes of
/// its name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Folder {
    held: Arc<Held>,
    path: Arc<Path>,
}

impl Folder {
    pub(crate) fn new(held: Arc<Held>, path: &Path) -> Self {
        Self {
            held,
            path: path.into(),
        }
    }

    pub(crate) fn shown_as(self, path: &Path) -> Self {
        Self {
            path: path.into(),
            ..self
        }
    }

    pub(crate) fn held(&self) -> &Arc<Held> {
        &self.held
    }

    /// Its path, as people know it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its path when it was opened, with links and `..` seen through.
    #[must_use]
    pub fn resolved(&self) -> &Path {
        &self.held.path
    }

    /// The handle itself, for what can't be done here. Beware that its own methods follow links
    /// which stay in the folder.
    ///
    /// # Errors
    /// If the job may not write in the folder.
    pub fn dir_to_change(&self) -> Result<&Dir, PathError> {
        self.check_write("write in", Path::new(""))?;
        Ok(&self.held.dir)
    }

    pub(crate) fn dir(&self) -> &Dir {
        &self.held.dir
    }

    /// Whether something in it may be written.
    pub(crate) fn check_write(
        &self,
        doing: &'static str,
        relative: &Path,
    ) -> Result<(), PathError> {
        self.held
            .check(Use::Write, relative)
            .map_err(|error| PathError::io(doing, self.path.join(relative), error))
    }

    /// Something in it, which need not be there.
    ///
    /// # Errors
    /// If the path isn't a plain relative one.
    pub fn place(&self, relative: impl AsRef<Path>) -> Result<Place, PathError> {
        let relative = relative.as_ref();
        if !is_plain(relative) {
            return Err(PathError::not_allowed(self.path.join(relative)));
        }
        let way = tidied(relative);
        let shown = if way.as_os_str().is_empty() {
            self.path.to_path_buf()
        } else {
            self.path.join(&way)
        };
        Ok(Place::new(shown, Spot::new(self.held.clone(), way)))
    }

    /// What is known of something in it; of a link, the link's own.
    ///
    /// # Errors
    /// If it isn't there or can't be reached.
    pub fn metadata(&self, relative: impl AsRef<Path>) -> Result<FileMetadata, PathError> {
        self.place(relative)?.metadata()
    }

    /// Opens a regular file in it to be read.
    ///
    /// # Errors
    /// If it can't be opened or is anything else, such as a link.
    pub fn open(&self, relative: impl AsRef<Path>) -> Result<File, PathError> {
        self.place(relative)?.open()
    }

    /// Opens a file right in it that Toolroom keeps for itself, named `.toolroom-…`: also where the
    /// job may write and not read.
    ///
    /// # Errors
    /// If it can't be opened, is anything else, or has another name.
    pub fn open_own(&self, name: impl AsRef<Path>) -> Result<File, PathError> {
        let place = self.place(name.as_ref())?;
        let way = &place.spot().way;
        if !is_own(way.as_os_str()) || way.components().count() != 1 {
            return Err(PathError::not_allowed(place.path()));
        }
        self.check_write("open", way)?;
        place
            .spot()
            .open_unchecked()
            .map_err(|error| PathError::io("open", place.path(), error))
    }

    /// Opens a folder in it.
    ///
    /// # Errors
    /// If it can't be opened or is anything else, such as a link.
    pub fn open_folder(&self, relative: impl AsRef<Path>) -> Result<Self, PathError> {
        self.place(relative)?.open_folder()
    }

    /// The names in it and what they are, in the order of the names. For whole trees there is
    /// [`Walk`](crate::walk::Walk).
    ///
    /// # Errors
    /// If it can't be read.
    pub fn entries(&self) -> Result<Vec<(OsString, FileKind)>, PathError> {
        let failed = |error| PathError::io("read the folder", &*self.path, error);
        let spot = Spot::new(self.held.clone(), PathBuf::new());
        let open = spot.open_to_list().map_err(failed)?;
        let mut names = Vec::new();
        sys::each_name(&open, |name, kind| names.push((name.to_owned(), kind))).map_err(failed)?;
        let mut entries: Vec<_> = names
            .into_iter()
            .filter_map(|(name, kind)| {
                // What has vanished meanwhile isn't there.
                let kind = kind.or_else(|| Some(sys::metadata_at(&open, &name).ok()?.kind))?;
                Some((name, kind))
            })
            .collect();
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(entries)
    }

    /// What a link in it says, whether or not anything is there.
    ///
    /// # Errors
    /// If it isn't a link.
    pub fn read_link(&self, relative: impl AsRef<Path>) -> Result<PathBuf, PathError> {
        let place = self.place(relative)?;
        place
            .spot()
            .read_link()
            .map_err(|error| PathError::io("read the link", place.path(), error))
    }
}
