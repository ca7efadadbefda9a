//! What the audit trail costs: calls that are only noted, beside starts that are kept, and the
//! check of a whole trail.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;
use toolroom_engine::{AuditNote, AuditReader};
use toolroom_shared::{AuditDecision, AuditOperation, Caller, JobId};

use super::{Engine, Keeping, Setup, history, tools};
use crate::contender::Contender;
use crate::load::{Load, Outcome};

/// After how many calls it is waited until they are kept.
const CALLS_AT_ONCE: usize = 10_000;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Starts of jobs that wait for their turn: each caller waits until its job is kept.
    Starts,
    /// Calls that leave an entry in the trail and nothing else, until all are kept.
    Calls,
    /// The check of a trail of so many calls.
    Verify,
}

/// The trail of an engine whose changes survive the power's end.
#[derive(Debug)]
pub struct Audit {
    /// What is measured.
    pub work: Work,
}

impl Contender for Audit {
    fn who(&self) -> String {
        Keeping::Full.who()
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(async {
            let setup = Setup::new(Keeping::Full, load.callers, load.jobs);
            let registry = tools::registry(&tools::Hand::default())?;
            let engine = setup.open(registry, folder)?;
            let begin = Instant::now();
            match self.work {
                Work::Starts => {
                    history::start_all(&engine, tools::HOLD, load, |_| tools::input()).await?;
                }
                Work::Calls | Work::Verify => call_all(&engine, load.jobs).await?,
            }
            let mut elapsed = begin.elapsed();
            engine.close().await?;
            // Every case ends with a trail that is whole.
            let took = verify(folder, load.jobs as u64)?;
            if self.work == Work::Verify {
                elapsed = took;
            }
            let mut notes = setup.notes();
            notes.push(format!("checked in {:.2} s", took.as_secs_f64()));
            Ok(Outcome {
                elapsed,
                notes,
                ..Outcome::default()
            })
        })
    }
}

async fn call_all(engine: &Engine, calls: usize) -> Result<()> {
    let trail = engine.api.audit_log();
    let job = JobId("019ba3c8-5b1e-7c31-9f6e-2d1f0a4c7e55".to_owned());
    let input = tools::input().to_string();
    let mut left = calls;
    while left > 0 {
        let now = left.min(CALLS_AT_ONCE);
        for _ in 0..now {
            let operation = AuditOperation::Send;
            let note = AuditNote::new(Caller::App, operation, AuditDecision::Allowed);
            trail.note(note.tool(tools::HOLD).job(&job).input(&input));
        }
        left -= now;
        // What is kept now comes after them.
        engine.start(tools::HOLD, tools::input()).await?;
    }
    Ok(())
}

fn verify(folder: &Path, at_least: u64) -> Result<Duration> {
    let reader = AuditReader::open(folder)?.context("there is no trail")?;
    let begin = Instant::now();
    let report = reader.verify(&mut |_, _| ())?;
    let took = begin.elapsed();
    ensure!(report.fault.is_none(), "the trail: {:?}", report.fault);
    ensure!(
        report.checked >= at_least,
        "{} entries were checked",
        report.checked
    );
    Ok(took)
}
