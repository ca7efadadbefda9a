//! The lines of checksum manifests, as `sha256sum`, `sha512sum`, `b3sum` and `xxh128sum` write them.
//!
//! Three forms are read, after GNU coreutils ("cksum common options") and the manuals of b3sum and
//! xxhsum:
//!
//! ```text
//! DIGEST  NAME          two spaces, or a space and an asterisk
//! SHA256 (NAME) = DIGEST
//! DIGEST NAME           one space: only if the first line is so
//! ```
//!
//! A backslash before the line says that the name is escaped. Empty lines and those that begin with `#`
//! are passed over; lines may end with a carriage return too. Which algorithm a bare digest is of is
//! `algorithm`'s business.

use schemars::JsonSchema;
use serde::Serialize;

use crate::support::digest::Algorithm;

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where it stands, from 1.
    pub number: u64,
    /// As it stands there.
    pub text: &'a [u8],
    /// What it says.
    pub said: Result<Checksum, LineProblem>,
}

/// What a line says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// The algorithm, if the line names it.
    pub algorithm: Option<Algorithm>,
    /// In lower-case hexadecimal.
    pub digest: String,
    /// The file.
    pub name: Vec<u8>,
    /// What the file may be called instead: a carriage return at the end of a line can belong to the
    /// name or to the line.
    pub other_name: Option<Vec<u8>>,
}

/// Why a line can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// What kind of problem.
    pub reason: LineReason,
    /// The same in words.
    pub message: String,
}

/// Why a line can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LineReason {
    /// It has none of the forms that a line of checksums has.
    #[schemars(title = "Not a checksum")]
    NotAChecksum,
    /// Its digest is of an algorithm that isn't known here, such as MD5.
    #[schemars(title = "Other algorithm")]
    UnknownAlgorithm,
    /// Its digest has too few or too many digits for its algorithm.
    #[schemars(title = "Wrong length")]
    WrongLength,
    /// It is escaped, and has a backslash that means nothing.
    #[schemars(title = "Wrong escape")]
    WrongEscape,
    /// It names no file, or one that there can't be.
    #[schemars(title = "Impossible name")]
    ImpossibleName,
}

impl LineProblem {
    /// A problem in words.
    pub fn new(reason: LineReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
        }
    }
}

/// How many hexadecimal digits there can be.
const KNOWN_LENGTHS: [usize; 3] = [32, 64, 128];

/// How many hexadecimal digits a digest of `algorithm` has.
pub fn digits(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Xxh3 => 32,
        Algorithm::Blake3 | Algorithm::Sha256 => 64,
        Algorithm::Sha512 => 128,
    }
}

/// The lines of a manifest, whatever its bytes are.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let has_returns = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| line.len() > 1 && line.ends_with(b"\n"))
        .all(|line| line.ends_with(b"\r\n"));
    let mut one_space = None;
    (1..)
        .zip(bytes.split(|byte| *byte == b'\n'))
        .filter_map(move |(number, text)| {
            let line = text.strip_suffix(b"\r").unwrap_or(text);
            if line.is_empty() || line[0] == b'#' {
                return None;
            }
            let mut said = read(line, &mut one_space);
            if line.len() < text.len()
                && matches!(&said, Err(problem) if problem.reason == LineReason::ImpossibleName)
            {
                // Nothing is left of the name without it.
                said = read(text, &mut one_space);
            } else if let Ok(read) = &mut said
                && line.len() < text.len()
                && read.can_end_in_return
            {
                let mut longer = read.checksum.name.clone();
                longer.push(b'\r');
                let other = match has_returns {
                    true => longer,
                    false => std::mem::replace(&mut read.checksum.name, longer),
                };
                read.checksum.other_name = Some(other);
            }
            let said = said.map(|read| read.checksum);
            Some(Line { number, text, said })
        })
}

struct Read {
    checksum: Checksum,
    /// The name stands at the end of the line as it is.
    can_end_in_return: bool,
}

fn read(line: &[u8], one_space: &mut Option<bool>) -> Result<Read, LineProblem> {
    let line = &line[line.iter().take_while(|byte| is_blank(**byte)).count()..];
    let (is_escaped, line) = match line.strip_prefix(b"\\") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (algorithm, digest, name) = match bare(line, one_space) {
        Some((digest, name)) => (None, digest, name),
        None => {
            let tagged = tagged(line).ok_or_else(|| {
                LineProblem::new(
                    LineReason::NotAChecksum,
                    "This is no line of checksums: it is neither a digest and a name nor like \"SHA256 (name) = digest\".",
                )
            })?;
            (Some(known(tagged.0)?), tagged.1, tagged.2)
        }
    };
    if let Some(algorithm) = algorithm
        && digest.len() != digits(algorithm)
    {
        return Err(LineProblem::new(
            LineReason::WrongLength,
            format!(
                "Its digest has {} digits where {} are needed.",
                digest.len(),
                digits(algorithm)
            ),
        ));
    }
    let name = match is_escaped {
        true => unescaped(name).ok_or_else(|| {
            LineProblem::new(
                LineReason::WrongEscape,
                "Its name is escaped, and a backslash in it is not followed by n, r or another backslash.",
            )
        })?,
        false => name.to_owned(),
    };
    if name.is_empty() || name.contains(&0) {
        return Err(LineProblem::new(
            LineReason::ImpossibleName,
            "It names no file, or one with a NUL character in its name.",
        ));
    }
    Ok(Read {
        checksum: Checksum {
            algorithm,
            digest: String::from_utf8_lossy(digest).to_ascii_lowercase(),
            name,
            other_name: None,
        },
        can_end_in_return: algorithm.is_none() && !is_escaped,
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A digest and a name after it.
fn bare<'a>(line: &'a [u8], one_space: &mut Option<bool>) -> Option<(&'a [u8], &'a [u8])> {
    /// The shortest that anybody uses, a CRC.
    const FEWEST_DIGITS: usize = 8;
    let length = line
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let (digest, rest) = line.split_at(length);
    let (blank, name) = rest.split_first()?;
    if length < FEWEST_DIGITS || length % 2 == 1 || !is_blank(*blank) {
        return None;
    }
    let has_one_space = match name {
        // Two blanks and nothing after them: more likely a lost name than a file called " ".
        [b' ' | b'*'] => *one_space == Some(true),
        [b' ' | b'*', ..] => false,
        _ => true,
    };
    if !KNOWN_LENGTHS.contains(&length) {
        // It can't be used, and says nothing of the others.
        return Some((digest, if has_one_space { name } else { &name[1..] }));
    }
    match (*one_space, has_one_space) {
        // Who mixes the forms could give a name that begins with a space to another file.
        (Some(false), true) => None,
        (None | Some(true), true) => {
            *one_space = Some(true);
            Some((digest, name))
        }
        (Some(true), false) => Some((digest, name)),
        (None | Some(false), false) => {
            *one_space = Some(false);
            Some((digest, &name[1..]))
        }
    }
}

/// An algorithm, a name in brackets, and a digest: the algorithm, the digest, the name.
fn tagged(line: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let length = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(byte))
        .count();
    let (algorithm, rest) = line.split_at(length);
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = rest.strip_prefix(b"(")?;
    let end = rest.iter().rposition(|byte| *byte == b')')?;
    let digest = rest[end + 1..].trim_ascii_start().strip_prefix(b"=")?;
    let digest = digest.trim_ascii();
    let is_digest = !digest.is_empty() && digest.iter().all(u8::is_ascii_hexdigit);
    let algorithm = std::str::from_utf8(algorithm).ok()?;
    (is_digest && !algorithm.is_empty()).then_some((algorithm, digest, &rest[..end]))
}

fn known(name: &str) -> Result<Algorithm, LineProblem> {
    match name.to_ascii_uppercase().as_str() {
        "BLAKE3" => Ok(Algorithm::Blake3),
        "SHA256" | "SHA2-256" | "SHA-256" => Ok(Algorithm::Sha256),
        "SHA512" | "SHA2-512" | "SHA-512" => Ok(Algorithm::Sha512),
        "XXH128" => Ok(Algorithm::Xxh3),
        _ => Err(LineProblem::new(
            LineReason::UnknownAlgorithm,
            format!(
                "It is a digest by {name}. BLAKE3, SHA-256, SHA-512 and XXH3 (128 bits) can be verified."
            ),
        )),
    }
}

fn unescaped(name: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b'\\' => b'\\',
                _ => return None,
            },
            other => *other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests;
