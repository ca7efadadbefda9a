//! Our engine: how it is opened and closed for a run, and one file for each kind of measurement.
//!
//! What its jobs do stands in `tools`. Everything is asked through the engine's public door, as the
//! window and the terminal ask it.

pub mod audit;
pub mod cancel;
pub mod full_queue;
pub mod growth;
mod history;
pub mod recovery;
pub mod search;
pub mod throughput;
mod tools;

use std::num::NonZeroUsize;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use toolroom_engine::{
    ClosingLimits, Durability, EngineConfig, EngineLimits, HistoryConfig, JobApi, JobManager,
    Registry, Retention, StoreOptions,
};
use toolroom_shared::{Caller, JobId, JobStatus, JobsQuery, StartOptions};

/// How many jobs run at once where nothing else is said.
const CONCURRENCY: usize = 64;

/// Where the engine keeps its jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// In memory, for as long as it lives.
    Memory,
    /// In a history whose changes survive the program's end.
    Normal,
    /// In a history whose changes survive the power's end too.
    Full,
}

impl Keeping {
    /// What the engine is called in tables.
    pub fn who(self) -> String {
        let kept = match self {
            Self::Memory => "in memory",
            Self::Normal => "NORMAL",
            Self::Full => "FULL",
        };
        format!("Toolroom, {kept}")
    }

    const fn durability(self) -> Option<Durability> {
        match self {
            Self::Memory => None,
            Self::Normal => Some(Durability::Normal),
            Self::Full => Some(Durability::Full),
        }
    }
}

/// An engine that was opened for a run.
#[derive(Clone)]
pub struct Engine {
    api: JobManager,
}

/// How an engine is opened.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where jobs are kept.
    pub keeping: Keeping,
    /// How many jobs run at once.
    pub concurrency: usize,
    /// How many jobs may wait.
    pub room: usize,
    /// How many jobs that have ended stay in the history.
    pub history: u64,
    /// Whether jobs that were left waiting are run.
    pub run_left_over: bool,
}

impl Setup {
    /// Room for all jobs of a load, none of which is removed from the history.
    pub fn new(keeping: Keeping, callers: usize, jobs: usize) -> Self {
        Self {
            keeping,
            concurrency: CONCURRENCY.max(callers),
            room: jobs.max(10_000),
            history: u64::MAX,
            run_left_over: true,
        }
    }

    /// Opens it on the current runtime; its history, if it has one, is in `folder`.
    pub fn open(&self, registry: Registry, folder: &Path) -> Result<Engine> {
        let limits = EngineLimits {
            queue_depth: self.room,
            concurrency: NonZeroUsize::new(self.concurrency).unwrap_or(NonZeroUsize::MIN),
            ..EngineLimits::default()
        };
        let Some(durability) = self.keeping.durability() else {
            let api = JobManager::in_memory(registry, limits);
            return Ok(Engine { api });
        };
        let history = HistoryConfig {
            folder: folder.to_owned(),
            options: StoreOptions {
                durability,
                retention: Retention {
                    max_jobs: self.history,
                    ..Retention::default()
                },
                ..StoreOptions::default()
            },
            run_left_over: self.run_left_over,
        };
        let opened = JobManager::open(
            registry,
            EngineConfig {
                limits,
                history: Some(history),
                ..EngineConfig::default()
            },
        )?;
        ensure!(opened.set_aside.is_none(), "the history is damaged");
        Ok(Engine {
            api: opened.manager,
        })
    }

    /// What is said of it beside its numbers.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = vec![format!("at most {} at once", self.concurrency)];
        if self.keeping != Keeping::Memory {
            notes.push(format!("SQLite {}", rusqlite::version()));
        }
        notes
    }
}

impl Engine {
    /// Starts a job, and returns when it is acknowledged.
    pub async fn start(&self, tool: &str, input: Value) -> Result<JobId> {
        let options = StartOptions::default();
        let handle = self.api.start(Caller::App, tool, input, options).await?;
        Ok(handle.job_id)
    }

    /// Waits until a job has ended, which must be in this status.
    pub async fn ended(&self, job: &JobId, status: JobStatus) -> Result<()> {
        let ended = self.api.wait(Caller::App, job).await?;
        ensure!(
            ended.status == status,
            "a job is {} that should be {status}",
            ended.status
        );
        Ok(())
    }

    /// Asks a job to end.
    pub async fn cancel(&self, job: &JobId) -> Result<()> {
        Ok(self.api.cancel(Caller::App, job).await?)
    }

    /// How many jobs there are of these statuses; of all if there are none.
    pub async fn count(&self, statuses: &[JobStatus]) -> Result<usize> {
        let query = JobsQuery {
            statuses: Some(statuses.to_vec()),
            limit: Some(1),
            ..JobsQuery::default()
        };
        Ok(self.api.list(Caller::App, query).await?.total as usize)
    }

    /// Waits until no job waits or runs, for everyone to see.
    pub async fn idle(&self) -> Result<()> {
        // Each look takes a while by itself, and at the end of a run few are left.
        while self.count(&[JobStatus::Queued, JobStatus::Running]).await? > 0 {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Closes it. What still runs is stopped.
    pub async fn close(self) -> Result<()> {
        let at_once = ClosingLimits {
            let_run: std::time::Duration::ZERO,
            ..ClosingLimits::default()
        };
        ensure!(
            self.api.shut_down(at_once).await,
            "the engine could not be closed in order"
        );
        Ok(())
    }
}

/// Makes the database of an engine in `folder`, as the engine makes it; returns its file.
pub fn empty_history(folder: &Path) -> Result<std::path::PathBuf> {
    let runtime = tokio::runtime::Runtime::new().context("tokio's runtime doesn't start")?;
    runtime.block_on(async {
        let setup = Setup::new(Keeping::Full, 1, 0);
        setup.open(Registry::default(), folder)?.close().await
    })?;
    Ok(history::file(folder))
}
