//! Reads a listed file and says whether its content is the one that is told of.

use std::{
    fs::File,
    io::{self, Read},
};

use toolroom_toolkit::{Place, ToolExecutionContext};

use super::State;
use crate::support::digest::{Algorithm, Digester};

/// Files from this length on keep several cores busy each, and are read first: else one could be left
/// at the end.
pub const LONG: u64 = 8 << 20;
/// So much of a shorter file is read at once: it is still in the core's own cache when it is hashed, and
/// not worth dividing among cores that have files of their own.
const PIECE: usize = 64 << 10;

/// A file to be read.
#[derive(Debug)]
pub struct Listed {
    pub place: Place,
    /// Its length when it was first looked at.
    pub bytes: u64,
    /// What its digest can be of: more than one where that can't be told.
    pub algorithms: &'static [Algorithm],
    /// In lower-case hexadecimal.
    pub digest: String,
}

/// What came of reading one.
#[derive(Debug)]
pub struct Verdict {
    pub state: State,
    pub algorithm: Option<Algorithm>,
    pub message: Option<String>,
    pub bytes: u64,
}

/// Reads a file through `buffer`; nothing if a cancel came first. Counts the bytes that were expected
/// into the current phase, however many are there.
pub fn check(ctx: &ToolExecutionContext, listed: &Listed, buffer: &mut [u8]) -> Option<Verdict> {
    ctx.progress.message(listed.place.path().to_string_lossy());
    let buffer = match listed.bytes {
        LONG.. => buffer,
        _ => {
            let piece = PIECE.min(buffer.len());
            &mut buffer[..piece]
        }
    };
    let mut counted = 0;
    let read = listed
        .place
        .open()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => (State::Missing, "It is gone by now.".to_owned()),
            _ => (State::Unreadable, error.to_string()),
        })
        .and_then(|mut file| {
            digests(&mut file, listed.algorithms, buffer, |read| {
                let due = read.min(listed.bytes.saturating_sub(counted));
                counted += due;
                ctx.progress.advance(due);
                !ctx.is_canceled()
            })
            .map_err(|error| (State::Unreadable, format!("Could not be read: {error}.")))
        });
    let verdict = match read {
        Ok(None) => return None,
        Ok(Some((digests, bytes))) => compared(listed, &digests, bytes),
        Err((state, message)) => Verdict {
            state,
            algorithm: only(listed.algorithms),
            message: Some(message),
            bytes: 0,
        },
    };
    ctx.progress.advance(listed.bytes.saturating_sub(counted));
    Some(verdict)
}

fn compared(listed: &Listed, digests: &[String], bytes: u64) -> Verdict {
    let fitting = digests.iter().position(|digest| *digest == listed.digest);
    match fitting {
        Some(index) => Verdict {
            state: State::Ok,
            algorithm: listed.algorithms.get(index).copied(),
            message: None,
            bytes,
        },
        None => Verdict {
            state: State::Changed,
            algorithm: only(listed.algorithms),
            message: Some(match digests {
                [now] => {
                    format!("Its content is not the one that the manifest tells of: its digest is {now}.")
                }
                _ => "Its content is not the one that the manifest tells of, by BLAKE3 or by SHA-256."
                    .to_owned(),
            }),
            bytes,
        },
    }
}

/// The algorithm, if it is told.
pub fn only(algorithms: &[Algorithm]) -> Option<Algorithm> {
    match algorithms {
        [one] => Some(*one),
        _ => None,
    }
}

/// The digests of a file by several algorithms, in one go, and its length.
fn digests(
    file: &mut File,
    algorithms: &[Algorithm],
    buffer: &mut [u8],
    mut keep_going: impl FnMut(u64) -> bool,
) -> io::Result<Option<(Vec<String>, u64)>> {
    let mut digesters: Vec<_> = algorithms.iter().copied().map(Digester::new).collect();
    let mut length = 0;
    loop {
        let read = match file.read(buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        for digester in &mut digesters {
            digester.update(&buffer[..read]);
        }
        length += read as u64;
        if !keep_going(read as u64) {
            return Ok(None);
        }
    }
    let digests = digesters.into_iter().map(Digester::finish).collect();
    Ok(Some((digests, length)))
}
