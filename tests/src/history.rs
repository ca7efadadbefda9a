//! A long history of jobs, made by the engine itself: what the window shows after years of use.
//!
//! Its jobs bear the names of the app's tools and are done by stand-ins that end at once. The engine
//! is told the time: each job takes what its number says, and all lie in the last weeks.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use toolroom_engine::{
    Clock, ClosingLimits, Durability, EngineConfig, EngineLimits, HistoryConfig, JobApi,
    JobManager, Registry,
};
use toolroom_shared::{
    Caller, ErrorCode, JobStatus, JobsQuery, StartOptions, ToolBehavior, ToolCategory, ToolLimits,
};
use toolroom_toolkit::{About, ExecutableTool, ToolError, ToolExecutionContext};

/// How many jobs a long history has.
pub const LONG: usize = 100_000;
/// Raised when what is made changes: an older one isn't used again.
const EDITION: u32 = 1;
/// How many jobs are accepted before they are waited for.
const AT_ONCE: usize = 1_000;
/// Milliseconds between the acceptance of two batches: the whole lies in two weeks.
const BETWEEN: i64 = 12_000_000;

#[derive(Deserialize, Serialize, JsonSchema)]
struct Input {
    /// What it works on. Of a path in `lost+found` nothing is to be had.
    paths: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    /// How many paths there were.
    seen: u32,
}

/// Declares stand-ins for tools.
macro_rules! stand_ins {
    ($($kind:ident $name:literal $title:literal,)*) => {
        $(
            struct $kind(Arc<AtomicI64>);

            impl ExecutableTool for $kind {
                type Input = Input;
                type Output = Output;
                const ABOUT: About = About {
                    name: $name,
                    title: $title,
                    description: "Stands in for a tool and ends at once.",
                    category: ToolCategory::Files,
                    version: "1.0.0",
                    permissions: &[],
                    limits: ToolLimits::NONE,
                    behavior: ToolBehavior::CAUTIOUS,
                };

                async fn execute(
                    &self,
                    ctx: ToolExecutionContext,
                    input: Input,
                ) -> Result<Output, ToolError> {
                    work(&self.0, &ctx, &input)
                }
            }
        )*

        fn registry(now: &Arc<AtomicI64>) -> Result<Registry> {
            let mut registry = Registry::default();
            $(registry.add(Box::new($kind(now.clone())))?;)*
            Ok(registry)
        }
    };
}

stand_ins! {
    Hash "hash-files" "Hash files",
    Duplicates "find-duplicates" "Find duplicates",
    Search "search-text" "Search text",
    Compress "compress" "Compress",
}

const TOOLS: [&str; 4] = ["hash-files", "find-duplicates", "search-text", "compress"];

/// Takes as long as the first path says, by the engine's clock.
fn work(now: &AtomicI64, ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let path = input.paths.first().map_or("", String::as_str);
    let number: i64 = path
        .rsplit(['-', '.'])
        .find_map(|part| part.parse().ok())
        .unwrap_or(0);
    now.fetch_add(number * 7_919 % 11_000, Ordering::Relaxed);
    if path.contains("lost+found") {
        ctx.log.line("Nothing could be read.");
        let message = format!("{path} could not be read: permission denied.");
        return Err(ToolError::failed(ErrorCode::Io, message));
    }
    Ok(Output {
        seen: u32::try_from(input.paths.len()).unwrap_or(u32::MAX),
    })
}

fn input(number: usize) -> Value {
    const FOLDERS: [&str; 5] = ["Photos", "Documents", "Music", "src", "lost+found"];
    // Every 35th job fails.
    let folder = match number % 35 {
        34 => FOLDERS[4],
        _ => FOLDERS[number / 3 % 4],
    };
    let year = 2_000 + number % 26;
    json!({ "paths": [format!("/data/{folder}/{year}/item-{number}.dat")] })
}

/// Makes a history of so many jobs in a folder.
///
/// # Errors
/// When the engine can't keep it.
pub async fn make(folder: &Path, jobs: usize) -> Result<()> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let batches = i64::try_from(jobs.div_ceil(AT_ONCE))?;
    let begin = i64::try_from(since.as_millis())? - (batches + 1) * BETWEEN;
    let now = Arc::new(AtomicI64::new(begin));
    let mut history = HistoryConfig::new(folder);
    history.options.durability = Durability::Normal;
    let config = EngineConfig {
        limits: EngineLimits {
            queue_depth: AT_ONCE * 2,
            // One after the other, so that each takes its own time.
            concurrency: std::num::NonZeroUsize::MIN,
            ..EngineLimits::default()
        },
        history: Some(history),
        clock: Clock::set_by(now.clone()),
        ..EngineConfig::default()
    };
    let engine = JobManager::open(registry(&now)?, config)?.manager;
    for batch in 0..jobs.div_ceil(AT_ONCE) {
        let at = begin + i64::try_from(batch)? * BETWEEN;
        now.fetch_max(at, Ordering::Relaxed);
        let numbers = batch * AT_ONCE..((batch + 1) * AT_ONCE).min(jobs);
        // Asked for at once they share commits; they are accepted in this order.
        let starts = numbers.map(|number| {
            let caller = match number % 9 {
                0 => Caller::Terminal,
                _ => Caller::Window,
            };
            let (tool, options) = (TOOLS[number % TOOLS.len()], StartOptions::default());
            engine.start(caller, tool, input(number), options)
        });
        for started in try_join_all(starts).await? {
            engine.wait(Caller::App, &started.job_id).await?;
        }
    }
    let done = JobsQuery {
        statuses: Some(vec![JobStatus::Succeeded, JobStatus::Failed]),
        ..JobsQuery::default()
    };
    let total = engine.list(Caller::App, done).await?.total as usize;
    ensure!(total == jobs, "of {jobs} jobs {total} have ended");
    let limits = ClosingLimits::default();
    ensure!(engine.shut_down(limits).await, "the engine doesn't end");
    Ok(())
}

/// A data folder with a history of so many jobs, for one test to write to. What was made once is
/// copied.
///
/// # Errors
/// When it can't be made.
pub async fn data_folder(jobs: usize) -> Result<tempfile::TempDir> {
    let made = made(jobs).await?;
    let folder = tempfile::tempdir()?;
    for entry in std::fs::read_dir(&made)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name()))?;
        }
    }
    Ok(folder)
}

async fn made(jobs: usize) -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).context("no target folder")?;
    let shelf = target.join("histories");
    let folder = shelf.join(format!("{EDITION}-{jobs}"));
    let is_fresh = |folder: &Path| {
        let made = std::fs::metadata(folder).and_then(|it| it.modified());
        let age = made.ok().and_then(|made| made.elapsed().ok());
        // Its jobs lie in the last weeks only for some weeks.
        age.is_some_and(|age| age < Duration::from_secs(7 * 24 * 3_600))
    };
    if is_fresh(&folder) {
        return Ok(folder);
    }
    std::fs::create_dir_all(&shelf)?;
    // Beside it, and put in its place whole: somebody else may be making the same.
    let making = tempfile::tempdir_in(&shelf)?;
    make(making.path(), jobs).await?;
    let done = making.keep();
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    match std::fs::rename(&done, &folder) {
        Ok(()) => Ok(folder),
        // Somebody else was quicker.
        Err(_) if is_fresh(&folder) => Ok(folder),
        Err(error) => Err(error.into()),
    }
}
