//! Where entries go: folders are opened, and made where they are missing; and what is said where one can't
//! go.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
};

use toolroom_toolkit::{FileKind, Folder, PathError, ToolError};

use super::{
    names::way,
    report::{Reason, Stop},
    unpacker::{IfThere, Item, Unpacker},
};

impl Unpacker {
    /// Why nothing can be written where something is.
    pub(super) fn reason_against(&self, there: Option<FileKind>) -> Option<Reason> {
        match (there?, self.if_there) {
            (_, IfThere::Skip) => Some(Reason::AlreadyThere),
            (FileKind::Folder | FileKind::Special, IfThere::Replace) => Some(Reason::InTheWay),
            _ => None,
        }
    }

    /// Where an entry goes: the open folder, made if need be, and the name in it.
    pub(super) fn spot(
        &mut self,
        item: &Item<'_>,
    ) -> Result<Option<(PathBuf, Folder, OsString)>, Stop> {
        let Some(way) = self.way(item) else {
            return Ok(None);
        };
        let Some(name) = way.file_name().map(OsStr::to_owned) else {
            self.skip(item, Reason::BadName);
            return Ok(None);
        };
        let parent = way.parent().unwrap_or(Path::new("")).to_owned();
        match self.enter(&parent) {
            Ok(folder) => Ok(Some((way, folder, name))),
            Err(error) => self.refused(item, &error).map(|()| None),
        }
    }

    pub(super) fn way(&mut self, item: &Item<'_>) -> Option<PathBuf> {
        match way(item.name, item.dividers) {
            Ok(way) => Some(way),
            Err(reason) => {
                self.skip(item, reason);
                None
            }
        }
    }

    /// Opens a folder below, made if it isn't there.
    pub(super) fn enter(&mut self, way: &Path) -> Result<Folder, PathError> {
        if way.as_os_str().is_empty() {
            return Ok(self.folder.clone());
        }
        if let Some((here, folder)) = &self.here
            && here == way
        {
            return Ok(folder.clone());
        }
        let folder = match self.folder.open_folder(way) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make(way)?,
            other => other?,
        };
        self.here = Some((way.to_owned(), folder.clone()));
        Ok(folder)
    }

    fn make(&mut self, way: &Path) -> Result<Folder, PathError> {
        let mut folder = self.folder.clone();
        let mut so_far = PathBuf::new();
        for name in way {
            so_far.push(name);
            let is_new = matches!(folder.metadata(name), Err(error) if error.kind() == io::ErrorKind::NotFound);
            folder = folder.create_dir_all(name)?;
            if is_new {
                self.made.insert(so_far.clone());
            }
        }
        Ok(folder)
    }

    /// One entry that can't be written is left out; a disk that takes none ends it all.
    pub(super) fn refused(&mut self, item: &Item<'_>, error: &PathError) -> Result<(), Stop> {
        let ends_all = matches!(
            error.kind(),
            io::ErrorKind::StorageFull
                | io::ErrorKind::QuotaExceeded
                | io::ErrorKind::ReadOnlyFilesystem
        );
        let is_own_folder = error.kind() == io::ErrorKind::PermissionDenied
            && error.path().parent() == Some(self.folder.path())
            && !error.is_not_allowed();
        if ends_all || is_own_folder {
            return Err(Stop::Failed(ToolError::failed(
                toolroom_toolkit::ErrorCode::Io,
                error.to_string(),
            )));
        }
        let in_the_way = matches!(
            error.kind(),
            io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
        ) || error.to_string().contains("symbolic link");
        match error.kind() {
            io::ErrorKind::AlreadyExists => self.skip(item, Reason::AlreadyThere),
            _ if in_the_way => self.skip(item, Reason::InTheWay),
            _ => self.skip_saying(item, Reason::NotWritten, &error.to_string()),
        }
        Ok(())
    }
}
