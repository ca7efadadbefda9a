//! Reads a file for a search: counts the bytes, hears a cancel, and learns from the first bytes what
//! kind of file it is.

use std::{
    fs::File,
    io::{self, Read},
};

use super::run::Search;

/// How much is read at first, which is all of most files.
pub(super) const HEAD: usize = 64 << 10;
/// How much is read at once after that. All threads together stay below 4 MiB.
const PIECE: usize = 256 << 10;

/// A file that is being searched.
pub(super) struct Source<'s> {
    search: &'s Search<'s>,
    file: File,
    /// Its length when it was opened.
    length: u64,
    head: &'s [u8],
    /// Whether a zero byte is worth a word, since it wasn't to be expected.
    minds_zeros: bool,
    /// Whether there was one in what was read.
    pub has_zero: bool,
    /// How much was read from the file.
    pub read: u64,
    /// Whether a cancel, or an end for other reasons, came in between.
    pub is_broken_off: bool,
    /// What the system said when it could not be read on.
    pub failure: Option<io::Error>,
}

/// What the first bytes of a file tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kind {
    /// The encoding that a byte order mark tells.
    pub encoding: Option<&'static str>,
}

impl<'s> Source<'s> {
    /// Begins to read. `head` is space for the first bytes.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn new(
        search: &'s Search<'s>,
        mut file: File,
        length: u64,
        head: &'s mut [u8],
    ) -> io::Result<(Self, Kind)> {
        let count = read(&mut file, head)?;
        search.ctx.progress.advance(count as u64);
        let head = &head[..count];
        let kind = Kind {
            encoding: match head {
                [0xff, 0xfe, ..] => Some("UTF-16LE"),
                [0xfe, 0xff, ..] => Some("UTF-16BE"),
                _ => None,
            },
        };
        let minds_zeros = search.minds_zeros && kind.encoding.is_none();
        let source = Self {
            search,
            file,
            length,
            head,
            minds_zeros,
            has_zero: minds_zeros && head.contains(&0),
            read: count as u64,
            is_broken_off: false,
            failure: None,
        };
        Ok((source, kind))
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            return self.head.read(buffer);
        }
        // No need to ask for more where there was no more a moment ago.
        if buffer.is_empty() || (self.read == self.length && self.read < HEAD as u64) {
            return Ok(0);
        }
        if self.search.is_over() {
            self.is_broken_off = true;
            return Err(io::Error::other("broken off"));
        }
        let most = buffer.len().min(PIECE);
        match read(&mut self.file, &mut buffer[..most]) {
            Ok(count) => {
                self.read += count as u64;
                self.search.ctx.progress.advance(count as u64);
                if self.minds_zeros && !self.has_zero {
                    self.has_zero = buffer[..count].contains(&0);
                }
                Ok(count)
            }
            Err(error) => {
                self.failure = Some(error);
                Err(io::Error::other("could not be read"))
            }
        }
    }
}

fn read(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
