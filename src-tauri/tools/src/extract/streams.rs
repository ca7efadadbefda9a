//! What an archive is, told by its first bytes, and the streams that tars come in.

use std::{
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
};

use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;

use super::report::Format;

const BUFFER: usize = 256 << 10;
/// What xz may ask for: its highest setting takes 65 MiB.
const XZ_MEMORY_KIB: u32 = 1 << 20;
const BLOCK: usize = 512;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Zip,
    SevenZip,
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Tar,
    Unknown,
}

/// Told by the first 512 bytes, or as many as there are.
pub fn packing(start: &[u8]) -> Packing {
    match start {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Packing::Zip,
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Packing::SevenZip,
        [0x1f, 0x8b, ..] => Packing::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Packing::Zstd,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Packing::Xz,
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Packing::Bzip2,
        start if is_tar(start) => Packing::Tar,
        _ => Packing::Unknown,
    }
}

/// Whether a block is a tar header: the sum of its bytes is written in it.
pub fn is_tar(start: &[u8]) -> bool {
    let Some(header) = start.first_chunk::<BLOCK>() else {
        return false;
    };
    let header = tar::Header::from_byte_slice(header);
    let Ok(written) = header.cksum() else {
        return false;
    };
    let bytes = header.as_bytes();
    let rest = bytes[..148].iter().chain(&bytes[156..]);
    let sum = rest.fold(8 * 32, |sum, byte| sum + u32::from(*byte));
    bytes.iter().any(|byte| *byte != 0) && sum == written
}

/// What comes out of a stream, and what that is.
pub fn unpacked<'a, R: Read + 'a>(
    packing: Packing,
    source: R,
    name: &Path,
) -> io::Result<(Format, Box<dyn Read + 'a>)> {
    let source = BufReader::with_capacity(BUFFER, source);
    let mut stream: Box<dyn Read> = match packing {
        Packing::Gzip => Box::new(Gunzip::new(source)),
        Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(source)?),
        Packing::Xz => Box::new(XzReader::new_mem_limit(source, true, XZ_MEMORY_KIB)),
        _ => return Ok((Format::Tar, Box::new(source))),
    };
    let mut start = Vec::new();
    let result = (&mut stream).take(BLOCK as u64).read_to_end(&mut start);
    let tar = is_tar(&start) || (start.iter().all(|byte| *byte == 0) && names_a_tar(name));
    let format = match (packing, tar) {
        (Packing::Gzip, true) => Format::TarGz,
        (Packing::Gzip, false) => Format::Gz,
        (Packing::Zstd, true) => Format::TarZst,
        (Packing::Zstd, false) => Format::Zst,
        (_, true) => Format::TarXz,
        (_, false) => Format::Xz,
    };
    // What went wrong is met again by whoever reads on: here it isn't known yet what was good.
    let start = Cursor::new(start);
    let stream: Box<dyn Read> = match result {
        Ok(_) => Box::new(start.chain(stream)),
        Err(error) => Box::new(start.chain(Failing(Some(error)))),
    };
    Ok((format, stream))
}

/// An empty tar has no header by which it could be known.
fn names_a_tar(name: &Path) -> bool {
    let name = name.as_os_str().to_string_lossy().to_ascii_lowercase();
    name.contains(".tar")
        || [".tgz", ".tzst", ".txz"]
            .iter()
            .any(|end| name.ends_with(end))
}

struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match self.0.take() {
            Some(error) => Err(error),
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// Gzip, one member after the other. What follows the last and is none is padding, as from a tape, and
/// is left alone, as gzip does.
struct Gunzip<R: BufRead> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gunzip<R> {
    fn new(source: R) -> Self {
        Self {
            member: Some(GzDecoder::new(source)),
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.member else {
                return Ok(0);
            };
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            self.member = match self.member.take().map(GzDecoder::into_inner) {
                Some(mut rest) => {
                    let is_member = rest.fill_buf()?.starts_with(&[0x1f]);
                    is_member.then(|| GzDecoder::new(rest))
                }
                None => None,
            };
        }
    }
}
