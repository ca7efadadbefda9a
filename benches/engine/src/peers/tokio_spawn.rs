//! The floor: a bare `tokio::spawn` for each job. No queue, no status, no record, no cancel.
//!
//! What an engine adds to a job is what it costs more than this.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::contender::Contender;
use crate::latency::Percentiles;
use crate::load::{Load, Outcome};
use crate::memory;
use crate::versions;

/// How the callers hand over their jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// One after another: the next when the last has ended.
    OneByOne,
    /// As `OneByOne`, and every job is timed. Apart, because two looks at the clock cost as much
    /// as a good part of a job.
    OneByOneTimed,
    /// All first, then all are awaited.
    AllAtOnce,
    /// All, and none may end: what a job costs while it waits.
    Waiting,
}

/// Jobs as bare tasks.
#[derive(Debug)]
pub struct TokioSpawn {
    /// How the callers hand over their jobs.
    pub handover: Handover,
}

impl Contender for TokioSpawn {
    fn who(&self) -> String {
        "tokio::spawn".to_owned()
    }

    fn run(&self, load: Load, _folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        let mut outcome = match self.handover {
            Handover::OneByOne => runtime.block_on(with_callers(load, one_by_one))?,
            Handover::OneByOneTimed => runtime.block_on(with_callers(load, one_by_one_timed))?,
            Handover::AllAtOnce => runtime.block_on(with_callers(load, all_at_once))?,
            Handover::Waiting => runtime.block_on(waiting(load))?,
        };
        let lock_file = include_str!("../../Cargo.lock");
        outcome.notes.push(versions::named(lock_file, "tokio"));
        Ok(outcome)
    }
}

/// Starts a caller for each share of the load and waits for all of them.
async fn with_callers<C, F>(load: Load, caller: C) -> Result<Outcome>
where
    C: Fn(usize) -> F,
    F: Future<Output = Result<Vec<Duration>>> + Send + 'static,
{
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for index in 0..load.callers {
        callers.spawn(caller(load.share(index)));
    }
    let mut times = Vec::new();
    while let Some(caller) = callers.join_next().await {
        times.extend(caller.context("a caller was lost")??);
    }
    Ok(Outcome {
        elapsed: begin.elapsed(),
        ended: Percentiles::of(times),
        ..Outcome::default()
    })
}

async fn one_by_one(jobs: usize) -> Result<Vec<Duration>> {
    for _ in 0..jobs {
        // joined: on the spot.
        tokio::spawn(async {}).await?;
    }
    Ok(Vec::new())
}

async fn one_by_one_timed(jobs: usize) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(jobs);
    for _ in 0..jobs {
        let begin = Instant::now();
        // joined: on the spot.
        tokio::spawn(async {}).await?;
        times.push(begin.elapsed());
    }
    Ok(times)
}

async fn all_at_once(jobs: usize) -> Result<Vec<Duration>> {
    // joined: below, every one.
    let handles: Vec<JoinHandle<()>> = (0..jobs).map(|_| tokio::spawn(async {})).collect();
    for handle in handles {
        handle.await?;
    }
    Ok(Vec::new())
}

/// Jobs before a semaphore that opens when their size has been read: the simplest queue there is.
async fn waiting(load: Load) -> Result<Outcome> {
    let gate = Arc::new(Semaphore::new(0));
    let before = memory::resident_bytes();
    let begin = Instant::now();
    let mut handles = Vec::with_capacity(load.jobs);
    for _ in 0..load.jobs {
        let gate = Arc::clone(&gate);
        // joined: below, every one.
        handles.push(tokio::spawn(async move {
            // An error says that the gate is gone: an end as well.
            drop(gate.acquire().await);
        }));
    }
    let elapsed = begin.elapsed();
    let grown_bytes = memory::grown_since(before);
    gate.add_permits(1);
    for handle in handles {
        handle.await?;
    }
    Ok(Outcome {
        elapsed,
        grown_bytes,
        notes: vec!["every task waits at a semaphore".to_owned()],
        ..Outcome::default()
    })
}
