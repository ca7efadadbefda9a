//! 7z archives. Files are packed together in blocks: what is damaged takes the rest of its block with
//! it, and no more.

use std::{
    io::{self, Read},
    time::SystemTime,
};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Error, Password};
use toolroom_toolkit::SkipReason;

use super::{
    names::Dividers,
    report::{Kind, Reason, Stop},
    source::Source,
    unpacker::{Item, Outcome, Unpacker},
};

const LONGEST_LINK: u64 = 4096;
/// The attribute that says that the upper half is a mode on Unix.
const HAS_MODE: u32 = 0x8000;
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;
const FILE: u32 = 0o100_000;

/// Unpacks a 7z archive.
pub fn unpack_7z(to: &mut Unpacker, source: &Source) -> Result<(), Stop> {
    let password = Password::empty();
    let mut source = source.from(0);
    let archive = Archive::read(&mut source, &password).map_err(|error| why(to, &error))?;
    let mut damaged = 0;
    for index in 0..archive.blocks.len() {
        damaged += block(to, &archive, index, &mut source)?;
    }
    for (file, index) in archive
        .files
        .iter()
        .zip(&archive.stream_map.file_block_index)
    {
        if index.is_none() {
            to.meter.entry()?;
            damaged += u64::from(!entry(to, file, &mut io::empty())?);
        }
    }
    match damaged {
        0 => Ok(()),
        1 => Err(Stop::Damaged("one file in it could not be read".to_owned())),
        damaged => Err(Stop::Damaged(format!(
            "{damaged} files in it could not be read"
        ))),
    }
}

/// How many of a block's files were damaged.
fn block(
    to: &mut Unpacker,
    archive: &Archive,
    index: usize,
    source: &mut Source,
) -> Result<u64, Stop> {
    let password = Password::empty();
    let decoder = BlockDecoder::new(1, index, archive, &password, source);
    let files = decoder.entries().to_vec();
    let is_ours = |file: &ArchiveEntry| file.has_stream;
    let lost = match archive.blocks.get(index) {
        Some(block) => block
            .coders
            .iter()
            .find_map(|coder| match coder.encoder_method_id() {
                EncoderMethod::ID_AES256_SHA256 => Some(Reason::Encrypted),
                EncoderMethod::ID_BZIP2 | EncoderMethod::ID_BROTLI | EncoderMethod::ID_LZ4 => {
                    Some(Reason::Unsupported)
                }
                _ => None,
            }),
        None => None,
    };
    if let Some(reason) = lost {
        for file in files.iter().filter(|file| is_ours(file)) {
            to.meter.entry()?;
            to.skip(&item(file), reason);
        }
        return Ok(0);
    }
    let mut done = 0;
    let mut damaged = 0;
    let mut stop = None;
    let result = decoder.for_each_entries(&mut |file: &ArchiveEntry, stream: &mut dyn Read| {
        done += 1;
        let mut stream = UntilBroken::new(stream);
        let unpacked = to.meter.entry().and_then(|()| entry(to, file, &mut stream));
        match unpacked {
            Ok(is_good) => {
                damaged += u64::from(!is_good);
                // What was left out must be read too: what comes after it is packed with it. By us, who
                // count it: a damaged entry may claim to be of any size.
                to.drain(&mut stream).map(|_| true).map_err(Error::from)
            }
            Err(why) => {
                stop = Some(why);
                Ok(false)
            }
        }
    });
    if let Some(stop) = stop {
        return Err(stop);
    }
    if let Err(error) = result {
        let Stop::Damaged(why) = why(to, &error) else {
            return Err(self::why(to, &error));
        };
        // The last that was begun may have been told of already.
        for file in files.iter().skip(done).filter(|file| is_ours(file)) {
            to.skip_saying(&item(file), Reason::Damaged, &why);
            damaged += 1;
        }
        damaged = damaged.max(1);
    }
    Ok(damaged)
}

/// A block's stream that isn't read on once it broke: what decodes it may then turn round for ever.
struct UntilBroken<'a> {
    stream: &'a mut dyn Read,
    broken: Option<(io::ErrorKind, String)>,
}

impl<'a> UntilBroken<'a> {
    fn new(stream: &'a mut dyn Read) -> Self {
        Self {
            stream,
            broken: None,
        }
    }
}

impl Read for UntilBroken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some((kind, why)) = &self.broken {
            return Err(io::Error::new(*kind, why.clone()));
        }
        let read = self.stream.read(buffer);
        if let Err(error) = &read
            && error.kind() != io::ErrorKind::Interrupted
            && !is_wrong_sum(error)
        {
            self.broken = Some((error.kind(), error.to_string()));
        }
        read
    }
}

/// Whether a file was read to its end and only isn't what it was: those after it may be in order.
fn is_wrong_sum(error: &io::Error) -> bool {
    let why = error.get_ref().and_then(|why| why.downcast_ref::<Error>());
    matches!(why, Some(Error::ChecksumVerificationFailed))
}

fn item(file: &ArchiveEntry) -> Item<'_> {
    let modified = file
        .has_last_modified_date
        .then(|| SystemTime::from(file.last_modified_date));
    Item {
        name: file.name.as_bytes(),
        dividers: Dividers::Slashes,
        modified,
        mode: mode(file),
    }
}

fn mode(file: &ArchiveEntry) -> Option<u32> {
    let attributes = file.windows_attributes;
    let has_mode = file.has_windows_attributes && attributes & HAS_MODE != 0;
    has_mode.then_some(attributes >> 16)
}

/// Whether it was in order.
fn entry(to: &mut Unpacker, file: &ArchiveEntry, stream: &mut dyn Read) -> Result<bool, Stop> {
    let item = item(file);
    if file.is_anti_item {
        to.skip_saying(
            &item,
            Reason::Unsupported,
            "it says that a file is to be removed",
        );
        return Ok(true);
    }
    if file.is_directory {
        return to.folder(&item).map(|()| true);
    }
    let broken = |to: &mut Unpacker, error: &io::Error| match to.meter.why(error) {
        Stop::Damaged(why) => {
            to.skip_saying(&item, Reason::Damaged, &why);
            Ok(false)
        }
        stop => Err(stop),
    };
    match mode(file).map_or(FILE, |mode| mode & KIND) {
        FILE | 0 => {}
        LINK => {
            let mut target = Vec::new();
            return match stream.take(LONGEST_LINK + 1).read_to_end(&mut target) {
                Ok(read) if read as u64 <= LONGEST_LINK => {
                    to.link(&item, Kind::SymbolicLink, &target);
                    Ok(true)
                }
                Ok(_) => {
                    to.skip(&item, Reason::LinkLeadsOut);
                    Ok(true)
                }
                Err(error) => broken(to, &error),
            };
        }
        _ => {
            to.skip(&item, Reason::Skip(SkipReason::SpecialFile));
            return Ok(true);
        }
    }
    match to.file(&item, stream)? {
        Outcome::Settled => Ok(true),
        Outcome::Broken(error) => broken(to, &error),
    }
}

fn why(to: &Unpacker, error: &Error) -> Stop {
    if let Some(stop) = to.meter.known_reason() {
        return stop;
    }
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Stop::Encrypted,
        Error::UnsupportedCompressionMethod(method) if method.contains("AES") => Stop::Encrypted,
        Error::ChecksumVerificationFailed => Stop::Damaged("a checksum does not match".to_owned()),
        Error::NextHeaderCrcMismatch => {
            Stop::Damaged("the checksum of its list does not match".to_owned())
        }
        Error::Io(error, _) => Stop::Damaged(error.to_string()),
        Error::Other(why) | Error::Unsupported(why) => Stop::Damaged(why.to_string()),
        error => Stop::Damaged(format!("{error:?}")),
    }
}
