//! Digests of files, read in pieces small enough that a cancel is soon heard.

use std::{
    fmt::Write as _,
    io::{self, Read},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use xxhash_rust::xxh3;

/// A digest algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Algorithm {
    /// 256 bits. The fastest on long files; uses every core.
    #[default]
    #[schemars(title = "BLAKE3")]
    Blake3,
    /// 256 bits. The most widely known.
    #[schemars(title = "SHA-256")]
    Sha256,
    /// 512 bits.
    #[schemars(title = "SHA-512")]
    Sha512,
    /// 128 bits. The least work of all; finds what was damaged, not what was forged.
    #[schemars(title = "XXH3")]
    Xxh3,
}

/// A digest in the making.
pub enum Digester {
    /// BLAKE3, over all cores.
    Blake3(Box<blake3::Hasher>),
    /// SHA-256.
    Sha256(sha2::Sha256),
    /// SHA-512.
    Sha512(sha2::Sha512),
    /// XXH3 with 128 bits.
    Xxh3(Box<xxh3::Xxh3>),
}

impl Digester {
    /// A digest of nothing yet.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Blake3 => Self::Blake3(Box::new(blake3::Hasher::new())),
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            Algorithm::Xxh3 => Self::Xxh3(Box::new(xxh3::Xxh3::new())),
        }
    }

    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        /// Below this, dividing the work among cores costs more than it gains.
        const WORTH_DIVIDING: usize = 128 * 1024;
        match self {
            Self::Blake3(hasher) if bytes.len() >= WORTH_DIVIDING => {
                hasher.update_rayon(bytes);
            }
            Self::Blake3(hasher) => {
                hasher.update(bytes);
            }
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
            Self::Xxh3(hasher) => hasher.update(bytes),
        }
    }

    /// The digest in lower-case hexadecimal.
    pub fn finish(self) -> String {
        match self {
            Self::Blake3(hasher) => hasher.finalize().to_hex().to_string(),
            Self::Sha256(hasher) => hex(&hasher.finalize()),
            Self::Sha512(hasher) => hex(&hasher.finalize()),
            // As a number, which is how xxh128sum prints it.
            Self::Xxh3(hasher) => format!("{:032x}", hasher.digest128()),
        }
    }
}

/// The digest and the length of a file, read through `buffer`. `keep_going` is told of every piece
/// read; when it answers no, the reading stops and there is no digest.
///
/// # Errors
/// When the file can't be read.
pub fn digest_file(
    file: &mut impl Read,
    algorithm: Algorithm,
    buffer: &mut [u8],
    mut keep_going: impl FnMut(u64) -> bool,
) -> io::Result<Option<(String, u64)>> {
    let mut digester = Digester::new(algorithm);
    let mut length = 0;
    if !keep_going(0) {
        return Ok(None);
    }
    loop {
        let read = match file.read(buffer) {
            Ok(0) => return Ok(Some((digester.finish(), length))),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digester.update(&buffer[..read]);
        length += read as u64;
        if !keep_going(read as u64) {
            return Ok(None);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digest(algorithm: Algorithm, bytes: &[u8]) -> String {
        let mut digester = Digester::new(algorithm);
        digester.update(bytes);
        digester.finish()
    }

    /// The published test vectors: FIPS 180-4, the BLAKE3 paper's repository, the xxHash specification.
    #[test]
    fn digests_equal_the_published_vectors() {
        assert_eq!(
            digest(Algorithm::Sha256, b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digest(Algorithm::Sha512, b"abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
        assert_eq!(
            digest(Algorithm::Blake3, b""),
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
        assert_eq!(
            digest(Algorithm::Xxh3, b""),
            "99aa06d3014798d86001c324468d497f"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_digest_does_not_depend_on_how_the_file_was_cut_into_pieces(
            length in 0usize..600_000,
            piece in 1usize..300_000,
            algorithm in proptest::sample::select(vec![
                Algorithm::Blake3, Algorithm::Sha256, Algorithm::Sha512, Algorithm::Xxh3,
            ]),
        ) {
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let mut told = 0;
            let result = digest_file(&mut &bytes[..], algorithm, &mut vec![0; piece], |read| { told += read; true });
            prop_assert_eq!(result.unwrap(), Some((digest(algorithm, &bytes), length as u64)));
            prop_assert_eq!(told, length as u64);
        }
    }

    #[test]
    fn reading_stops_at_the_piece_that_is_answered_with_no() {
        let mut told = 0;
        let result = digest_file(
            &mut &[1; 1000][..],
            Algorithm::Blake3,
            &mut [0; 10],
            |read| {
                told += read;
                told < 50
            },
        );
        assert_eq!(result.unwrap(), None);
        assert_eq!(told, 50);
    }
}
