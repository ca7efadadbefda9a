//! A file that is being fetched, and what is kept of it from one run to the next.
//!
//! What has come waits as `name.partial`, and beside it the `note` on what it is a part of. That is written
//! before the first byte is, so that bytes of two states never come together, whenever a run is broken
//! off.

use std::{
    fs::TryLockError,
    io::{self, Read, Seek, SeekFrom, Write},
    path::PathBuf,
};

use toolroom_toolkit::{FileMetadata, Folder, NewFile, Overwrite, PathError, http::Bytes};

use super::{
    item::Checksum,
    note::{Note, note_name},
    report::Reason,
};
use crate::support::digest::{Algorithm, Digester};

/// Files from this length on are put on disk each by itself, shorter ones all together.
const LONG: u64 = 4 << 20;
const PIECE: usize = 1 << 20;

/// Why a file can't be gone on with, or not be begun.
#[derive(Debug)]
pub struct NotWritten {
    pub reason: Reason,
    pub message: String,
}

impl From<PathError> for NotWritten {
    fn from(error: PathError) -> Self {
        Self {
            reason: Reason::of_refusal(error.kind()),
            message: error.to_string(),
        }
    }
}

/// A file that is being fetched. Locked against other jobs while it is held, if it is kept.
pub struct Partial {
    file: NewFile,
    folder: Folder,
    name: String,
    note_name: String,
    /// How much of it is there.
    pub len: u64,
    checksum: Option<(Checksum, Digester)>,
    is_kept: bool,
    /// Whether there was, or is, a note on it.
    has_note: bool,
}

impl Partial {
    /// Opens what is there of `name`, or begins it. `is_kept`: it stays when it is dropped, as does what
    /// was there before.
    ///
    /// # Errors
    /// If the folder refuses, or another job has it.
    pub fn open(
        folder: &Folder,
        address: &str,
        name: &str,
        overwrite: Overwrite,
        is_kept: bool,
    ) -> Result<Self, NotWritten> {
        let is_kept = is_kept || folder.metadata(format!("{name}.partial")).is_ok();
        let file = match is_kept {
            true => folder.resume(name, overwrite)?,
            false => folder.create(name, overwrite)?,
        };
        let partial = Self {
            len: file.len()?,
            file,
            folder: folder.clone(),
            name: name.to_owned(),
            note_name: note_name(address),
            checksum: None,
            is_kept,
            has_note: false,
        };
        if is_kept {
            partial.lock()?;
        }
        Ok(partial)
    }

    /// Makes sure that no other job writes to it, and that it still is what has that name.
    fn lock(&self) -> Result<(), NotWritten> {
        let in_use = || NotWritten {
            reason: Reason::InUse,
            message: format!("Another job is downloading to {}.", self.path().display()),
        };
        let locked = self.file.file().map(std::fs::File::try_lock);
        match locked {
            // Where files can't be locked, nothing is known of others.
            Ok(Ok(()) | Err(TryLockError::Error(_))) => {}
            Ok(Err(TryLockError::WouldBlock)) | Err(_) => return Err(in_use()),
        }
        match self.is_still_there() {
            true => Ok(()),
            false => Err(in_use()),
        }
    }

    /// Whether it still is what has its name: another job may have finished it meanwhile.
    pub fn is_still_there(&self) -> bool {
        if !self.is_kept {
            return true;
        }
        let own = self.file.file().and_then(FileMetadata::of);
        let named = self.folder.metadata(self.partial_name());
        match (own, named) {
            (Ok(own), Ok(named)) => own.id == named.id,
            _ => false,
        }
    }

    fn partial_name(&self) -> String {
        format!("{}.partial", self.name)
    }

    /// Where it is until it is whole.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(self.partial_name())
    }

    /// What it will be called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its path and length, if the next run can go on with it.
    pub fn kept(&self) -> Option<(String, u64)> {
        let is_kept = self.is_kept && self.has_note && self.len > 0;
        is_kept.then(|| (self.path().to_string_lossy().into_owned(), self.len))
    }

    /// Goes on after `from` bytes, which are of the file as it still is. `keep_going` is asked while
    /// they are read; if it says no, the file isn't ready to be written.
    ///
    /// # Errors
    /// If it can't be read or cut.
    pub fn go_on(
        &mut self,
        from: u64,
        checksum: Option<&Checksum>,
        keep_going: impl Fn() -> bool,
    ) -> Result<(), NotWritten> {
        self.has_note = true;
        self.cut(from)?;
        self.checksum = None;
        if let Some(checksum) = checksum {
            let mut digester = Digester::new(checksum.algorithm);
            let mut read = || -> io::Result<()> {
                self.file.seek(SeekFrom::Start(0))?;
                let mut buffer = vec![0; PIECE];
                while keep_going() {
                    match self.file.read(&mut buffer)? {
                        0 => break,
                        count => digester.update(&buffer[..count]),
                    }
                }
                Ok(())
            };
            read().map_err(|error| self.failed(error))?;
            self.checksum = Some((checksum.clone(), digester));
        }
        Ok(())
    }

    /// Begins anew, with nothing of what was there. `note` says what is coming; without it, it can't be
    /// gone on with later.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn begin(
        &mut self,
        note: Option<&Note>,
        checksum: Option<&Checksum>,
    ) -> Result<(), NotWritten> {
        let was_there = self.len > 0;
        self.cut(0)?;
        self.checksum = checksum.map(|checksum| {
            let digester = Digester::new(checksum.algorithm);
            (checksum.clone(), digester)
        });
        if !self.is_kept {
            return Ok(());
        }
        self.has_note = note.is_some();
        let Some(note) = note else {
            self.forget_note();
            return Ok(());
        };
        let mut file = self.folder.create(&self.note_name, Overwrite::Replace)?;
        if !was_there {
            // There was no other state whose note could outlive this one.
            file = file.without_sync();
        }
        let text = serde_json::to_vec(note).unwrap_or_default();
        file.write_all(&text).map_err(|error| self.failed(error))?;
        file.finish()?;
        Ok(())
    }

    fn cut(&mut self, len: u64) -> Result<(), NotWritten> {
        let file = self.file.file();
        let cut = file.and_then(|file| match self.len == len {
            true => Ok(()),
            false => file.set_len(len),
        });
        cut.and_then(|()| self.file.seek(SeekFrom::Start(len)))
            .map_err(|error| self.failed(error))?;
        self.len = len;
        Ok(())
    }

    /// Writes what has come.
    ///
    /// # Errors
    /// If the disk refuses. What was written until then counts.
    pub fn write(&mut self, pieces: &[Bytes]) -> Result<(), NotWritten> {
        for piece in pieces {
            if let Err(error) = self.file.write_all(piece) {
                // How much of the piece arrived is for the file to say.
                self.len = self.file.len().unwrap_or(self.len);
                return Err(self.failed(error));
            }
            self.len += piece.len() as u64;
            if let Some((_, digester)) = &mut self.checksum {
                digester.update(piece);
            }
        }
        Ok(())
    }

    /// Gives it its name, if it is what it should be. Where it is, by which checksum it was found to be
    /// right, and whether it is on disk already.
    ///
    /// # Errors
    /// If it isn't what it should be, in which case it is gone; or the disk refuses.
    pub fn finish(mut self) -> Result<(PathBuf, Option<Algorithm>, bool), NotWritten> {
        let mut verified = None;
        if let Some((checksum, digester)) = self.checksum.take() {
            let digest = digester.finish();
            if digest != checksum.digest {
                self.discard();
                return Err(NotWritten {
                    reason: Reason::WrongChecksum,
                    message: format!(
                        "What came is not what the checksum is of, and was removed: it should be {}, and is {digest}. Either the checksum is of another version, or the file was changed.",
                        checksum.digest
                    ),
                });
            }
            verified = Some(checksum.algorithm);
        }
        let is_synced = self.len >= LONG;
        let note = (self.folder.clone(), self.note_name, self.is_kept);
        let file = match is_synced {
            true => self.file,
            false => self.file.without_sync(),
        };
        let path = file.finish()?;
        if let (folder, note, true) = note {
            // One that stays says nothing that is believed.
            let _ = folder.remove_file(note);
        }
        Ok((path, verified, is_synced))
    }

    /// Removes it.
    pub fn discard(self) {
        self.forget_note();
        self.file.discard();
    }

    fn forget_note(&self) {
        if self.is_kept {
            // Mostly there is none.
            let _ = self.folder.remove_file(&self.note_name);
        }
    }

    fn failed(&self, error: io::Error) -> NotWritten {
        let text = error.to_string();
        NotWritten {
            reason: Reason::of_refusal(error.kind()),
            message: format!(
                "Could not write {}: {}.",
                self.path().display(),
                text.trim_end_matches('.')
            ),
        }
    }
}
