//! What a job that waits for its turn occupies in memory.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;
use toolroom_shared::JobStatus;

use super::{Keeping, Setup, history, tools};
use crate::contender::Contender;
use crate::load::{Load, Outcome};
use crate::memory;

/// Jobs behind one that holds the only place.
#[derive(Debug)]
pub struct FullQueue {
    /// Where they are kept.
    pub keeping: Keeping,
}

impl Contender for FullQueue {
    fn who(&self) -> String {
        self.keeping.who()
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(async {
            let hand = tools::Hand::default();
            let setup = Setup {
                concurrency: 1,
                ..Setup::new(self.keeping, 1, load.jobs + 1)
            };
            let engine = setup.open(tools::registry(&hand)?, folder)?;
            engine.start(tools::HOLD, tools::input()).await?;
            hand.have_begun(1).await?;
            let before = memory::resident_bytes();
            let begin = Instant::now();
            history::start_all(&engine, tools::NO_OP, load, |_| tools::input()).await?;
            let elapsed = begin.elapsed();
            let grown_bytes = memory::grown_since(before);
            let queued = engine.count(&[JobStatus::Queued]).await?;
            ensure!(queued == load.jobs, "{queued} of {} jobs wait", load.jobs);
            let mut notes = setup.notes();
            if self.keeping != Keeping::Memory {
                notes.push("with SQLite's cache".to_owned());
            }
            engine.close().await?;
            Ok(Outcome {
                elapsed,
                grown_bytes,
                notes,
                ..Outcome::default()
            })
        })
    }
}
