//! Zips without the list at their end, as a broken download leaves them: what is there is found by
//! going from one file's own header to the next. Modes and symbolic links are told by the list alone;
//! the rest is in the headers.

use std::{
    cell::Cell,
    io::{self, BufReader, Read},
};

use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, ReaderAt,
    extra_fields::{ExtraFieldId, ExtraFields},
};

use super::{
    names::{Dividers, from_zip},
    report::{Reason, Stop},
    source::Source,
    unpacker::{Item, Outcome, Unpacker},
    zips::decoder,
};

const BUFFER: usize = 128 << 10;
const FIXED: usize = 30;
const SIGNATURE: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// Unpacks what can be found. It never ends well, since something is missing for sure.
pub fn unpack_listless(to: &mut Unpacker, source: &Source) -> Result<(), Stop> {
    let mut at = 0;
    while let Some(header) = Header::read(source, at) {
        to.meter.entry()?;
        match unpack_at(to, source, &header)? {
            Some(next) => at = next,
            None => break,
        }
    }
    if let Some(stop) = to.meter.known_reason() {
        return Err(stop);
    }
    Err(Stop::Damaged(
        "the list at its end is missing; permissions and symbolic links are told only there, so that links came out as files"
            .to_owned(),
    ))
}

/// A file's own header.
struct Header {
    flags: u16,
    method: CompressionMethod,
    crc: u32,
    packed: u64,
    bytes: u64,
    name: Vec<u8>,
    /// Where its bytes begin.
    body: u64,
    is_long: bool,
}

const IS_ENCRYPTED: u16 = 1;
const IS_TOLD_AFTER: u16 = 1 << 3;
const IS_UTF8: u16 = 1 << 11;

impl Header {
    fn read(source: &Source, at: u64) -> Option<Self> {
        let mut fixed = [0; FIXED];
        source.read_exact_at(&mut fixed, at).ok()?;
        if fixed[..4] != SIGNATURE {
            return None;
        }
        let short = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
        let long = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
        let (name, extra) = (usize::from(short(26)), usize::from(short(28)));
        let mut rest = vec![0; name + extra];
        source.read_exact_at(&mut rest, at + FIXED as u64).ok()?;
        let (mut packed, mut bytes) = (u64::from(long(18)), u64::from(long(22)));
        let mut is_long = false;
        for (id, field) in ExtraFields::new(&rest[name..]) {
            if id == ExtraFieldId::ZIP64 {
                is_long = true;
                let number = |at: usize| {
                    let bytes = field.get(at..at + 8)?.first_chunk::<8>()?;
                    Some(u64::from_le_bytes(*bytes))
                };
                let mut next = 0;
                if bytes == u64::from(u32::MAX) {
                    bytes = number(next)?;
                    next += 8;
                }
                if packed == u64::from(u32::MAX) {
                    packed = number(next)?;
                }
            }
        }
        rest.truncate(name);
        Some(Self {
            flags: short(6),
            method: CompressionMethod::new(short(8)),
            crc: long(14),
            packed,
            bytes,
            name: rest,
            body: at + (FIXED + name + extra) as u64,
            is_long,
        })
    }

    fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// Unpacks one file, and tells where the next header is, if that can be known.
fn unpack_at(to: &mut Unpacker, source: &Source, header: &Header) -> Result<Option<u64>, Stop> {
    let name = from_zip(&header.name, header.has(IS_UTF8), false);
    let item = Item {
        name: &name,
        dividers: Dividers::Slashes,
        modified: None,
        mode: None,
    };
    let next = header.body.checked_add(header.packed);
    let is_told_after = header.has(IS_TOLD_AFTER);
    if header.has(IS_ENCRYPTED) {
        to.skip(&item, Reason::Encrypted);
        return Ok(next.filter(|_| !is_told_after));
    }
    if name.ends_with(b"/") {
        to.folder(&item)?;
        return Ok(next);
    }
    let body = BufReader::with_capacity(BUFFER, source.from(header.body));
    if is_told_after {
        if header.method != CompressionMethod::DEFLATE {
            to.skip(&item, Reason::Damaged);
            return Ok(None);
        }
        let after = Cell::new(0);
        let mut file = Ending {
            stream: Checked::new(DeflateDecoder::new(body)),
            source,
            header,
            after: &after,
        };
        let outcome = to.file(&item, &mut file)?;
        if after.get() == 0 && matches!(outcome, Outcome::Settled) {
            // Left out, but its end must be found all the same.
            to.drain(&mut file).map_err(|error| to.meter.why(&error))?;
        }
        return settle(
            to,
            &item,
            outcome,
            Some(after.get()).filter(|after| *after > 0),
        );
    }
    let unpacked = match decoder(header.method, body.take(header.packed), header.bytes) {
        Ok(Some(unpacked)) => unpacked,
        Ok(None) => {
            to.skip(&item, Reason::Unsupported);
            return Ok(next);
        }
        Err(error) => return settle(to, &item, Outcome::Broken(error), next),
    };
    let mut file = Sized {
        stream: Checked::new(unpacked),
        header,
    };
    let outcome = to.file(&item, &mut file)?;
    settle(to, &item, outcome, next)
}

fn settle(
    to: &mut Unpacker,
    item: &Item<'_>,
    outcome: Outcome,
    next: Option<u64>,
) -> Result<Option<u64>, Stop> {
    if let Outcome::Broken(error) = outcome {
        match to.meter.why(&error) {
            Stop::Damaged(why) => to.skip_saying(item, Reason::Damaged, &why),
            stop => return Err(stop),
        }
    }
    Ok(next)
}

/// Keeps the checksum and the length of what is read.
struct Checked<R> {
    reader: R,
    sum: crc32fast::Hasher,
    bytes: u64,
}

impl<R: Read> Checked<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            sum: crc32fast::Hasher::new(),
            bytes: 0,
        }
    }

    fn holds(&self, crc: u32) -> io::Result<()> {
        match self.sum.clone().finalize() == crc {
            true => Ok(()),
            false => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its checksum does not match",
            )),
        }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.sum.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// A file whose header tells all.
struct Sized<'a, R> {
    stream: Checked<R>,
    header: &'a Header,
}

impl<R: Read> Read for Sized<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            if self.stream.bytes != self.header.bytes {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.stream.holds(self.header.crc)?;
        }
        Ok(read)
    }
}

/// A file whose length and checksum stand after it.
struct Ending<'a, R> {
    stream: Checked<DeflateDecoder<R>>,
    source: &'a Source,
    header: &'a Header,
    /// Where what comes after it begins, once that is known.
    after: &'a Cell<u64>,
}

impl<R: io::BufRead> Read for Ending<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        if read > 0 || buffer.is_empty() || self.after.get() > 0 {
            return Ok(read);
        }
        let end = self.header.body + self.stream.reader.total_in();
        let mut told = [0; 8];
        self.source.read_exact_at(&mut told, end)?;
        let (signature, crc) = match told.first_chunk::<4>() {
            Some(&DESCRIPTOR) => (4, [told[4], told[5], told[6], told[7]]),
            _ => (0, [told[0], told[1], told[2], told[3]]),
        };
        self.stream.holds(u32::from_le_bytes(crc))?;
        let sizes = if self.header.is_long { 16 } else { 8 };
        self.after.set(end + signature + 4 + sizes);
        Ok(0)
    }
}
