//! Writes tars, as GNU tar lays them out, with no owners in them, so that the same files give the same
//! bytes on every machine.

use std::{
    io::{self, Write},
    path::Path,
};

use tar::{Builder, EntryType, Header};
use toolroom_toolkit::NewFile;

use super::{
    entries::{Archive, Item, slashed},
    gzip::Gzip,
    out::Out,
};

const BLOCK: u64 = 512;
/// How long what a link says may be in a header.
const LINK_ROOM: usize = 100;

/// What a tar is packed with.
pub enum Stream {
    Plain(Box<Out>),
    Gzip(Gzip<Out>),
    Zstd(Box<zstd::Encoder<'static, Out>>),
}

impl Stream {
    fn finish(self) -> io::Result<NewFile> {
        let out = match self {
            Self::Plain(out) => *out,
            Self::Gzip(gzip) => gzip.finish()?,
            Self::Zstd(zstd) => zstd.finish()?,
        };
        out.finish()
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(out) => out.write(bytes),
            Self::Zstd(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A tar that is being written.
pub struct Tar {
    builder: Builder<Stream>,
    /// Of the file that is being written: how long it was said to be, and how much is missing.
    length: u64,
    left: u64,
}

impl Tar {
    pub fn new(stream: Stream) -> Self {
        Self {
            builder: Builder::new(stream),
            length: 0,
            left: 0,
        }
    }

    fn header(&mut self, item: &Item, kind: EntryType, bytes: u64) -> io::Result<Header> {
        let seconds = item.seconds();
        if seconds < 0 {
            self.extension("mtime", &seconds.to_string())?;
        }
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(item.mode & 0o7777);
        header.set_mtime(u64::try_from(seconds).unwrap_or(0));
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes);
        Ok(header)
    }

    fn linked(&mut self, item: &Item, kind: EntryType, target: &[u8]) -> io::Result<()> {
        let mut header = self.header(item, kind, 0)?;
        if kind == EntryType::Symlink {
            header.set_mode(0o777);
        }
        // What is too long stands before the header, which holds its beginning: some programs know by
        // it that it is a link.
        let begin = &target[..target.len().min(LINK_ROOM)];
        if begin.len() < target.len() {
            self.long_link(target)?;
        }
        header.set_link_name_literal(begin)?;
        self.builder
            .append_data(&mut header, &item.name, io::empty())
    }

    fn long_link(&mut self, target: &[u8]) -> io::Result<()> {
        let bytes = [target, b"\0"].concat();
        let kind = EntryType::GNULongLink;
        self.note(Header::new_gnu(), kind, "././@LongLink", &bytes)
    }

    /// What a plain header has no room for is told before it, as POSIX has it: a time before 1970.
    fn extension(&mut self, key: &str, value: &str) -> io::Result<()> {
        let record = extension_record(key, value);
        let (header, kind) = (Header::new_ustar(), EntryType::XHeader);
        self.note(header, kind, "PaxHeaders/next", record.as_bytes())
    }

    /// An entry that only says something of the next one.
    fn note(
        &mut self,
        mut header: Header,
        kind: EntryType,
        name: &str,
        bytes: &[u8],
    ) -> io::Result<()> {
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes.len() as u64);
        self.builder.append_data(&mut header, name, bytes)
    }
}

impl Archive for Tar {
    fn folder(&mut self, item: &Item) -> io::Result<()> {
        let mut header = self.header(item, EntryType::Directory, 0)?;
        // The slash says it to those who don't know the kind.
        let mut name = item.name.clone().into_os_string();
        name.push("/");
        self.builder.append_data(&mut header, name, io::empty())
    }

    fn link(&mut self, item: &Item, target: &Path) -> io::Result<()> {
        // As it stands: `.` and doubled slashes are kept.
        self.linked(item, EntryType::Symlink, &slashed(target))
    }

    fn again(&mut self, item: &Item, first: &Path) -> io::Result<bool> {
        self.linked(item, EntryType::Link, &slashed(first))?;
        Ok(true)
    }

    fn begin(&mut self, item: &Item, bytes: u64) -> io::Result<()> {
        (self.length, self.left) = (bytes, bytes);
        let mut header = self.header(item, EntryType::Regular, bytes)?;
        self.builder
            .append_data(&mut header, &item.name, io::empty())
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        self.builder.get_mut().write_all(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        static ZEROS: [u8; 64 << 10] = [0; 64 << 10];
        let mut zeros = self.left + (self.length.next_multiple_of(BLOCK) - self.length);
        while zeros > 0 {
            let some = usize::try_from(zeros).map_or(ZEROS.len(), |zeros| zeros.min(ZEROS.len()));
            self.builder.get_mut().write_all(&ZEROS[..some])?;
            zeros -= some as u64;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<NewFile> {
        self.builder.into_inner()?.finish()
    }
}

/// `length key=value` and a line feed, of which the length counts itself too.
fn extension_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    loop {
        let record = format!("{length}{rest}");
        if record.len() == length {
            return record;
        }
        length = record.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_record_says_how_long_it_is(value in "[0-9]{1,2000}") {
            let record = extension_record("mtime", &value);
            let (length, rest) = record.split_once(' ').unwrap();
            prop_assert_eq!(length.parse::<usize>().unwrap(), record.len());
            prop_assert_eq!(rest, format!("mtime={value}\n"));
        }
    }
}
