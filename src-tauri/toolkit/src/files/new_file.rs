//! A file that appears under its name whole or not at all.

use std::{
    ffi::{OsStr, OsString},
    fs::{File, FileTimes},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    error::PathError,
    folder::Folder,
    metadata::{FileKind, FileMetadata},
    names::{numbered, partial_name, resumed_name},
    overwrite::{Overwrite, rename_if_free, replace},
    sys,
};

/// How often a free number is looked for.
const NUMBERS: u32 = 10_000;

/// A file that appears under its name whole or not at all. Until [`finish`](Self::finish) it stands
/// beside its place under a hidden name, and is removed when it is dropped before, whether by an
/// error, a cancel or a panic. Only a killed process leaves it behind.
///
/// Reading and writing isn't buffered.
#[derive(Debug)]
pub struct NewFile {
    file: Option<File>,
    folder: Folder,
    partial: OsString,
    name: OsString,
    overwrite: Overwrite,
    modified: Option<SystemTime>,
    mode: Option<u32>,
    is_synced: bool,
    is_kept: bool,
    is_done: bool,
}

impl NewFile {
    pub(crate) fn beside(
        folder: Folder,
        name: &OsStr,
        overwrite: Overwrite,
    ) -> Result<Self, PathError> {
        folder.check_write("write", Path::new(name))?;
        let made = || loop {
            let partial = partial_name();
            match sys::create_new(&folder.held().dir, &partial) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => return Ok((file, partial)),
            }
        };
        match made() {
            Ok((file, partial)) => Ok(Self::of(file, folder, partial, name, overwrite)),
            Err(error) => Err(PathError::io("write", folder.path().join(name), error)),
        }
    }

    /// One that stays when it is dropped, and is gone on with at its end.
    pub(crate) fn resumed(
        folder: Folder,
        name: &OsStr,
        overwrite: Overwrite,
    ) -> Result<Self, PathError> {
        folder.check_write("write", Path::new(name))?;
        let partial = resumed_name(name);
        let opened = || {
            let mut file = sys::open_or_create(&folder.held().dir, &partial)?;
            if FileMetadata::of(&file)?.kind != FileKind::File {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        match opened() {
            Ok(file) => {
                let mut resumed = Self::of(file, folder, partial, name, overwrite);
                resumed.is_kept = true;
                Ok(resumed)
            }
            Err(error) => Err(PathError::io("write", folder.path().join(&partial), error)),
        }
    }

    fn of(
        file: File,
        folder: Folder,
        partial: OsString,
        name: &OsStr,
        overwrite: Overwrite,
    ) -> Self {
        Self {
            file: Some(file),
            folder,
            partial,
            name: name.to_owned(),
            overwrite,
            modified: None,
            mode: None,
            is_synced: true,
            is_kept: false,
            is_done: false,
        }
    }

    /// Where it is to stand. It may get another name if both are kept.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    /// How many bytes it has by now.
    ///
    /// # Errors
    /// What the system says.
    pub fn len(&self) -> Result<u64, PathError> {
        let bytes = self.file().and_then(|file| Ok(file.metadata()?.len()));
        bytes.map_err(|error| self.failed(error))
    }

    /// Whether nothing was written yet.
    ///
    /// # Errors
    /// What the system says.
    pub fn is_empty(&self) -> Result<bool, PathError> {
        Ok(self.len()? == 0)
    }

    /// Its content will count as changed at that time.
    pub fn set_modified(&mut self, time: SystemTime) {
        self.modified = Some(time);
    }

    /// Its permission bits, on Unix. Without this it has those of the file that it replaces, or else
    /// those of any new file.
    pub fn set_mode(&mut self, mode: u32) {
        self.mode = Some(mode);
    }

    /// It may appear before it is on disk: for many small files, after the last of which
    /// [`Folder::sync_all`] makes up for it at a fraction of the time.
    #[must_use]
    pub fn without_sync(mut self) -> Self {
        self.is_synced = false;
        self
    }

    /// The file itself.
    ///
    /// # Errors
    /// Never, as long as it isn't finished.
    pub fn file(&self) -> io::Result<&File> {
        // Taken only by those that end it.
        self.file
            .as_ref()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Puts it on disk and under its name. The path that it has now.
    ///
    /// # Errors
    /// If the disk refuses, or the name is taken by what must not be replaced. It is gone then, and
    /// what had the name stays as it was.
    pub fn finish(mut self) -> Result<PathBuf, PathError> {
        let result = self.settle().and_then(|()| self.take_its_name());
        match result {
            Ok(name) => {
                self.is_done = true;
                Ok(self.folder.path().join(name))
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Removes it, also where it would be kept.
    pub fn discard(mut self) {
        self.is_kept = false;
    }

    fn settle(&mut self) -> io::Result<()> {
        let mode = self.mode.or_else(|| self.mode_of_the_old());
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        if let Some(mode) = mode {
            sys::set_mode(&file, mode)?;
        }
        if let Some(time) = self.modified {
            file.set_times(FileTimes::new().set_modified(time))?;
        }
        if self.is_synced {
            file.sync_all()?;
        }
        // Closed here: where an open file can't be renamed, it need not be.
        Ok(())
    }

    fn mode_of_the_old(&self) -> Option<u32> {
        if self.overwrite != Overwrite::Replace {
            return None;
        }
        let old = self.folder.metadata(&self.name).ok()?;
        old.mode.filter(|_| old.is_file()).map(|mode| mode & 0o777)
    }

    fn take_its_name(&self) -> io::Result<OsString> {
        let name = match self.overwrite {
            Overwrite::Replace => {
                replace(
                    self.folder.held(),
                    &self.partial,
                    self.folder.held(),
                    &self.name,
                )?;
                self.name.clone()
            }
            Overwrite::Refuse => {
                self.take_if_free(&self.name)?;
                self.name.clone()
            }
            Overwrite::KeepBoth => self.take_first_free()?,
        };
        if self.is_synced {
            sys::sync_names(&self.folder.held().dir)?;
        }
        Ok(name)
    }

    fn take_if_free(&self, name: &OsStr) -> io::Result<()> {
        rename_if_free(self.folder.held(), &self.partial, self.folder.held(), name)
    }

    fn take_first_free(&self) -> io::Result<OsString> {
        let names = std::iter::once(self.name.clone())
            .chain((2..NUMBERS).map(|number| numbered(&self.name, number)));
        for name in names {
            match self.take_if_free(&name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => return other.map(|()| name),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn failed(&self, error: io::Error) -> PathError {
        PathError::io("write", self.path(), error)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Where an open file can't be removed, it must be closed first.
        drop(self.file.take());
        if !self.is_done && !self.is_kept {
            // If even that fails, its name says what it is.
            let _ = self.folder.held().dir.remove_file(&self.partial);
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

impl Read for NewFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file()?.read(buffer)
    }
}

impl Seek for NewFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file()?.seek(to)
    }
}
