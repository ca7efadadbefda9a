//! One case of the plan: who does which work with how much load, and what is told of it.

use crate::contender::Contender;
use crate::load::Load;

/// What of an outcome becomes rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Whole jobs a second.
    Throughput,
    /// How long a caller waits until its job is kept.
    Accepted,
    /// How long a caller waits until its job has ended.
    Ended,
    /// How long something else is waited for, as the contender names it.
    Waits,
    /// How long all of it takes.
    Whole,
    /// What one job adds to the process.
    BytesPerJob,
}

/// One contender with one work and one load.
pub struct Case {
    /// The table it belongs to.
    pub group: &'static str,
    /// What is done, in words.
    pub work: &'static str,
    /// Who does it.
    pub contender: Box<dyn Contender>,
    /// How much of it.
    pub load: Load,
    /// What is told of it.
    pub measures: &'static [Measure],
    /// Who of ours it stands beside, if it isn't one of ours.
    pub beside: Option<String>,
    /// How often it is run at the most, where preparing takes long.
    pub rounds: usize,
}

impl Case {
    /// What it does, in words, and what of it is told.
    pub fn work(&self, what: &str) -> String {
        let Load {
            callers, before, ..
        } = self.load;
        let mut work = match callers {
            1 => format!("{}, 1 caller", self.work),
            callers => format!("{}, {callers} callers", self.work),
        };
        if before > 0 {
            work.push_str(&format!(", {before} before"));
        }
        if !what.is_empty() {
            work.push_str(", ");
            work.push_str(what);
        }
        work
    }
}
