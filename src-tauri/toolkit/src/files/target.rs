//! Where a file is to be written that an input names, found out before the work begins.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Component, Path, PathBuf},
};

use super::{
    error::PathError, folder::Folder, metadata::FileKind, new_file::NewFile, overwrite::Overwrite,
    resolve::resolve, roots::Roots, spot::Use, sys,
};
use crate::walk::Entry;

/// Where a file is to be written: an open folder and a name in it. Nothing is written yet.
#[derive(Clone, Debug)]
pub struct Target {
    path: PathBuf,
    folder: Folder,
    name: OsString,
    overwrite: Overwrite,
}

impl Target {
    pub(crate) fn resolve(
        roots: &Roots,
        path: &Path,
        overwrite: Overwrite,
    ) -> Result<Self, PathError> {
        let Some((parent, name)) = divided(path) else {
            return Err(PathError::io(
                "write",
                path,
                io::ErrorKind::IsADirectory.into(),
            ));
        };
        let folder = resolve(roots, Use::Write, parent)
            .and_then(|place| place.open_folder())
            // What the folder lacks is said of the folder; that it is out of bounds, of what was given.
            .map_err(|error| match error.is_not_allowed() {
                true => error.at(path),
                false => error,
            })?;
        let target = Self {
            path: path.to_owned(),
            folder,
            name: name.to_owned(),
            overwrite,
        };
        target.check()?;
        Ok(target)
    }

    /// In a folder that is open already.
    pub(crate) fn in_folder(
        folder: &Folder,
        relative: &Path,
        overwrite: Overwrite,
    ) -> Result<Self, PathError> {
        let (parent, name) = folder.parent_of(relative)?;
        Ok(Self {
            path: folder.path().join(relative),
            folder: parent,
            name,
            overwrite,
        })
    }

    /// Better heard before an hour of work than after.
    fn check(&self) -> Result<(), PathError> {
        let failed = |error| PathError::io("write", &self.path, error);
        match self.folder.metadata(&self.name) {
            Ok(told) => match (told.kind, self.overwrite) {
                (_, Overwrite::Refuse) => return Err(failed(io::ErrorKind::AlreadyExists.into())),
                (FileKind::Folder, Overwrite::Replace) => {
                    return Err(failed(io::ErrorKind::IsADirectory.into()));
                }
                _ => {}
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.at(&self.path)),
        }
        sys::check_writable(&self.folder.held().dir).map_err(failed)
    }

    /// The path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path with the links and `..` in its folder seen through.
    #[must_use]
    pub fn resolved(&self) -> PathBuf {
        self.folder.resolved().join(&self.name)
    }

    /// The folder that it will be in.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The name that it will have there, unless both are kept.
    #[must_use]
    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// Whether this is what a walk has come across: a tool leaves out what it writes itself.
    #[must_use]
    pub fn is(&self, entry: &Entry) -> bool {
        let place = entry.place();
        place.name() == self.name && place.resolved() == self.resolved()
    }

    /// Begins to write it.
    ///
    /// # Errors
    /// If the folder refuses.
    pub fn create(&self) -> Result<NewFile, PathError> {
        NewFile::beside(self.folder.clone(), &self.name, self.overwrite)
    }

    pub(crate) fn resume(&self) -> Result<NewFile, PathError> {
        NewFile::resumed(self.folder.clone(), &self.name, self.overwrite)
    }
}

/// A folder and a name in it; nothing if the path says itself that it is a folder.
fn divided(path: &Path) -> Option<(&Path, &OsStr)> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let is_folder = bytes
        .last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)))
        || bytes.ends_with(b"/.");
    match path.components().next_back() {
        Some(Component::Normal(name)) if !is_folder => Some((path.parent()?, name)),
        _ => None,
    }
}
