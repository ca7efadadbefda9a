//! Writes what the readers of the formats find: files at once, each whole or not at all; links last,
//! when nothing is written any more that could go through one; then times and modes of folders.
//!
//! Everything is reached from the open folder by plain names, and no link is followed on the way.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    rc::Rc,
    time::{Duration, SystemTime},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toolroom_toolkit::{Folder, Overwrite, SkipSentence, ToolError, ToolExecutionContext};

use super::{
    links::Link,
    names::{Dividers, os_string},
    report::{Kind, Output, Reason, Skipped, Stop, Unpacked},
    source::Meter,
};

const BUFFER: usize = 128 << 10;

/// What becomes of a file that has the name of one in the archive, be it from before or from earlier in
/// the same archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum IfThere {
    /// It stays, and the one in the archive is left out and reported.
    #[default]
    #[schemars(title = "Leave it")]
    Skip,
    /// The one in the archive takes its place.
    #[schemars(title = "Replace it")]
    Replace,
    /// Both stay: the new one is called "name (2)", or whatever number is free.
    #[schemars(title = "Keep both")]
    KeepBoth,
}

impl IfThere {
    pub fn overwrite(self) -> Overwrite {
        match self {
            Self::Skip => Overwrite::Refuse,
            Self::Replace => Overwrite::Replace,
            Self::KeepBoth => Overwrite::KeepBoth,
        }
    }
}

/// An entry, as its archive tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub name: &'a [u8],
    pub dividers: Dividers,
    pub modified: Option<SystemTime>,
    pub mode: Option<u32>,
}

impl Item<'_> {
    pub fn shown(&self) -> PathBuf {
        os_string(self.name).into()
    }
}

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It is there, or was left out, which is reported.
    Settled,
    /// It could not be read to its end, and isn't there. Nobody has been told.
    Broken(io::Error),
}

/// Writes into a folder, and keeps the report.
pub struct Unpacker {
    pub ctx: ToolExecutionContext,
    pub output: Output,
    pub meter: Rc<Meter>,
    pub(super) folder: Folder,
    pub(super) if_there: IfThere,
    pub(super) links: Vec<Link>,
    /// What files are called now that another had their name.
    pub(super) renamed: HashMap<PathBuf, PathBuf>,
    /// Folders that were made here: their times and modes are the archive's.
    pub(super) made: HashSet<PathBuf>,
    folders: BTreeMap<PathBuf, (Option<SystemTime>, Option<u32>)>,
    /// The folder that was last written into: the next file is mostly in it too.
    pub(super) here: Option<(PathBuf, Folder)>,
    buffer: Vec<u8>,
}

impl Unpacker {
    pub fn new(
        ctx: &ToolExecutionContext,
        folder: Folder,
        if_there: IfThere,
        meter: &Rc<Meter>,
        output: Output,
    ) -> Self {
        Self {
            ctx: ctx.clone(),
            output,
            meter: meter.clone(),
            folder,
            if_there,
            links: Vec::new(),
            renamed: HashMap::new(),
            made: HashSet::new(),
            folders: BTreeMap::new(),
            here: None,
            buffer: vec![0; BUFFER],
        }
    }

    /// Leaves an entry out.
    pub fn skip(&mut self, item: &Item<'_>, reason: Reason) {
        self.output
            .skipped
            .push(Skipped::new(&item.shown(), reason));
    }

    /// Leaves an entry out, with more words.
    pub fn skip_saying(&mut self, item: &Item<'_>, reason: Reason, why: &str) {
        let why = why.trim_end_matches('.');
        let sentence = reason.sentence().trim_end_matches('.');
        let skipped = Skipped::new(&item.shown(), reason).saying(format!("{sentence}: {why}."));
        self.output.skipped.push(skipped);
    }

    /// Reads what isn't written: what comes after it in the archive can't be reached otherwise.
    pub fn drain(&mut self, reader: &mut dyn Read) -> io::Result<u64> {
        let mut total = 0;
        loop {
            match reader.read(&mut self.buffer) {
                Ok(0) => return Ok(total),
                Ok(read) => {
                    self.meter.unpack(read)?;
                    total += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// A folder.
    pub fn folder(&mut self, item: &Item<'_>) -> Result<(), Stop> {
        let Some(way) = self.way(item) else {
            return Ok(());
        };
        if way.as_os_str().is_empty() {
            return Ok(());
        }
        if let Err(error) = self.enter(&way) {
            return self.refused(item, &error);
        }
        if self.made.contains(&way) {
            // Private from the start; that nothing can be written into it comes last.
            if let Some(mode) = item.mode {
                let _ = self.folder.set_mode(&way, (mode & 0o777) | 0o700);
            }
            self.folders
                .insert(way, (in_range(item.modified), item.mode));
        }
        self.output.folders += 1;
        Ok(())
    }

    /// A file, whose bytes `reader` gives.
    pub fn file(&mut self, item: &Item<'_>, reader: &mut dyn Read) -> Result<Outcome, Stop> {
        let Some((way, parent, name)) = self.spot(item)? else {
            return Ok(Outcome::Settled);
        };
        let there = parent.metadata(&name).ok().map(|there| there.kind);
        if let Some(reason) = self.reason_against(there) {
            self.skip(item, reason);
            return Ok(Outcome::Settled);
        }
        self.ctx
            .progress
            .message(String::from_utf8_lossy(item.name));
        let mut file = match parent.create(&name, self.if_there.overwrite()) {
            Ok(file) => file.without_sync(),
            Err(error) => return self.refused(item, &error).map(|()| Outcome::Settled),
        };
        if let Some(mode) = item.mode {
            file.set_mode(mode & 0o777);
        }
        if let Some(modified) = in_range(item.modified) {
            file.set_modified(modified);
        }
        let mut bytes = 0;
        loop {
            let read = match reader.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Outcome::Broken(error)),
            };
            if let Err(error) = self.meter.unpack(read) {
                return Err(self.meter.why(&error));
            }
            if let Err(error) = file.write_all(&self.buffer[..read]) {
                let error = ToolError::io("write", &file.path(), &error);
                // A disk that is full now is full for all.
                return Err(Stop::Failed(error));
            }
            bytes += read as u64;
        }
        match file.finish() {
            Ok(path) => {
                self.written(way, &path, Kind::File, bytes);
                self.output.total_bytes += bytes;
                self.output.files += 1;
                let has_replaced = there.is_some() && self.if_there == IfThere::Replace;
                self.output.replaced += u64::from(has_replaced);
                Ok(Outcome::Settled)
            }
            Err(error) => self.refused(item, &error).map(|()| Outcome::Settled),
        }
    }

    /// A link, which is made at the end.
    pub fn link(&mut self, item: &Item<'_>, kind: Kind, target: &[u8]) {
        if let Some(way) = self.way(item) {
            self.links.push(Link {
                name: item.name.to_vec(),
                dividers: item.dividers,
                way,
                kind,
                target: target.to_vec(),
                modified: in_range(item.modified),
            });
        }
    }

    /// All that comes last.
    pub fn finish(&mut self) -> Result<(), Stop> {
        self.here = None;
        self.make_links()?;
        // The deepest first: writing into a folder changes its time, and its mode may forbid it.
        for (way, (modified, mode)) in std::mem::take(&mut self.folders).into_iter().rev() {
            if let Some(modified) = modified {
                let _ = self.folder.set_modified(&way, modified);
            }
            if let Some(mode) = mode.filter(|mode| mode & 0o700 != 0o700) {
                let _ = self.folder.set_mode(&way, mode & 0o777);
            }
        }
        self.folder
            .sync_all()
            .map_err(|error| Stop::Failed(error.into()))
    }

    pub(super) fn written(&mut self, way: PathBuf, path: &Path, kind: Kind, bytes: u64) {
        self.output.unpacked.push(Unpacked {
            path: path.to_string_lossy().into_owned(),
            kind,
            bytes,
        });
        match path.file_name() {
            Some(name) if way.file_name() != Some(name) => {
                let now = way.with_file_name(name);
                self.renamed.insert(way, now);
            }
            // Whatever had the name before, this is what has it now.
            _ => drop(self.renamed.remove(&way)),
        }
    }
}

/// Times that file systems have. A time made up is no reason to leave a file out.
fn in_range(time: Option<SystemTime>) -> Option<SystemTime> {
    let before = SystemTime::UNIX_EPOCH.checked_sub(Duration::from_secs(1 << 31))?;
    let after = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1 << 33))?;
    time.filter(|time| (before..after).contains(time))
}
