//! What can be changed in an open folder.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::Path,
    time::SystemTime,
};

use cap_fs_ext::DirExt;

use super::{
    error::PathError,
    folder::Folder,
    names::partial_name,
    new_file::NewFile,
    overwrite::{Overwrite, rename_if_free, replace},
    sys::{self, Want},
    target::Target,
};

impl Folder {
    /// A file to write in it. The folders on the way must be there.
    ///
    /// # Errors
    /// If it can't be made. That the name is taken is found out when it is finished.
    pub fn create(
        &self,
        relative: impl AsRef<Path>,
        overwrite: Overwrite,
    ) -> Result<NewFile, PathError> {
        Target::in_folder(self, relative.as_ref(), overwrite)?.create()
    }

    /// A file to write in it that isn't removed when it is dropped, but waits as `name.partial` and
    /// is gone on with at its end the next time. How much there is says [`NewFile::len`].
    ///
    /// # Errors
    /// If it can't be made or opened.
    pub fn resume(
        &self,
        relative: impl AsRef<Path>,
        overwrite: Overwrite,
    ) -> Result<NewFile, PathError> {
        Target::in_folder(self, relative.as_ref(), overwrite)?.resume()
    }

    /// A folder in it, made with all on the way if it isn't there. A link on the way is an error, even
    /// one to a folder.
    ///
    /// # Errors
    /// If it can't be made, or something else has one of the names.
    pub fn create_dir_all(&self, relative: impl AsRef<Path>) -> Result<Self, PathError> {
        let place = self.place(relative)?;
        // Mostly it is there.
        match place.open_folder() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        self.check_write("make the folder", &place.spot().way)?;
        let mut here = self.clone();
        for name in &place.spot().way {
            let next = here.place(name)?;
            match here.dir().create_dir(name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(PathError::io("make the folder", next.path(), error)),
                Ok(()) => {}
            }
            here = next.open_folder()?;
        }
        Ok(here)
    }

    /// Removes a file or a link in it.
    ///
    /// # Errors
    /// If it isn't there, is a folder, or the system refuses.
    pub fn remove_file(&self, relative: impl AsRef<Path>) -> Result<(), PathError> {
        self.with_parent("remove", relative.as_ref(), |parent, name| {
            parent.dir().remove_file_or_symlink(name)
        })
    }

    /// Removes a folder in it, which must be empty.
    ///
    /// # Errors
    /// If it isn't there, isn't empty, or the system refuses.
    pub fn remove_dir(&self, relative: impl AsRef<Path>) -> Result<(), PathError> {
        self.with_parent("remove the folder", relative.as_ref(), |parent, name| {
            parent.dir().remove_dir(name)
        })
    }

    /// Renames something in it to `new` in `to`, which is on the same volume.
    ///
    /// # Errors
    /// If the system refuses, or the name is taken and isn't to be replaced. Both can't be kept.
    pub fn rename(
        &self,
        relative: impl AsRef<Path>,
        to: &Self,
        new: impl AsRef<Path>,
        overwrite: Overwrite,
    ) -> Result<(), PathError> {
        let (from, old) = self.parent_of(relative.as_ref())?;
        from.check_write("rename", Path::new(&old))?;
        to.with_parent("rename to", new.as_ref(), |to, new| match overwrite {
            Overwrite::Replace => replace(from.held(), &old, to.held(), new),
            Overwrite::Refuse | Overwrite::KeepBoth => {
                rename_if_free(from.held(), &old, to.held(), new)
            }
        })
    }

    /// Gives a file in it another name, `new` in `to`, which is on the same volume. What had that name
    /// is replaced in one step, so that the name is never absent.
    ///
    /// # Errors
    /// If the system refuses, or the name is taken and isn't to be replaced. Both can't be kept.
    pub fn hard_link(
        &self,
        relative: impl AsRef<Path>,
        to: &Self,
        new: impl AsRef<Path>,
        overwrite: Overwrite,
    ) -> Result<(), PathError> {
        let (from, old) = self.parent_of(relative.as_ref())?;
        // A second name makes it writable where that is.
        from.check_write("make a link to", Path::new(&old))?;
        to.with_parent("make the link", new.as_ref(), |to, new| {
            if overwrite != Overwrite::Replace {
                return sys::hard_link(from.dir(), &old, to.dir(), new);
            }
            let beside = partial_name();
            sys::hard_link(from.dir(), &old, to.dir(), &beside)?;
            let replaced = replace(to.held(), &beside, to.held(), new);
            // A rename of one file to another name of the same does nothing, and leaves both.
            let left = to.dir().remove_file(&beside);
            match (replaced, left) {
                (Err(error), _) => Err(error),
                (Ok(()), Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        })
    }

    /// Makes a symbolic link in it that says `target`. Whether that leads anywhere, and whether it
    /// should, is not asked.
    ///
    /// # Errors
    /// If the name is taken or the system refuses.
    pub fn symlink(
        &self,
        target: impl AsRef<Path>,
        relative: impl AsRef<Path>,
    ) -> Result<(), PathError> {
        self.with_parent("make the link", relative.as_ref(), |parent, name| {
            sys::symlink(target.as_ref(), parent.dir(), name)
        })
    }

    /// The content of something in it will count as changed at that time; of a link, the link's own.
    ///
    /// # Errors
    /// If it isn't there or the system refuses.
    pub fn set_modified(
        &self,
        relative: impl AsRef<Path>,
        time: SystemTime,
    ) -> Result<(), PathError> {
        self.with_parent("set the time of", relative.as_ref(), |parent, name| {
            sys::set_modified(parent.dir(), name, time)
        })
    }

    /// Sets the permission bits of a file or folder in it, on Unix.
    ///
    /// # Errors
    /// If it isn't there, is a link, can't be read, or the system refuses.
    pub fn set_mode(&self, relative: impl AsRef<Path>, mode: u32) -> Result<(), PathError> {
        self.with_parent(
            "set the permissions of",
            relative.as_ref(),
            |parent, name| {
                let file = sys::open(parent.dir(), Path::new(name), Want::File)?;
                sys::set_mode(&file, mode)
            },
        )
    }

    /// Waits until all that was written on its file system is on disk.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn sync_all(&self) -> Result<(), PathError> {
        sys::sync_all(self.dir()).map_err(|error| PathError::io("sync", self.path(), error))
    }

    /// The folder in it that the last name of a path is in, and that name.
    pub(crate) fn parent_of(&self, relative: &Path) -> Result<(Self, OsString), PathError> {
        let place = self.place(relative)?;
        let way = &place.spot().way;
        match (way.parent(), way.file_name()) {
            (Some(parent), Some(name)) if parent.as_os_str().is_empty() => {
                Ok((self.clone(), name.to_owned()))
            }
            (Some(parent), Some(name)) => Ok((self.open_folder(parent)?, name.to_owned())),
            // The folder itself has no name in itself.
            _ => Err(PathError::not_allowed(place.path())),
        }
    }

    fn with_parent<T>(
        &self,
        doing: &'static str,
        relative: &Path,
        work: impl FnOnce(&Self, &OsStr) -> io::Result<T>,
    ) -> Result<T, PathError> {
        let (parent, name) = self.parent_of(relative)?;
        parent.check_write(doing, Path::new(&name))?;
        work(&parent, &name)
            .map_err(|error| PathError::io(doing, self.path().join(relative), error))
    }
}
