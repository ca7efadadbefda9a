//! What a contender is given and what it gives back: a load, and the outcome of one run.
//!
//! Plain data, and shared by its path with the program in `apalis-sqlite`, which can't share our
//! dependencies. Who runs what stands in `plan`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::latency::Percentiles;

/// How much work, and from how many sides at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Jobs over all callers.
    pub jobs: usize,
    /// Callers that hand over jobs at the same time.
    pub callers: usize,
    /// Jobs that are there before the time begins.
    pub before: usize,
}

impl Load {
    /// So many jobs from so many callers, with nothing before them.
    pub const fn new(jobs: usize, callers: usize) -> Self {
        Self {
            jobs,
            callers,
            before: 0,
        }
    }

    /// The jobs of one caller; the first callers take one more where it doesn't come out even.
    pub fn share(self, caller: usize) -> usize {
        self.jobs / self.callers + usize::from(caller < self.jobs % self.callers)
    }
}

/// One run of one contender.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// From the first job handed over to the last one ended.
    pub elapsed: Duration,
    /// From handing over a job to knowing that it is kept, where that was timed.
    pub accepted: Option<Percentiles>,
    /// From handing over a job to knowing that it has ended, where that was timed.
    pub ended: Option<Percentiles>,
    /// How long something else was waited for, and what that was.
    #[serde(default)]
    pub waits: Vec<(String, Percentiles)>,
    /// How many bytes the process grew by, where that is what the run is about.
    pub grown_bytes: Option<u64>,
    /// What the contender says of its own settings and versions, as read back.
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_callers_are_all_jobs() {
        for (jobs, callers) in [(10, 3), (9, 3), (2, 8), (0, 4)] {
            let load = Load::new(jobs, callers);
            let shares: Vec<usize> = (0..callers).map(|caller| load.share(caller)).collect();
            assert_eq!(shares.iter().sum::<usize>(), jobs);
            assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() <= 1);
        }
    }
}
