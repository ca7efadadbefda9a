//! Tars, and what comes out of a compressed stream that isn't one: a single file.

use std::{
    cell::Cell,
    io::{self, Read},
    path::Path,
    rc::Rc,
    time::{Duration, SystemTime},
};

use tar::{Archive, Entry, EntryType};
use toolroom_toolkit::SkipReason;

use super::{
    holes::Holes,
    names::Dividers,
    report::{Kind, Reason, Stop},
    source::Meter,
    unpacker::{Item, Outcome, Unpacker},
};

/// The longest that what stands between two files may be: long names, and lists of holes.
const LONGEST_HEADERS: u64 = 16 << 20;

/// Unpacks a tar.
pub fn unpack_tar(to: &mut Unpacker, stream: impl Read) -> Result<(), Stop> {
    let room = Rc::new(Cell::new(Some(LONGEST_HEADERS)));
    let guard = Guard {
        stream,
        room: room.clone(),
        meter: to.meter.clone(),
    };
    let meter = to.meter.clone();
    let why = |error: &io::Error| meter.why(error);
    let mut archive = Archive::new(guard);
    let entries = archive.entries().map_err(|error| why(&error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| why(&error))?;
        room.set(None);
        tar_entry(to, &mut entry)?;
        to.drain(&mut entry).map_err(|error| why(&error))?;
        room.set(Some(LONGEST_HEADERS));
    }
    // What follows is padding; but that the stream is whole is known only at its end.
    room.set(None);
    let mut rest = archive.into_inner();
    to.drain(&mut rest).map_err(|error| why(&error))?;
    Ok(())
}

fn tar_entry<R: Read>(to: &mut Unpacker, entry: &mut Entry<'_, R>) -> Result<(), Stop> {
    let kind = entry.header().entry_type();
    if matches!(kind, EntryType::XGlobalHeader) || kind.as_byte() == b'V' {
        return Ok(());
    }
    to.meter.entry()?;
    let told = Told::of(entry).map_err(|error| to.meter.why(&error))?;
    let name = told
        .name
        .clone()
        .unwrap_or_else(|| entry.path_bytes().into_owned());
    let item = Item {
        name: &name,
        dividers: Dividers::Slashes,
        modified: told.modified,
        mode: entry.header().mode().ok(),
    };
    match kind {
        EntryType::Directory => to.folder(&item),
        // Before there was a kind for folders.
        EntryType::Regular if name.ends_with(b"/") => to.folder(&item),
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            let size = entry.size();
            let mut whole = Whole {
                reader: entry,
                left: size,
            };
            let outcome = match told.sparse {
                None => to.file(&item, &mut whole)?,
                Some((1, _)) => match Holes::read(&mut whole, told.real_size) {
                    Ok(mut file) => to.file(&item, &mut file)?,
                    Err(error) => Outcome::Broken(error),
                },
                Some(_) => {
                    to.skip(&item, Reason::Unsupported);
                    Outcome::Settled
                }
            };
            match outcome {
                Outcome::Settled => Ok(()),
                Outcome::Broken(error) => match to.meter.why(&error) {
                    Stop::Damaged(why) => {
                        to.skip_saying(&item, Reason::Damaged, &why);
                        Err(Stop::Damaged(why))
                    }
                    stop => Err(stop),
                },
            }
        }
        EntryType::Link | EntryType::Symlink => {
            let kind = match kind {
                EntryType::Link => Kind::HardLink,
                _ => Kind::SymbolicLink,
            };
            let target = entry.link_name_bytes().unwrap_or_default();
            to.link(&item, kind, &target);
            Ok(())
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            to.skip(&item, Reason::Skip(SkipReason::SpecialFile));
            Ok(())
        }
        _ => {
            to.skip(&item, Reason::Unsupported);
            Ok(())
        }
    }
}

/// What stands in a header's extensions.
#[derive(Default)]
struct Told {
    modified: Option<SystemTime>,
    /// A file with holes: the version of how they are told, where it isn't the header itself.
    sparse: Option<(u32, u32)>,
    name: Option<Vec<u8>>,
    real_size: u64,
}

impl Told {
    fn of<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Self> {
        let seconds = entry.header().mtime().ok();
        let mut told = Self {
            modified: seconds
                .and_then(|at| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at))),
            ..Self::default()
        };
        let Some(extensions) = entry.pax_extensions()? else {
            return Ok(told);
        };
        let mut version = (None, 0);
        for extension in extensions.flatten() {
            let text = || std::str::from_utf8(extension.value_bytes()).unwrap_or_default();
            match extension.key_bytes() {
                b"mtime" => told.modified = decimal_time(text()).or(told.modified),
                b"GNU.sparse.major" => version.0 = text().parse().ok(),
                b"GNU.sparse.minor" => version.1 = text().parse().unwrap_or_default(),
                b"GNU.sparse.map" | b"GNU.sparse.offset" => version.0 = version.0.or(Some(0)),
                b"GNU.sparse.name" => told.name = Some(extension.value_bytes().to_vec()),
                b"GNU.sparse.realsize" => told.real_size = text().parse().unwrap_or_default(),
                _ => {}
            }
        }
        told.sparse = version.0.map(|major| (major, version.1));
        Ok(told)
    }
}

/// `1700000000.123456789`, also before 1970.
fn decimal_time(text: &str) -> Option<SystemTime> {
    let (digits, is_before) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let (seconds, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut nanos = 0;
    for place in 0..9 {
        let digit = fraction.as_bytes().get(place).copied().unwrap_or(b'0');
        nanos = nanos * 10 + u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    let length = Duration::new(seconds.parse().ok()?, nanos);
    match is_before {
        true => SystemTime::UNIX_EPOCH.checked_sub(length),
        false => SystemTime::UNIX_EPOCH.checked_add(length),
    }
}

/// Counts what comes out of the stream, and lets no header grow without end.
struct Guard<R> {
    stream: R,
    /// How much longer the headers may be; nothing while a file is read, which is counted elsewhere.
    room: Rc<Cell<Option<u64>>>,
    meter: Rc<Meter>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        let Some(room) = self.room.get() else {
            self.meter.look()?;
            return Ok(read);
        };
        self.meter.unpack(read)?;
        match room.checked_sub(read as u64) {
            Some(left) => self.room.set(Some(left)),
            None => return Err(io::Error::other("one of its headers is too long")),
        }
        Ok(read)
    }
}

/// An entry's bytes, of which none may be missing.
struct Whole<'a, R> {
    reader: &'a mut R,
    left: u64,
}

impl<R: Read> Read for Whole<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// Unpacks the one file in a compressed stream. It is called like the archive, without the ending.
pub fn unpack_single(
    to: &mut Unpacker,
    mut stream: impl Read,
    archive: &Path,
    modified: Option<SystemTime>,
) -> Result<(), Stop> {
    to.meter.entry()?;
    let name = match (archive.file_stem(), archive.extension()) {
        (Some(stem), Some(_)) => stem.to_owned(),
        (stem, _) => {
            let mut name = stem.unwrap_or_default().to_owned();
            name.push(".out");
            name
        }
    };
    let item = Item {
        name: name.as_encoded_bytes(),
        dividers: Dividers::Slashes,
        modified,
        mode: None,
    };
    match to.file(&item, &mut stream)? {
        Outcome::Settled => to
            .drain(&mut stream)
            .map(drop)
            .map_err(|error| to.meter.why(&error)),
        Outcome::Broken(error) => Err(to.meter.why(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_times_are_read_on_both_sides_of_1970() {
        let time = |text| {
            let time = decimal_time(text)?;
            Some(match time.duration_since(SystemTime::UNIX_EPOCH) {
                Ok(after) => after.as_nanos().cast_signed(),
                Err(before) => -before.duration().as_nanos().cast_signed(),
            })
        };
        assert_eq!(time("1.5"), Some(1_500_000_000));
        assert_eq!(time("-1.25"), Some(-1_250_000_000));
        assert_eq!(time("7"), Some(7_000_000_000));
        assert_eq!(time("1.0000000019"), Some(1_000_000_001));
        for text in ["", "x", "1.x", "--1"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
