//! How fast a job was over its run, in a bounded number of samples.

use toolroom_shared::{JobProgress, JobStatus, JobSummary};

/// How many samples are kept at the most.
const MOST: usize = 120;
/// Milliseconds between two samples at first.
const FIRST_STEP: u64 = 250;

/// How fast it was at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateSample {
    /// When (milliseconds since 1970).
    pub at: u64,
    /// Units a second.
    pub rate: f64,
}

/// How fast a job was over its latest attempt. When there are too many samples every other one is
/// dropped and from then on half as many are taken: however long a job runs, the whole run is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    samples: Vec<RateSample>,
    /// The attempt that they are of.
    attempt: u32,
    step: u64,
}

impl Rates {
    /// The samples, the oldest first.
    #[must_use]
    pub fn samples(&self) -> &[RateSample] {
        &self.samples
    }

    /// Takes note of how fast the job is; says whether that made a sample.
    pub fn note(&mut self, job: &JobSummary, now_ms: u64) -> bool {
        if job.attempt != self.attempt {
            *self = Self {
                attempt: job.attempt,
                ..Self::default()
            };
        }
        let JobProgress { rate, .. } = job.progress;
        let Some(rate) = rate.filter(|rate| rate.is_finite() && *rate >= 0.0) else {
            return false;
        };
        let step = self.step.max(FIRST_STEP);
        let is_due = self
            .samples
            .last()
            .is_none_or(|last| last.at + step <= now_ms);
        if job.status != JobStatus::Running || !is_due {
            return false;
        }
        if self.samples.len() == MOST {
            let mut place = 0;
            self.samples.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.step = step * 2;
        }
        self.samples.push(RateSample { at: now_ms, rate });
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stores::test_job::a_job;

    fn at_work(attempt: u32, rate: f64) -> JobSummary {
        let mut job = a_job("a", 1, JobStatus::Running);
        job.attempt = attempt;
        job.progress.rate = Some(rate);
        JobSummary::from(&job)
    }

    proptest! {
        #[test]
        fn however_long_a_job_runs_there_are_few_samples_in_their_order_from_its_beginning(
            gaps in prop::collection::vec(0u64..4_000, 1..2_000),
        ) {
            let mut rates = Rates::default();
            let mut now = 10_000;
            for gap in gaps {
                now += gap;
                rates.note(&at_work(1, gap as f64), now);
                prop_assert!(rates.samples().len() <= MOST);
            }
            let times: Vec<_> = rates.samples().iter().map(|sample| sample.at).collect();
            prop_assert!(times.is_sorted());
            prop_assert!(times[0] < 14_000);
            // The last stretch without a sample is no longer than two steps.
            prop_assert!(now - times[times.len() - 1] <= rates.step.max(FIRST_STEP) * 2 + 4_000);
        }
    }

    #[test]
    fn a_new_attempt_begins_anew_and_what_has_no_rate_is_no_sample() {
        let mut rates = Rates::default();
        assert!(rates.note(&at_work(1, 5.0), 1_000));
        assert!(!rates.note(&at_work(1, f64::NAN), 9_000));
        assert!(rates.note(&at_work(2, 7.0), 9_100));
        assert_eq!(rates.samples().len(), 1);
    }
}
