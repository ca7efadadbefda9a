//! Gives what was found to an archive, one entry after the other.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use toolroom_toolkit::{
    FileId, FileKind, FileMetadata, NewFile, SkipReason, ToolExecutionContext, walk::Entry,
};

use super::{
    entries::{Archive, Item},
    output::{Output, Reason, Skipped},
};

/// How much is read at once, and between two looks for a cancel.
const READ: usize = 256 << 10;

/// Why packing stopped.
pub enum End {
    Canceled,
    Write(io::Error),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// An archive, and what is told of it.
pub struct Packing<'a> {
    ctx: &'a ToolExecutionContext,
    archive: Box<dyn Archive>,
    output: &'a mut Output,
    /// Files with several names, and under which of them they are in the archive.
    seen: HashMap<FileId, PathBuf>,
    buffer: Vec<u8>,
}

/// A file of which something was read.
struct Opened {
    file: File,
    /// How long it is.
    bytes: u64,
    /// How much of it is in the buffer.
    read: usize,
}

impl<'a> Packing<'a> {
    pub fn new(
        ctx: &'a ToolExecutionContext,
        archive: Box<dyn Archive>,
        output: &'a mut Output,
    ) -> Self {
        Self {
            ctx,
            archive,
            output,
            seen: HashMap::new(),
            buffer: vec![0; READ],
        }
    }

    pub fn finish(self) -> io::Result<NewFile> {
        self.archive.finish()
    }

    /// Packs what was found below a path that stands in the archive as `root`.
    pub fn entry(&mut self, entry: &Entry, root: &Path) -> Result<(), End> {
        let told = match entry.metadata() {
            Ok(told) => told,
            Err(error) => {
                self.skip(toolroom_toolkit::Skipped::from(&error));
                return Ok(());
            }
        };
        let inside = entry.relative();
        let name = match inside.as_os_str().is_empty() {
            true => root.to_owned(),
            false => root.join(inside),
        };
        // The top of all has no name, and needs no entry.
        if name.as_os_str().is_empty() {
            return Ok(());
        }
        let plain = if told.is_folder() { 0o755 } else { 0o644 };
        let item = Item {
            name,
            modified: told.modified,
            mode: told.mode.unwrap_or(plain),
        };
        match told.kind {
            FileKind::Folder => {
                self.archive.folder(&item)?;
                self.output.folders += 1;
            }
            FileKind::Link => match entry.read_link() {
                Ok(target) => {
                    self.archive.link(&item, &target)?;
                    self.output.links += 1;
                }
                Err(error) => self.skip(toolroom_toolkit::Skipped::from(&error)),
            },
            FileKind::File => self.file(entry, item, &told)?,
            FileKind::Special => {
                let reason = SkipReason::SpecialFile;
                self.skip(toolroom_toolkit::Skipped::new(&entry.path(), reason));
            }
        }
        Ok(())
    }

    fn file(&mut self, entry: &Entry, item: Item, told: &FileMetadata) -> Result<(), End> {
        let shared = told.id.filter(|_| told.links > 1);
        if let Some(first) = shared.and_then(|id| self.seen.get(&id))
            && self.archive.again(&item, first)?
        {
            self.output.links += 1;
            self.ctx.progress.advance(told.bytes);
            return Ok(());
        }
        self.ctx.progress.message(entry.path().to_string_lossy());
        let opened = match self.open(entry) {
            Ok(opened) => opened,
            Err(skipped) => {
                self.ctx.progress.advance(told.bytes);
                self.skip(skipped);
                return Ok(());
            }
        };
        let bytes = opened.bytes;
        self.archive.begin(&item, bytes)?;
        let (left, grew) = self.content(opened)?;
        self.archive.end()?;
        // What was counted before and isn't there, or is longer by now.
        let packed = bytes - left;
        self.ctx.progress.advance(told.bytes.saturating_sub(packed));
        self.output.files += 1;
        self.output.bytes_in += packed;
        let trouble = match (left, grew) {
            (0, false) => None,
            (0, true) => Some(Reason::Grew),
            _ => Some(Reason::NotWhole),
        };
        if let Some(reason) = trouble {
            let skipped = Skipped::new(&entry.path(), reason);
            self.output.skipped.push(skipped);
        } else if let Some(id) = shared {
            self.seen.insert(id, item.name);
        }
        Ok(())
    }

    /// Opened, and its first part read, before anything of it is in the archive.
    fn open(&mut self, entry: &Entry) -> Result<Opened, toolroom_toolkit::Skipped> {
        let mut file = entry
            .open()
            .map_err(|error| toolroom_toolkit::Skipped::from(&error))?;
        let first = |file: &mut File, buffer: &mut [u8]| {
            Ok((file.metadata()?.len(), read_some(file, buffer)?))
        };
        match first(&mut file, &mut self.buffer) {
            Ok((bytes, read)) => Ok(Opened { file, bytes, read }),
            Err(error) => Err(toolroom_toolkit::Skipped::from_io(&entry.path(), &error)),
        }
    }

    /// How much of it is missing, and whether it is longer by now.
    fn content(&mut self, opened: Opened) -> Result<(u64, bool), End> {
        let Opened {
            mut file,
            bytes: mut left,
            mut read,
        } = opened;
        loop {
            let some = usize::try_from(left).map_or(read, |left| left.min(read));
            self.archive.data(&self.buffer[..some])?;
            self.ctx.progress.advance(some as u64);
            left -= some as u64;
            if self.ctx.is_canceled() {
                return Err(End::Canceled);
            }
            if read == 0 || read > some {
                return Ok((left, read > some));
            }
            read = match read_some(&mut file, &mut self.buffer) {
                Ok(more) => more,
                // Told as what is missing.
                Err(_) => return Ok((left, false)),
            };
        }
    }

    fn skip(&mut self, skipped: toolroom_toolkit::Skipped) {
        self.output.skipped.push(skipped.with_reason());
    }
}

/// As much as there is, up to the buffer's length.
fn read_some(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
