//! How long an engine takes to have again what another left when it was killed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;

use super::{Keeping, Setup, history, tools};
use crate::contender::Contender;
use crate::load::{Load, Outcome};

/// How many of the jobs run when the engine is killed.
const RUNNING: usize = 64;
/// After how long without a new job an engine has written all that it has to write.
const SETTLES_WITHIN: Duration = Duration::from_secs(1);

/// Opens the history of an engine that was killed with many jobs waiting and some running.
#[derive(Debug)]
pub struct Recovery {
    /// Whether the jobs that were left are run.
    pub run_left_over: bool,
}

impl Contender for Recovery {
    fn who(&self) -> String {
        let what = if self.run_left_over {
            "runs them"
        } else {
            "leaves them"
        };
        format!("{}, {what}", Keeping::Full.who())
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(async {
            let (killed, left) = (folder.join("killed"), folder.join("left"));
            let running = RUNNING.min(load.jobs);
            let mut setup = Setup {
                concurrency: running,
                ..Setup::new(Keeping::Full, 1, load.jobs)
            };
            let hand = tools::Hand::default();
            let first = setup.open(tools::registry(&hand)?, &killed)?;
            let filling = Load::new(load.jobs, history::FILLING);
            history::start_all(&first, tools::WAIT, filling, |_| tools::input()).await?;
            hand.have_begun(running).await?;
            // sleep: until nothing is written any more, since those that run wait and so do the
            // others. A copy that is made while the log is copied back would be a torn one.
            tokio::time::sleep(SETTLES_WITHIN).await;
            history::copy(&killed, &left)?;
            first.close().await?;
            setup.run_left_over = self.run_left_over;
            let registry = tools::registry(&tools::Hand::default())?;
            let begin = Instant::now();
            let engine = setup.open(registry, &left)?;
            let there = engine.count(&[]).await?;
            let elapsed = begin.elapsed();
            ensure!(
                there == load.jobs,
                "{there} of {} jobs are there",
                load.jobs
            );
            engine.close().await?;
            let mut notes = setup.notes();
            notes.push(format!("{running} of them ran"));
            Ok(Outcome {
                elapsed,
                notes,
                ..Outcome::default()
            })
        })
    }
}
