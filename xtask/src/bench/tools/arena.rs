//! Where tools meet their peers: our program, theirs, and room for data.
//!
//! What is run, and on what, is decided by each tool's own file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::bench::data;
use crate::bench::measure::{self, Comparison};
use crate::cache::Cache;
use crate::needs::tools::Tool;
use crate::workspace::Workspace;
use crate::{process, report};

/// What each contest is given.
pub struct Arena {
    cache: Cache,
    ours: PathBuf,
    folder: TempDir,
    /// With little data, to see that all can be measured.
    pub quick: bool,
}

/// One comparison that is to be made.
pub struct Match<'a> {
    /// What is done, in words.
    pub work: &'a str,
    /// How much is read.
    pub bytes: u64,
    /// The highest ratio of our time to theirs that is good enough.
    pub goal: Option<f64>,
    /// Our command.
    pub ours: Command,
    /// The other program's name, as the table shows it.
    pub reference: &'a str,
    /// Its command.
    pub theirs: Command,
    /// What makes room before each run, untimed: removing the file that it writes.
    pub before: &'a dyn Fn() -> Result<()>,
}

/// The ratio of times of a tool that has 0.95 of its peer's speed.
pub const AS_FAST: f64 = 1.0 / 0.95;

/// Nothing needs to be done before a run.
pub fn nothing() -> Result<()> {
    Ok(())
}

impl Arena {
    /// A place for contests of `ours`, the terminal program.
    pub fn new(workspace: &Workspace, ours: &Path, quick: bool) -> Result<Self> {
        Ok(Self {
            cache: workspace.cache.clone(),
            ours: ours.to_path_buf(),
            folder: data::scratch()?,
            quick,
        })
    }

    /// A folder for what the runs write; it goes away with the arena.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `toolroom run TOOL --json`, with a history of its own.
    #[must_use]
    pub fn tool(&self, tool: &str) -> Command {
        let mut command = Command::new(&self.ours);
        command
            .arg("--data-dir")
            .arg(self.folder().join("history"))
            .args(["run", tool, "--json"]);
        command
    }

    /// A program of the system.
    pub fn program(&self, name: &str) -> Result<Command> {
        let program = process::find(name)
            .with_context(|| format!("{name} was not found, though it was installed"))?;
        Ok(Command::new(program))
    }

    /// A program that was built into the cache.
    #[must_use]
    pub fn built(&self, tool: &Tool) -> Command {
        Command::new(tool.program(&self.cache))
    }

    /// Times both sides in turns.
    pub fn compare(&self, mut entry: Match<'_>) -> Result<Comparison> {
        let what = format!(
            "timing {} against {}, {} rounds",
            entry.work,
            entry.reference,
            measure::ROUNDS
        );
        let (ours, theirs) = report::timed(&what, || {
            measure::compare(&mut entry.ours, &mut entry.theirs, entry.before)
        })?;
        Ok(Comparison {
            work: entry.work.to_owned(),
            bytes: entry.bytes,
            goal: entry.goal,
            ours,
            reference: entry.reference.to_owned(),
            theirs,
        })
    }
}
