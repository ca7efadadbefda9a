//! Whether a job costs more where there are many others: before it in the history, or in the queue.

use std::path::Path;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;

use super::throughput::{Handover, Jobs};
use super::{Keeping, Setup, history, tools};
use crate::contender::Contender;
use crate::load::{Load, Outcome};

/// Jobs beside many others: ended ones in a history, waiting ones in memory.
#[derive(Debug)]
pub struct Among {
    /// Where they are kept.
    pub keeping: Keeping,
    /// The history is as full as it may be: for every job that ends an old one goes.
    pub at_limit: bool,
}

impl Contender for Among {
    fn who(&self) -> String {
        let who = self.keeping.who();
        if self.at_limit {
            format!("{who}, as many kept as may be")
        } else {
            who
        }
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(async {
            let hand = tools::Hand::default();
            let mut setup = Setup::new(self.keeping, load.callers, load.before + load.jobs);
            let engine = setup.open(tools::registry(&hand)?, folder)?;
            let in_memory = self.keeping == Keeping::Memory;
            // Those in memory wait behind the first of their tool, and take no place from others.
            let tool = if in_memory { tools::HOLD } else { tools::NO_OP };
            let filling = Load::new(load.before, history::FILLING);
            history::start_all(&engine, tool, filling, |_| tools::input()).await?;
            let engine = if in_memory {
                engine
            } else {
                engine.idle().await?;
                history::indexed(folder).await?;
                // Opened anew: neither its caches nor its log are those of the filling.
                engine.close().await?;
                if self.at_limit {
                    setup.history = load.before as u64;
                }
                setup.open(tools::registry(&hand)?, folder)?
            };
            let jobs = Jobs {
                keeping: self.keeping,
                handover: Handover::OneByOne,
                cautious: false,
            };
            let mut outcome = jobs.run_on(&engine, &hand, load).await?;
            outcome.notes = setup.notes();
            engine.close().await?;
            Ok(outcome)
        })
    }
}
