//! A file or folder that was named, resolved and allowed.

use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
};

use super::{error::PathError, folder::Folder, metadata::FileMetadata, spot::Spot};

/// A file or folder that was named, resolved and allowed. It holds nothing open of its own, so that
/// any number may be kept; each access goes the way from an open folder that allows it, and follows
/// no link. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
    spot: Spot,
}

impl Place {
    pub(crate) fn new(path: impl Into<PathBuf>, spot: Spot) -> Self {
        Self {
            path: path.into(),
            spot,
        }
    }

    pub(crate) fn spot(&self) -> &Spot {
        &self.spot
    }

    /// The path as it was given: for people.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path with links and `..` seen through: what two names of one place have in common.
    #[must_use]
    pub fn resolved(&self) -> PathBuf {
        self.spot.resolved()
    }

    /// Its name in its folder, links seen through; empty for the top of a file system.
    #[must_use]
    pub fn name(&self) -> &OsStr {
        self.spot.name()
    }

    /// What is known of it now.
    ///
    /// # Errors
    /// If it is gone or can't be reached.
    pub fn metadata(&self) -> Result<FileMetadata, PathError> {
        self.spot
            .metadata()
            .map_err(|error| PathError::io("look at", &self.path, error))
    }

    /// Opens it to be read. It must be a regular file: a pipe or a device is refused, and not waited
    /// for.
    ///
    /// # Errors
    /// If it can't be opened or is anything else.
    pub fn open(&self) -> Result<File, PathError> {
        self.spot
            .open()
            .map_err(|error| PathError::io("open", &self.path, error))
    }

    /// Opens it as a folder.
    ///
    /// # Errors
    /// If it can't be opened or isn't one.
    pub fn open_folder(&self) -> Result<Folder, PathError> {
        let held = self
            .spot
            .hold()
            .map_err(|error| PathError::io("open the folder", &self.path, error))?;
        Ok(Folder::new(held, &self.path))
    }

    /// Opens the folder that it is in, where it goes by [`name`](Self::name).
    ///
    /// # Errors
    /// If that can't be opened, or is outside the roots because this is one of them.
    pub fn parent(&self) -> Result<Folder, PathError> {
        let Some(way) = self.spot.way.parent() else {
            return Err(PathError::not_allowed(&self.path));
        };
        let spot = Spot::new(self.spot.base.clone(), way.to_owned());
        let shown = spot.resolved();
        let held = spot
            .hold()
            .map_err(|error| PathError::io("open the folder", &shown, error))?;
        Ok(Folder::new(held, &shown))
    }
}
