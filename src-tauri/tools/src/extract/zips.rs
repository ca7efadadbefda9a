//! Zips, by the list at their end. The list, like each file, is read only as far as it is needed. A
//! damaged file doesn't stop the rest. Where the list itself is lost, `zip_scan` takes over.

use std::{
    io::{self, BufReader, Read},
    time::{Duration, SystemTime},
};

use rawzip::{
    CompressionMethod, CreatorSystem, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive,
    ZipFileHeaderRecord, ZipLocator, extra_fields::ExtraFieldId, time::ZipDateTimeKind,
};
use toolroom_toolkit::SkipReason;

use super::{
    names::{Dividers, from_zip},
    report::{Kind, Reason, Stop},
    source::Source,
    unpacker::{Item, Outcome, Unpacker},
    zip_scan,
};

const BUFFER: usize = 128 << 10;
/// The longest that systems let a link be.
const LONGEST_LINK: u64 = 4096;
const KIND: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
/// The attribute by which DOS knows folders.
const DOS_FOLDER: u32 = 0x10;

/// Whether there is the list that ends a zip.
pub fn has_list(source: &Source) -> bool {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    ZipLocator::new()
        .locate_in_reader(source.from(0), &mut buffer, source.len())
        .is_ok()
}

/// Unpacks a zip.
pub fn unpack_zip(to: &mut Unpacker, source: &Source) -> Result<(), Stop> {
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let located = ZipLocator::new().locate_in_reader(source.from(0), &mut buffer, source.len());
    let archive = match located {
        Ok(archive) => archive,
        Err(_) => {
            if let Some(stop) = to.meter.known_reason() {
                return Err(stop);
            }
            return zip_scan::unpack_listless(to, source);
        }
    };
    let mut entries = archive.entries(&mut buffer);
    let mut count = 0u64;
    let mut damaged = 0u64;
    loop {
        match entries.next_entry() {
            Ok(Some(record)) => {
                count += 1;
                to.meter.entry()?;
                let entry = ZipItem::of(&record);
                damaged += u64::from(!unpack_entry(to, &archive, &entry)?);
            }
            Ok(None) => break,
            Err(error) => return Err(to.meter.why(&error)),
        }
    }
    // A plain zip counts its entries with 16 bits.
    let missing = archive.entries_hint().wrapping_sub(count);
    if missing & 0xffff != 0 {
        return Err(Stop::Damaged("the list at its end is cut off".to_owned()));
    }
    match damaged {
        0 => Ok(()),
        1 => Err(Stop::Damaged("one file in it could not be read".to_owned())),
        damaged => Err(Stop::Damaged(format!(
            "{damaged} files in it could not be read"
        ))),
    }
}

/// What the list tells of an entry.
struct ZipItem {
    name: Vec<u8>,
    dividers: Dividers,
    modified: Option<SystemTime>,
    mode: Option<u32>,
    kind: u32,
    is_encrypted: bool,
    method: CompressionMethod,
    bytes: u64,
    way: rawzip::ZipArchiveEntryWayfinder,
}

impl ZipItem {
    fn of(record: &ZipFileHeaderRecord<'_>) -> Self {
        let path = record.file_path();
        let system = record.version_made_by().creator_system();
        let is_unix = matches!(system, CreatorSystem::UNIX | CreatorSystem::MACOS);
        let raw = path.as_bytes();
        let name = match unicode_name(record, raw) {
            Some(name) => name,
            None => from_zip(raw, record.flags().is_utf8(), is_unix).into_owned(),
        };
        let attributes = record.external_attributes();
        let mode = (attributes >> 16).min(0xffff);
        let mode = Some(mode).filter(|mode| is_unix && *mode != 0);
        let is_folder =
            record.is_dir() || (!is_unix && (raw.ends_with(b"\\") || attributes & DOS_FOLDER != 0));
        let kind = match mode.map_or(0, |mode| mode & KIND) {
            _ if is_folder => FOLDER,
            0 => FILE,
            kind => kind,
        };
        Self {
            name,
            dividers: match is_unix {
                true => Dividers::Slashes,
                false => Dividers::Both,
            },
            modified: zip_time(&record.last_modified()),
            mode,
            kind,
            is_encrypted: record.flags().is_encrypted(),
            method: record.compression_method(),
            bytes: record.uncompressed_size_hint(),
            way: record.wayfinder(),
        }
    }

    fn item(&self) -> Item<'_> {
        Item {
            name: &self.name,
            dividers: self.dividers,
            modified: self.modified,
            mode: self.mode,
        }
    }
}

/// Some programs give the name in UTF-8 beside, with a checksum of the one that it stands for.
fn unicode_name(record: &ZipFileHeaderRecord<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    const UNICODE_PATH: ExtraFieldId = ExtraFieldId::new(0x7075);
    let (_, field) = record.extra_fields().find(|(id, _)| *id == UNICODE_PATH)?;
    let (head, name) = field.split_first_chunk::<5>()?;
    let sum = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    let holds = head[0] == 1 && sum == rawzip::crc32(raw) && std::str::from_utf8(name).is_ok();
    holds.then(|| name.to_vec())
}

/// Times in UTC if the archive has them; or else, as zips have it, what a clock on a wall said.
pub fn zip_time(time: &ZipDateTimeKind) -> Option<SystemTime> {
    use chrono::TimeZone;
    fn at<Z: TimeZone>(zone: &Z, time: &ZipDateTimeKind) -> Option<SystemTime> {
        let (day, clock) = (
            (
                i32::from(time.year()),
                time.month().into(),
                time.day().into(),
            ),
            (
                time.hour().into(),
                time.minute().into(),
                time.second().into(),
            ),
        );
        let seconds = zone
            .with_ymd_and_hms(day.0, day.1, day.2, clock.0, clock.1, clock.2)
            .earliest()?
            .timestamp();
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let whole = match seconds < 0 {
            true => SystemTime::UNIX_EPOCH.checked_sub(whole)?,
            false => SystemTime::UNIX_EPOCH.checked_add(whole)?,
        };
        whole.checked_add(Duration::from_nanos(time.nanosecond().into()))
    }
    match time {
        ZipDateTimeKind::Utc(_) => at(&chrono::Utc, time),
        ZipDateTimeKind::Local(_) => at(&chrono::Local, time),
    }
}

/// Whether it was in order.
fn unpack_entry<R: ReaderAt>(
    to: &mut Unpacker,
    archive: &ZipArchive<R>,
    entry: &ZipItem,
) -> Result<bool, Stop> {
    let item = entry.item();
    match entry.kind {
        FOLDER => return to.folder(&item).map(|()| true),
        FILE | LINK => {}
        _ => {
            to.skip(&item, Reason::Skip(SkipReason::SpecialFile));
            return Ok(true);
        }
    }
    if entry.is_encrypted {
        to.skip(&item, Reason::Encrypted);
        return Ok(true);
    }
    let found = match archive.get_entry(entry.way) {
        Ok(found) => found,
        Err(error) => return broken(to, &item, &error),
    };
    let packed = BufReader::with_capacity(BUFFER, found.reader());
    let unpacked = match decoder(entry.method, packed, entry.bytes) {
        Ok(Some(unpacked)) => unpacked,
        Ok(None) => {
            let method = format!("by {}", entry.method);
            to.skip_saying(&item, Reason::Unsupported, &method);
            return Ok(true);
        }
        Err(error) => return broken(to, &item, &error),
    };
    let mut verified = found.verifying_reader(unpacked);
    if entry.kind == LINK {
        let mut target = Vec::new();
        match verified.take(LONGEST_LINK + 1).read_to_end(&mut target) {
            Ok(read) if read as u64 <= LONGEST_LINK => {
                to.link(&item, Kind::SymbolicLink, &target);
            }
            Ok(_) => to.skip(&item, Reason::LinkLeadsOut),
            Err(error) => return broken(to, &item, &error),
        }
        return Ok(true);
    }
    match to.file(&item, &mut verified)? {
        Outcome::Settled => Ok(true),
        Outcome::Broken(error) => broken(to, &item, &error),
    }
}

fn broken(to: &mut Unpacker, item: &Item<'_>, error: &dyn std::error::Error) -> Result<bool, Stop> {
    match to.meter.why(error) {
        Stop::Damaged(why) => {
            to.skip_saying(item, Reason::Damaged, &why);
            Ok(false)
        }
        stop => Err(stop),
    }
}

/// What unpacks one method; none if there isn't any.
pub fn decoder<'a, R: io::BufRead + 'a>(
    method: CompressionMethod,
    packed: R,
    bytes: u64,
) -> io::Result<Option<Box<dyn Read + 'a>>> {
    const MOST_MEMORY_KIB: u32 = 1 << 20;
    const XZ: CompressionMethod = CompressionMethod::new(95);
    const LZMA: CompressionMethod = CompressionMethod::new(14);
    Ok(Some(match method {
        CompressionMethod::STORE => Box::new(packed),
        CompressionMethod::DEFLATE => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
        CompressionMethod::DEFLATE64 => Box::new(deflate64::Deflate64Decoder::with_buffer(packed)),
        CompressionMethod::ZSTD => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        XZ => Box::new(lzma_rust2::XzReader::new_mem_limit(
            packed,
            true,
            MOST_MEMORY_KIB,
        )),
        LZMA => lzma(packed, bytes)?,
        _ => return Ok(None),
    }))
}

/// LZMA in a zip: a version, the length of its settings, which is five, and the settings.
fn lzma<'a, R: io::BufRead + 'a>(mut packed: R, bytes: u64) -> io::Result<Box<dyn Read + 'a>> {
    const MOST_DICTIONARY: u32 = 1 << 30;
    let mut head = [0; 9];
    packed.read_exact(&mut head)?;
    let dictionary = u32::from_le_bytes([head[5], head[6], head[7], head[8]]);
    if head[2..4] != [5, 0] || dictionary > MOST_DICTIONARY {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "its LZMA settings are damaged",
        ));
    }
    let reader = lzma_rust2::LzmaReader::new_with_props(packed, bytes, head[4], dictionary, None)?;
    Ok(Box::new(reader))
}
