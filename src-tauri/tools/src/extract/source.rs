//! The archive as it is read, and what is counted on the way: bytes read, for progress; bytes unpacked,
//! for the limits, which hold whatever the archive says about itself. A cancel is heard at every read.

use std::{
    cell::{Cell, RefCell},
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use rawzip::{FileReader, ReaderAt};
use toolroom_toolkit::{ErrorCode, ToolError, ToolExecutionContext};

use super::report::Stop;

/// Small archives may well hold nothing but zeros.
const FREE_OF_RATIO: u64 = 64 << 20;

/// What bounds a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub bytes: u64,
    pub ratio: u64,
    pub entries: u64,
}

/// Counts, and says stop.
pub struct Meter {
    ctx: ToolExecutionContext,
    limits: Limits,
    archive_bytes: u64,
    read: Cell<u64>,
    told: Cell<u64>,
    unpacked: Cell<u64>,
    entries: Cell<u64>,
    passed: RefCell<Option<String>>,
    refused: RefCell<Option<String>>,
}

impl Meter {
    pub fn new(ctx: &ToolExecutionContext, limits: Limits, archive_bytes: u64) -> Rc<Self> {
        Rc::new(Self {
            ctx: ctx.clone(),
            limits,
            archive_bytes,
            read: Cell::new(0),
            told: Cell::new(0),
            unpacked: Cell::new(0),
            entries: Cell::new(0),
            passed: RefCell::default(),
            refused: RefCell::default(),
        })
    }

    /// One entry more.
    pub fn entry(&self) -> Result<(), Stop> {
        if self.ctx.is_canceled() {
            return Err(Stop::Canceled);
        }
        self.entries.set(self.entries.get() + 1);
        if self.entries.get() > self.limits.entries {
            return Err(Stop::Limit(format!(
                "The archive has more than {} entries, which is the limit for this job.",
                self.limits.entries
            )));
        }
        Ok(())
    }

    /// More bytes come out of the archive. The error only breaks off whoever reads: why, says
    /// [`why`](Self::why).
    pub fn unpack(&self, bytes: usize) -> io::Result<()> {
        let unpacked = self.unpacked.get().saturating_add(bytes as u64);
        self.unpacked.set(unpacked);
        let packed = self.read.get().min(self.archive_bytes).max(1);
        let passed = if unpacked > self.limits.bytes {
            format!(
                "The archive unpacks to more than {} bytes, which is the limit for this job.",
                self.limits.bytes
            )
        } else if unpacked > FREE_OF_RATIO && unpacked / packed > self.limits.ratio {
            format!(
                "The archive unpacks to more than {} times its size, as archive bombs do, which is the limit for this job.",
                self.limits.ratio
            )
        } else if self.ctx.is_canceled() {
            return Err(broken_off());
        } else {
            return Ok(());
        };
        *self.passed.borrow_mut() = Some(passed);
        Err(broken_off())
    }

    /// Nothing new was unpacked, but a cancel may have come.
    pub fn look(&self) -> io::Result<()> {
        match self.ctx.is_canceled() {
            true => Err(broken_off()),
            false => Ok(()),
        }
    }

    /// Why reading failed with `error`.
    pub fn why(&self, error: &dyn std::error::Error) -> Stop {
        match self.known_reason() {
            Some(stop) => stop,
            None => Stop::Damaged(error.to_string()),
        }
    }

    /// A reason to stop that has nothing to do with what is in the archive.
    pub fn known_reason(&self) -> Option<Stop> {
        if let Some(passed) = self.passed.borrow().clone() {
            return Some(Stop::Limit(passed));
        }
        if self.ctx.is_canceled() {
            return Some(Stop::Canceled);
        }
        let refused = self.refused.borrow().clone()?;
        Some(Stop::Failed(ToolError::failed(ErrorCode::Io, refused)))
    }

    /// All of the archive has been dealt with, whether or not every byte of it was looked at.
    pub fn done(&self) {
        let rest = self.archive_bytes.saturating_sub(self.told.get());
        self.ctx.progress.advance(rest);
        self.told.set(self.archive_bytes);
    }

    fn reading(&self, bytes: usize) {
        self.read.set(self.read.get().saturating_add(bytes as u64));
        // What is read twice is told once.
        let told = self.read.get().min(self.archive_bytes);
        self.ctx
            .progress
            .advance(told.saturating_sub(self.told.get()));
        self.told.set(told.max(self.told.get()));
    }
}

fn broken_off() -> io::Error {
    io::Error::other("broken off")
}

/// The archive's bytes, from anywhere in it.
pub struct Source {
    file: Rc<FileReader>,
    meter: Rc<Meter>,
    at: u64,
    len: u64,
}

impl Source {
    pub fn new(file: File, meter: &Rc<Meter>) -> Self {
        Self {
            file: Rc::new(FileReader::from(file)),
            len: meter.archive_bytes,
            meter: meter.clone(),
            at: 0,
        }
    }

    /// The same file, read from another place.
    pub fn from(&self, at: u64) -> Self {
        Self {
            file: self.file.clone(),
            meter: self.meter.clone(),
            at,
            len: self.len,
        }
    }

    pub fn len(&self) -> u64 {
        self.len
    }
}

impl ReaderAt for Source {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if self.meter.ctx.is_canceled() {
            return Err(broken_off());
        }
        match self.file.read_at(buffer, offset) {
            Ok(read) => {
                self.meter.reading(read);
                Ok(read)
            }
            Err(error) => {
                *self.meter.refused.borrow_mut() =
                    Some(format!("Could not read the archive: {error}."));
                Err(error)
            }
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
