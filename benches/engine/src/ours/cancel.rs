//! How long it takes from the wish to cancel a running job to its end, for everyone to see.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::runtime::Runtime;
use toolroom_shared::JobStatus;

use super::{Keeping, Setup, tools};
use crate::contender::Contender;
use crate::latency::Percentiles;
use crate::load::{Load, Outcome};

/// Jobs that are canceled one after another while the others go on.
#[derive(Debug)]
pub struct Cancel {
    /// Where they are kept.
    pub keeping: Keeping,
    /// They compute on a thread of their own, and wait for nothing.
    pub computing: bool,
    /// How many run at once.
    pub running: usize,
}

impl Contender for Cancel {
    fn who(&self) -> String {
        self.keeping.who()
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(self.all(load, folder))
    }
}

impl Cancel {
    async fn all(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let tool = if self.computing {
            tools::COMPUTE
        } else {
            tools::WAIT
        };
        let hand = tools::Hand::default();
        let setup = Setup::new(self.keeping, self.running, load.jobs);
        let engine = setup.open(tools::registry(&hand)?, folder)?;
        let mut times: Vec<Duration> = Vec::with_capacity(load.jobs);
        let begin = Instant::now();
        while times.len() < load.jobs {
            let together = self.running.min(load.jobs - times.len());
            let mut jobs = Vec::with_capacity(together);
            for _ in 0..together {
                jobs.push(engine.start(tool, tools::input()).await?);
            }
            hand.have_begun(together).await?;
            for job in jobs {
                let asked = Instant::now();
                engine.cancel(&job).await?;
                engine.ended(&job, JobStatus::Canceled).await?;
                times.push(asked.elapsed());
            }
        }
        let elapsed = begin.elapsed();
        engine.close().await?;
        let mut notes = setup.notes();
        notes.push(format!("{} run when it begins", self.running));
        Ok(Outcome {
            elapsed,
            waits: Percentiles::of(times)
                .map(|times| ("until it has stopped".to_owned(), times))
                .into_iter()
                .collect(),
            notes,
            ..Outcome::default()
        })
    }
}
