//! What the manifests list, and where that is.

use std::{
    collections::HashSet,
    io::{self, Read},
    path::{Path, PathBuf},
};

use toolroom_toolkit::{
    InputPath, PathError, Place, SkipReason, SkipSentence, Skipped, ToolError, ToolExecutionContext,
};

use super::{
    CheckedFile, Input, MalformedLine, Output, State,
    algorithm::candidates,
    manifest::{self, Checksum, Line, LineProblem},
    reading::{self, Listed},
};
use crate::support::digest::Algorithm;

/// A longer file is not a manifest: it would be one of more than a million files.
const LONGEST_MANIFEST: u64 = 256 << 20;
/// So many lines that couldn't be used are told of one by one.
const MOST_MALFORMED: usize = 10_000;

/// The bytes of a manifest.
pub(super) fn read_manifest(place: &Place) -> Result<Vec<u8>, Skipped> {
    let mut bytes = Vec::new();
    let file = place.open().map_err(|error| Skipped::from(&error))?;
    file.take(LONGEST_MANIFEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Skipped::from_io(place.path(), &error))?;
    if bytes.len() as u64 > LONGEST_MANIFEST {
        return Err(Skipped::new(place.path(), SkipReason::ReadError)
            .saying("It is longer than 256 MiB, which no manifest is."));
    }
    Ok(bytes)
}

/// One listed file: what is known of it already, or what is to be read.
pub(super) struct Check {
    pub file: CheckedFile,
    pub listed: Option<Listed>,
}

/// What the manifests say, and where that is.
pub(super) struct Survey<'a> {
    ctx: &'a ToolExecutionContext,
    input: &'a Input,
    /// The lines that can't be used, and manifests that couldn't be read.
    pub output: Output,
    pub checks: Vec<Check>,
    /// The places of all that is listed and there, and of the manifests themselves.
    pub found: HashSet<PathBuf>,
    /// Those that the names are meant against.
    pub folders: Vec<PathBuf>,
}

impl<'a> Survey<'a> {
    /// Of nothing yet.
    pub(super) fn new(ctx: &'a ToolExecutionContext, input: &'a Input) -> Self {
        Self {
            ctx,
            input,
            output: Output::default(),
            checks: Vec::new(),
            found: HashSet::new(),
            folders: Vec::new(),
        }
    }

    /// Takes in a manifest whose names are meant against `folder`.
    pub(super) fn take(
        &mut self,
        place: &Place,
        bytes: &[u8],
        folder: PathBuf,
    ) -> Result<(), ToolError> {
        let manifest = place.path().to_string_lossy().into_owned();
        let name = place.path().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        self.found.insert(place.resolved());
        for line in manifest::lines(bytes) {
            if self.ctx.is_canceled() {
                return Err(ToolError::canceled().with_partial(&self.output));
            }
            self.ctx.progress.advance(1);
            let Line { number, text, said } = line;
            let usable = said.and_then(|checksum| {
                let algorithms = match checksum.algorithm {
                    Some(algorithm) => alone(algorithm),
                    None => candidates(checksum.digest.len(), &name, self.input.algorithm)?,
                };
                let paths = paths(&folder, &checksum)?;
                Ok((checksum, algorithms, paths))
            });
            match usable {
                Ok((checksum, algorithms, paths)) => {
                    let (path, found) = self.first_there(paths);
                    let mut file = CheckedFile {
                        path: path.to_string_lossy().into_owned(),
                        state: State::Unreadable,
                        algorithm: reading::only(algorithms),
                        manifest: manifest.clone(),
                        line: number,
                        message: None,
                    };
                    let listed = match found {
                        Ok((place, bytes)) => {
                            self.found.insert(place.resolved());
                            Some(Listed {
                                place,
                                bytes,
                                algorithms,
                                digest: checksum.digest,
                            })
                        }
                        Err(absent) => {
                            file.state = absent.state;
                            file.message = Some(absent.message);
                            None
                        }
                    };
                    self.checks.push(Check { file, listed });
                }
                Err(problem) => self.malformed(&manifest, number, text, problem),
            }
        }
        self.folders.push(folder);
        Ok(())
    }

    /// Of what a file may be called, what is there; else the first.
    fn first_there(&self, paths: [Option<PathBuf>; 2]) -> (PathBuf, Result<(Place, u64), Absent>) {
        let mut first = None;
        for path in paths.into_iter().flatten() {
            let found = self.look_for(&path);
            if !matches!(&found, Err(absent) if absent.state == State::Missing) {
                return (path, found);
            }
            first.get_or_insert((path, found));
        }
        first.unwrap_or_else(|| (PathBuf::new(), Err(Absent::missing())))
    }

    fn look_for(&self, path: &Path) -> Result<(Place, u64), Absent> {
        // The folder is whole and the name without a NUL: it can't fail.
        let path = InputPath::try_from(path.to_owned()).map_err(|_| Absent::missing())?;
        let place = self.ctx.input(&path)?;
        let bytes = place.metadata()?.bytes;
        Ok((place, bytes))
    }

    fn malformed(&mut self, manifest: &str, number: u64, text: &[u8], problem: LineProblem) {
        const SHOWN: usize = 200;
        self.output.malformed += 1;
        if self.output.malformed_lines.len() < MOST_MALFORMED {
            let text = String::from_utf8_lossy(&text[..text.len().min(SHOWN)]);
            self.output.malformed_lines.push(MalformedLine {
                manifest: manifest.to_owned(),
                line: number,
                text: text.into_owned(),
                reason: problem.reason,
                message: problem.message,
            });
        }
    }
}

/// Why a listed file can't be read.
struct Absent {
    state: State,
    message: String,
}

impl Absent {
    fn missing() -> Self {
        Self {
            state: State::Missing,
            message: SkipReason::NotFound.sentence().to_owned(),
        }
    }
}

impl From<PathError> for Absent {
    fn from(error: PathError) -> Self {
        Self {
            state: match error.kind() {
                io::ErrorKind::NotFound => State::Missing,
                _ => State::Unreadable,
            },
            message: Skipped::from(&error).message,
        }
    }
}

fn alone(algorithm: Algorithm) -> &'static [Algorithm] {
    match algorithm {
        Algorithm::Blake3 => &[Algorithm::Blake3],
        Algorithm::Sha256 => &[Algorithm::Sha256],
        Algorithm::Sha512 => &[Algorithm::Sha512],
        Algorithm::Xxh3 => &[Algorithm::Xxh3],
    }
}

/// The paths that a line may mean.
fn paths(folder: &Path, checksum: &Checksum) -> Result<[Option<PathBuf>; 2], LineProblem> {
    let other = match &checksum.other_name {
        Some(name) => Some(folder.join(path(name)?)),
        None => None,
    };
    Ok([Some(folder.join(path(&checksum.name)?)), other])
}

#[cfg(unix)]
fn path(name: &[u8]) -> Result<&Path, LineProblem> {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    Ok(Path::new(OsStr::from_bytes(name)))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> Result<&Path, LineProblem> {
    std::str::from_utf8(name).map(Path::new).map_err(|_| {
        LineProblem::new(
            manifest::LineReason::ImpossibleName,
            "Its name is not UTF-8 text, which names must be here.",
        )
    })
}
