//! No-op jobs through the engine: how many a second, and how long their callers wait.
//!
//! The end is when everyone may see that all jobs have ended, not when their work is done.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use toolroom_shared::JobStatus;

use super::{CONCURRENCY, Engine, Keeping, Setup, history, tools};
use crate::contender::Contender;
use crate::latency::Percentiles;
use crate::load::{Load, Outcome};

/// What a caller does after a job is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// Waits for its end, then starts the next.
    OneByOne,
    /// As `OneByOne`, and every job is timed.
    OneByOneTimed,
    /// Starts the next; all ends are awaited at last.
    AllAtOnce,
}

/// Jobs of the engine.
#[derive(Debug)]
pub struct Jobs {
    /// Where they are kept.
    pub keeping: Keeping,
    /// How they are handed over.
    pub handover: Handover,
    /// Their work may not be begun twice, so that its beginning waits until it is stored.
    pub cautious: bool,
}

impl Contender for Jobs {
    fn who(&self) -> String {
        let who = self.keeping.who();
        if self.cautious {
            format!("{who}, not repeatable")
        } else {
            who
        }
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(async {
            let mut setup = Setup::new(self.keeping, load.callers, load.jobs);
            if self.handover == Handover::AllAtOnce {
                // However many callers: jobs are to wait for their turn.
                setup.concurrency = CONCURRENCY;
            }
            let hand = tools::Hand::counting(load.jobs);
            let engine = setup.open(tools::registry(&hand)?, folder)?;
            let mut outcome = self.run_on(&engine, &hand, load).await?;
            outcome.notes = setup.notes();
            if self.keeping != Keeping::Memory {
                let ended = engine.count(&[JobStatus::Succeeded]).await?;
                ensure!(
                    ended == load.jobs,
                    "{ended} of {} jobs are there",
                    load.jobs
                );
                let begin = Instant::now();
                history::indexed(folder).await?;
                let took = begin.elapsed().as_secs_f64();
                outcome
                    .notes
                    .push(format!("all words indexed {took:.1} s later"));
            }
            engine.close().await?;
            Ok(outcome)
        })
    }
}

impl Jobs {
    /// Does the load on an engine that is open.
    pub async fn run_on(&self, engine: &Engine, hand: &tools::Hand, load: Load) -> Result<Outcome> {
        let tool = if self.cautious {
            tools::CAUTIOUS
        } else {
            tools::NO_OP
        };
        let begin = Instant::now();
        let mut callers = JoinSet::new();
        for index in 0..load.callers {
            let (engine, jobs) = (engine.clone(), load.share(index));
            match self.handover {
                Handover::AllAtOnce => callers.spawn(all_at_once(engine, tool, jobs)),
                Handover::OneByOne => callers.spawn(one_by_one(engine, tool, jobs)),
                Handover::OneByOneTimed => callers.spawn(one_by_one_timed(engine, tool, jobs)),
            };
        }
        let mut times = Times::default();
        while let Some(caller) = callers.join_next().await {
            let of_caller = caller.context("a caller was lost")??;
            times.accepted.extend(of_caller.accepted);
            times.ended.extend(of_caller.ended);
        }
        if self.handover == Handover::AllAtOnce {
            // First the work, since to look whether all have ended is to look at each of them.
            if let Some(countdown) = &hand.countdown {
                countdown.wait().await;
            }
            engine.idle().await?;
        }
        Ok(Outcome {
            elapsed: begin.elapsed(),
            accepted: Percentiles::of(times.accepted),
            ended: Percentiles::of(times.ended),
            ..Outcome::default()
        })
    }
}

/// How long a caller waited, job by job.
#[derive(Default)]
struct Times {
    accepted: Vec<Duration>,
    ended: Vec<Duration>,
}

async fn one_by_one(engine: Engine, tool: &str, jobs: usize) -> Result<Times> {
    for _ in 0..jobs {
        let job = engine.start(tool, tools::input()).await?;
        engine.ended(&job, JobStatus::Succeeded).await?;
    }
    Ok(Times::default())
}

async fn one_by_one_timed(engine: Engine, tool: &str, jobs: usize) -> Result<Times> {
    let mut times = Times {
        accepted: Vec::with_capacity(jobs),
        ended: Vec::with_capacity(jobs),
    };
    for _ in 0..jobs {
        let begin = Instant::now();
        let job = engine.start(tool, tools::input()).await?;
        times.accepted.push(begin.elapsed());
        engine.ended(&job, JobStatus::Succeeded).await?;
        times.ended.push(begin.elapsed());
    }
    Ok(times)
}

async fn all_at_once(engine: Engine, tool: &str, jobs: usize) -> Result<Times> {
    for _ in 0..jobs {
        engine.start(tool, tools::input()).await?;
    }
    Ok(Times::default())
}
