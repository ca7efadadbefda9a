//! Which algorithm a digest is of that doesn't say so itself: by its length and the manifest's name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::manifest::{LineProblem, LineReason, digits};
use crate::support::digest::Algorithm;

/// How the digests of a manifest were computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Choice {
    /// As the lines say, their length, and the manifest's name. Where BLAKE3 and SHA-256 are both
    /// possible, a file that fits either is in order.
    #[default]
    #[schemars(title = "Find out")]
    Auto,
    /// As b3sum does.
    #[schemars(title = "BLAKE3")]
    Blake3,
    /// As sha256sum does.
    #[schemars(title = "SHA-256")]
    Sha256,
    /// As sha512sum does.
    #[schemars(title = "SHA-512")]
    Sha512,
    /// As xxh128sum does.
    #[schemars(title = "XXH3")]
    Xxh3,
}

impl Choice {
    fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::Auto => None,
            Self::Blake3 => Some(Algorithm::Blake3),
            Self::Sha256 => Some(Algorithm::Sha256),
            Self::Sha512 => Some(Algorithm::Sha512),
            Self::Xxh3 => Some(Algorithm::Xxh3),
        }
    }
}

/// What a manifest's name says of its digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    Is(Algorithm),
    /// One that isn't known here, and how many digits it has.
    IsOther(&'static str, usize),
}

const HINTS: &[(&str, Hint)] = &[
    ("sha3-256", Hint::IsOther("SHA3-256", 64)),
    ("sha3-512", Hint::IsOther("SHA3-512", 128)),
    ("blake2s", Hint::IsOther("BLAKE2s", 64)),
    ("blake2", Hint::IsOther("BLAKE2b", 128)),
    ("b2sum", Hint::IsOther("BLAKE2b", 128)),
    ("md5", Hint::IsOther("MD5", 32)),
    ("sha256", Hint::Is(Algorithm::Sha256)),
    ("sha-256", Hint::Is(Algorithm::Sha256)),
    ("sha2-256", Hint::Is(Algorithm::Sha256)),
    ("sha512", Hint::Is(Algorithm::Sha512)),
    ("sha-512", Hint::Is(Algorithm::Sha512)),
    ("sha2-512", Hint::Is(Algorithm::Sha512)),
    ("blake3", Hint::Is(Algorithm::Blake3)),
    ("b3sum", Hint::Is(Algorithm::Blake3)),
    (".b3", Hint::Is(Algorithm::Blake3)),
    ("xxh", Hint::Is(Algorithm::Xxh3)),
];

/// The algorithms that a bare digest of `length` digits can be of, in a manifest of that name.
///
/// # Errors
/// If none of those that are known here can be meant.
pub fn candidates(
    length: usize,
    manifest: &str,
    choice: Choice,
) -> Result<&'static [Algorithm], LineProblem> {
    let by_length: &[_] = match length {
        32 => &[Algorithm::Xxh3],
        64 => &[Algorithm::Sha256, Algorithm::Blake3],
        128 => &[Algorithm::Sha512],
        _ => {
            return Err(LineProblem::new(
                LineReason::UnknownAlgorithm,
                format!(
                    "Its digest has {length} digits, as none of BLAKE3, SHA-256, SHA-512 and XXH3 (128 bits) has."
                ),
            ));
        }
    };
    if let Some(chosen) = choice.algorithm() {
        return by_length
            .iter()
            .position(|algorithm| *algorithm == chosen)
            .map(|index| &by_length[index..=index])
            .ok_or_else(|| {
                LineProblem::new(
                    LineReason::WrongLength,
                    format!(
                        "Its digest has {length} digits, and one of the algorithm that was chosen has {}.",
                        digits(chosen)
                    ),
                )
            });
    }
    let name = manifest.to_ascii_lowercase();
    let hint = HINTS.iter().find(|(part, hint)| {
        name.contains(part)
            && match hint {
                Hint::Is(algorithm) => digits(*algorithm) == length,
                Hint::IsOther(_, digits) => *digits == length,
            }
    });
    match hint {
        Some((_, Hint::Is(hinted))) => Ok(by_length
            .iter()
            .position(|algorithm| algorithm == hinted)
            .map_or(by_length, |index| &by_length[index..=index])),
        Some((_, Hint::IsOther(other, _))) => Err(LineProblem::new(
            LineReason::UnknownAlgorithm,
            format!(
                "By the manifest's name it is a digest by {other}, which can't be verified here. If it is another's, choose the algorithm."
            ),
        )),
        None => Ok(by_length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(length: usize, manifest: &str, choice: Choice) -> Result<Vec<Algorithm>, LineReason> {
        candidates(length, manifest, choice)
            .map(<[_]>::to_vec)
            .map_err(|problem| problem.reason)
    }

    #[test]
    fn the_length_tells_and_the_name_where_two_are_of_one_length() {
        use Algorithm::{Blake3, Sha256, Sha512, Xxh3};
        let auto = Choice::Auto;
        assert_eq!(told(32, "sums", auto), Ok(vec![Xxh3]));
        assert_eq!(told(128, "sums", auto), Ok(vec![Sha512]));
        assert_eq!(told(64, "sums", auto), Ok(vec![Sha256, Blake3]));
        assert_eq!(told(64, "SHA256SUMS.txt", auto), Ok(vec![Sha256]));
        assert_eq!(told(64, "photos.b3", auto), Ok(vec![Blake3]));
        // The name is of another length: nothing is said by it.
        assert_eq!(told(128, "SHA256SUMS", auto), Ok(vec![Sha512]));
        assert_eq!(told(64, "SHA256SUMS", Choice::Blake3), Ok(vec![Blake3]));
    }

    #[test]
    fn what_none_of_the_known_ones_wrote_is_refused() {
        let auto = Choice::Auto;
        let other = Err(LineReason::UnknownAlgorithm);
        assert_eq!(told(40, "sums", auto), other);
        assert_eq!(told(32, "MD5SUMS", auto), other);
        assert_eq!(told(32, "MD5SUMS", Choice::Xxh3), Ok(vec![Algorithm::Xxh3]));
        assert_eq!(
            told(64, "sums", Choice::Sha512),
            Err(LineReason::WrongLength)
        );
    }
}
