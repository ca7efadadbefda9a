//! Reads a file for a search: counts the bytes, hears a cancel, and learns from the first bytes what
//! kind of file it is. Those are all of most files, which are searched where they lie; the rest of a
//! long one is copied to where the searcher wants it.

use std::{
    fs::File,
    io::{self, Read},
};

use super::run::Search;

/// How much is read at once, and at first, which is all of most files. All threads together stay below
/// 4 MiB.
pub(super) const PIECE: usize = 192 << 10;

/// A file that is being searched.
pub(super) struct Source<'s> {
    search: &'s Search<'s>,
    file: File,
    /// What of the beginning the searcher hasn't been given.
    head: &'s [u8],
    /// Whether the beginning is all of it.
    is_whole: bool,
    /// Whether zero bytes are still looked for.
    minds_zeros: bool,
    /// Where the first one is, if there is one where none was to be expected.
    pub zero_at: Option<u64>,
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
    /// Begins to read a file that was `length` bytes long when it was opened. `head` is space for the
    /// first bytes.
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
        let mut source = Self {
            search,
            file,
            head,
            // No need to ask for more where there was no more a moment ago. Some files have no length and
            // yet something in them.
            is_whole: count as u64 == length || count == 0,
            minds_zeros: search.minds_zeros && kind.encoding.is_none(),
            zero_at: None,
            read: 0,
            is_broken_off: false,
            failure: None,
        };
        source.look_at(head);
        // In what follows the searcher looks for it, if it is to stop there.
        source.minds_zeros &= !search.leaves_out_binary;
        Ok((source, kind))
    }

    /// All of the file, if that is what was read at first.
    pub(super) fn whole(&self) -> Option<&'s [u8]> {
        self.is_whole.then_some(self.head)
    }

    fn look_at(&mut self, bytes: &[u8]) {
        if self.minds_zeros {
            let zero = memchr::memchr(0, bytes);
            self.zero_at = zero.map(|at| self.read + at as u64);
            self.minds_zeros = zero.is_none();
        }
        self.read += bytes.len() as u64;
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            return self.head.read(buffer);
        }
        if buffer.is_empty() || self.is_whole {
            return Ok(0);
        }
        if self.search.is_over() {
            self.is_broken_off = true;
            return Err(io::Error::other("broken off"));
        }
        let most = buffer.len().min(PIECE);
        match read(&mut self.file, &mut buffer[..most]) {
            Ok(count) => {
                self.look_at(&buffer[..count]);
                self.search.ctx.progress.advance(count as u64);
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
