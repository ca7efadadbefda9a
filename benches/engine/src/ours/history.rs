//! The engine's history as a file: filling it, looking into it from outside, copying it.
//!
//! For what the engine's door doesn't tell; nothing here writes into a history that is open.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tokio::task::JoinSet;

use super::Engine;
use crate::load::Load;

/// From how many sides a history is best filled: so many starts share a commit.
pub const FILLING: usize = 256;
/// How often it is looked whether all words are in the index.
const LOOKS_EVERY: Duration = Duration::from_millis(5);

/// The file of the history in a folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("toolroom.db")
}

/// Starts all jobs of a load, each with its own input, and returns when all are acknowledged.
pub async fn start_all(
    engine: &Engine,
    tool: &'static str,
    load: Load,
    input: fn(usize) -> Value,
) -> Result<()> {
    let mut callers = JoinSet::new();
    for index in 0..load.callers {
        let engine = engine.clone();
        callers.spawn(async move {
            for number in 0..load.share(index) {
                let input = input(number * load.callers + index);
                engine.start(tool, input).await?;
            }
            Ok::<(), anyhow::Error>(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller.context("a caller was lost")??;
    }
    Ok(())
}

/// Waits until the words of all jobs that have ended are in the index.
pub async fn indexed(folder: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file(folder), flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    loop {
        let first = "SELECT EXISTS(SELECT 1 FROM unindexed)";
        if !connection.query_row(first, [], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        // sleep: nobody tells of it; the engine takes its time on purpose.
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// Copies a history as a kill would leave it: the file and its log, while the engine lives. To be
/// called when nothing is written.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in ["toolroom.db", "toolroom.db-wal"] {
        fs::copy(from.join(name), to.join(name))
            .with_context(|| format!("{name} can't be copied"))?;
    }
    Ok(())
}
