//! Writes zips, deflated on all cores, with 64-bit lengths where they are needed.

use std::{
    io::{self, Write},
    path::Path,
    sync::mpsc::Receiver,
};

use crc32fast::Hasher;
use rawzip::{
    CompressionMethod, DataDescriptorOutput, Header, ZipArchiveWriter,
    extra_fields::ExtraFieldId,
    path::{EntryPath, ZipFilePath},
    time::UtcDateTime,
};
use toolroom_toolkit::NewFile;

use super::{
    entries::{Archive, Item, slashed},
    out::Out,
    pipeline::{Event, Pipeline},
};

const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;

/// What comes before the bytes of an entry.
pub struct Head {
    name: Vec<u8>,
    seconds: i64,
    mode: u32,
    content: Content,
}

enum Content {
    Folder,
    Empty,
    Link(Vec<u8>),
    /// Blocks follow, until the last.
    Blocks,
}

/// A zip that is being written.
pub struct Zip {
    pipeline: Pipeline<Head, NewFile>,
    is_empty: bool,
}

impl Zip {
    pub fn new(out: Out, level: u32) -> Self {
        Self {
            pipeline: Pipeline::new(level, move |events| write(&events, out)),
            is_empty: true,
        }
    }

    fn head(&mut self, item: &Item, mode: u32, content: Content) -> io::Result<()> {
        self.pipeline.head(Head {
            name: slashed(&item.name).into_owned(),
            seconds: item.seconds(),
            mode,
            content,
        })
    }
}

impl Archive for Zip {
    fn folder(&mut self, item: &Item) -> io::Result<()> {
        self.head(item, FOLDER | (item.mode & 0o7777), Content::Folder)
    }

    fn link(&mut self, item: &Item, target: &Path) -> io::Result<()> {
        self.head(
            item,
            LINK | 0o777,
            Content::Link(slashed(target).into_owned()),
        )
    }

    fn again(&mut self, _: &Item, _: &Path) -> io::Result<bool> {
        Ok(false)
    }

    fn begin(&mut self, item: &Item, bytes: u64) -> io::Result<()> {
        self.is_empty = bytes == 0;
        let content = match self.is_empty {
            true => Content::Empty,
            false => Content::Blocks,
        };
        self.head(item, FILE | (item.mode & 0o7777), content)
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pipeline.write(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        match self.is_empty {
            true => Ok(()),
            false => self.pipeline.end(),
        }
    }

    fn finish(self: Box<Self>) -> io::Result<NewFile> {
        self.pipeline.finish()
    }
}

fn write(events: &Receiver<Event<Head>>, out: Out) -> io::Result<NewFile> {
    let mut zip = ZipArchiveWriter::new(out);
    for event in events {
        // Blocks are taken with their head.
        let Event::Head(head) = event else {
            continue;
        };
        write_entry(&mut zip, events, head)?;
    }
    zip.finish().map_err(told)?.finish()
}

fn write_entry(
    zip: &mut ZipArchiveWriter<Out>,
    events: &Receiver<Event<Head>>,
    mut head: Head,
) -> io::Result<()> {
    // The extra field for times has 32 bits, and none for what was before 1970.
    let seconds = u32::try_from(head.seconds.max(0)).unwrap_or(u32::MAX);
    let time = UtcDateTime::from_unix(i64::from(seconds));
    // The list has it by itself. But unzip reads it here, and else takes the other for local time.
    let mut stamp = [1, 0, 0, 0, 0];
    stamp[1..].copy_from_slice(&seconds.to_le_bytes());
    if let Content::Folder = head.content {
        head.name.push(b'/');
        return zip
            .new_dir(path(&head.name))
            .last_modified(time)
            .extra_field(ExtraFieldId::EXTENDED_TIMESTAMP, &stamp, Header::LOCAL)
            .map_err(told)?
            .unix_permissions(head.mode)
            .create()
            .map(drop)
            .map_err(told);
    }
    let method = match head.content {
        Content::Blocks => CompressionMethod::DEFLATE,
        _ => CompressionMethod::STORE,
    };
    let (mut entry, _) = zip
        .new_file(path(&head.name))
        .compression_method(method)
        .last_modified(time)
        .extra_field(ExtraFieldId::EXTENDED_TIMESTAMP, &stamp, Header::LOCAL)
        .map_err(told)?
        .unix_permissions(head.mode)
        .start()
        .map_err(told)?;
    let mut sum = Hasher::new();
    let mut length = 0;
    match head.content {
        Content::Folder | Content::Empty => {}
        Content::Link(target) => {
            sum.update(&target);
            length = target.len() as u64;
            entry.write_all(&target)?;
        }
        Content::Blocks => loop {
            let Ok(Event::Block(packed)) = events.recv() else {
                return Err(io::ErrorKind::BrokenPipe.into());
            };
            let packed = packed.recv().map_err(io::Error::other)?;
            entry.write_all(&packed.bytes)?;
            sum.combine(&packed.sum);
            length += packed.length;
            if packed.is_last {
                break;
            }
        },
    }
    let descriptor = DataDescriptorOutput::new(sum.finalize(), length);
    entry.finish(descriptor).map(drop).map_err(told)
}

/// Marked as UTF-8 if it is that and more than ASCII; but never in other words, as it would be where the
/// name holds a backslash.
fn path(name: &[u8]) -> EntryPath<'_> {
    match std::str::from_utf8(name) {
        Ok(text) if ZipFilePath::from_str(text).as_str() == text => EntryPath::conformant(text),
        _ => EntryPath::verbatim(name),
    }
}

/// What the disk said, if it was the disk.
fn told(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => error,
        kind => io::Error::other(kind.to_string()),
    }
}
