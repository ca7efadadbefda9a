//! A part of the trail as a file: a header, then one line an entry.
//!
//! ```text
//! {"audit":1,"first":1,"last":2,"previous":"00…","end":"ab…"}
//! {"number":1,"at":"…",…,"hash":"cd…"}
//! {"number":2,"at":"…",…,"hash":"ab…"}
//! ```
//!
//! `previous` is the hash of the entry before the first, `end` that of the last. So a file can be
//! checked by itself, and that nothing is missing at its end. Which files make up a trail is left
//! to `verify` and to the store.

use std::io::{self, BufRead, Read, Write};

use serde::Deserialize;

use super::{
    chain::{Fault, Head, Page, link},
    line,
    record::{Entry, Hash},
};

/// The folder of files that were moved out of the database, inside the data folder.
pub const FOLDER: &str = "audit";
/// How many bytes a line may have: more than any entry has.
const LINE_BYTES: u64 = 16 * 1024;
/// How many bytes are read or written at once.
pub const BUFFER_BYTES: usize = 256 * 1024;

/// The name of a file by its number, from 1.
pub fn name(number: u64) -> String {
    format!("{number:06}.jsonl")
}

/// What a file begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The entry before the first.
    pub after: Head,
    /// The last.
    pub end: Head,
}

#[derive(Deserialize)]
struct HeaderLine<'a> {
    first: u64,
    last: u64,
    previous: &'a str,
    end: &'a str,
}

impl Header {
    /// The header's line, with its end.
    pub fn line(&self) -> String {
        format!(
            "{{\"audit\":1,\"first\":{},\"last\":{},\"previous\":\"{}\",\"end\":\"{}\"}}\n",
            self.after.number + 1,
            self.end.number,
            line::hex(&self.after.hash),
            line::hex(&self.end.hash),
        )
    }

    fn read(line: &[u8]) -> Option<Self> {
        let parsed: HeaderLine<'_> = serde_json::from_slice(line).ok()?;
        let header = Self {
            after: Head {
                number: parsed.first.checked_sub(1)?,
                hash: line::unhex(parsed.previous)?,
            },
            end: Head {
                number: parsed.last,
                hash: line::unhex(parsed.end)?,
            },
        };
        (header.line().as_bytes() == line).then_some(header)
    }
}

/// Writes a file's lines.
#[derive(Debug)]
pub struct FileWriter<W: Write> {
    into: W,
    line: Vec<u8>,
}

impl<W: Write> FileWriter<W> {
    /// Begins a file.
    pub fn begin(mut into: W, header: &Header) -> io::Result<Self> {
        into.write_all(header.line().as_bytes())?;
        Ok(Self::on(into))
    }

    /// Goes on with a file that has been begun.
    pub const fn on(into: W) -> Self {
        let line = Vec::new();
        Self { into, line }
    }

    /// Adds an entry.
    pub fn entry(&mut self, entry: &Entry<'_>, hash: &Hash) -> io::Result<()> {
        self.line.clear();
        line::write(entry, hash, &mut self.line);
        self.line.push(b'\n');
        self.into.write_all(&self.line)
    }

    /// Adds the entries of a page as they stand there. How many they were.
    pub fn page(&mut self, page: &Page<'_>) -> io::Result<u64> {
        let mut count = 0;
        for (entry, hash) in page.entries() {
            self.entry(&entry, &hash)?;
            count += 1;
        }
        Ok(count)
    }

    /// What it was written into.
    pub fn into_inner(self) -> W {
        self.into
    }
}

/// Why a file isn't as it was written, or can't be read.
#[derive(Debug)]
pub enum FileTrouble {
    /// It was changed.
    Fault(Fault),
    /// The disk refused.
    Io(io::Error),
}

impl From<Fault> for FileTrouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for FileTrouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file line by line.
pub struct FileReader<R> {
    from: R,
    line: Vec<u8>,
}

impl<R: BufRead> FileReader<R> {
    /// A reader from the file's first byte on.
    pub const fn new(from: R) -> Self {
        let line = Vec::new();
        Self { from, line }
    }

    /// Checks the whole file, which must follow on `head` where it isn't the beginning of what is
    /// checked, and leaves `head` behind its last whole entry. `each` is told of each entry.
    pub fn check(
        &mut self,
        head: &mut Option<Head>,
        mut each: impl FnMut(&Entry<'_>),
    ) -> Result<(), FileTrouble> {
        let next = head.map_or(1, |head| head.number + 1);
        let header = self.header()?.ok_or_else(|| {
            let what = "The file doesn't begin with the header of an audit trail";
            Fault::new(next, what)
        })?;
        let mut at = *head.get_or_insert(header.after);
        at.expect(&header.after).map_err(|_| {
            let what = format!("Entry {next} should follow, and the file's header says otherwise");
            Fault::new(next, what)
        })?;
        let (mut linked, mut again) = (Vec::new(), Vec::new());
        while self.next_line()? {
            let checked = self.line.strip_suffix(b"\n").and_then(|line| {
                line::read(line, &mut again, |entry, hash| {
                    linked.clear();
                    linked.extend(at.hash);
                    entry.write(&mut linked);
                    at.follow(entry.number, hash, &link(&linked))?;
                    each(entry);
                    Ok::<(), Fault>(())
                })
            });
            *head = Some(at);
            checked.ok_or_else(|| Fault::unreadable(at.number + 1))??;
            *head = Some(at);
        }
        Ok(at.expect(&header.end)?)
    }

    /// The header; none if it isn't one.
    pub fn header(&mut self) -> io::Result<Option<Header>> {
        Ok(match self.next_line()? {
            true => Header::read(&self.line),
            false => None,
        })
    }

    /// Whether there is another line; it has its end, unless the file ends without one.
    fn next_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let mut line = Read::take(&mut self.from, LINE_BYTES);
        Ok(line.read_until(b'\n', &mut self.line)? > 0)
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
