//! What the page knows of one job, and the one rule by which it learns more.
//!
//! How a large output is fetched is [`super::outputs`]'s business.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{JobSnapshot, JobStatus, JobSummary};

use super::Rates;
use crate::result::title_of;

/// What the page knows of one job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The job at the highest revision that was seen.
    pub summary: JobSummary,
    /// A name out of its input; none before the input is known or if it gives none.
    pub title: Option<String>,
    /// Its input, once asked for.
    pub input: Option<Arc<Value>>,
    /// Its output, once it has ended and somebody asked for it.
    pub output: Output,
    /// How fast it was.
    pub rates: Rates,
    /// Some view wants the output. Without one it isn't kept: outputs can be large.
    wants_output: bool,
}

/// How far a job's output is known.
#[derive(Clone, Debug, Default)]
pub enum Output {
    /// Nobody has asked for it, or the job has not ended.
    #[default]
    Unknown,
    /// The job has none.
    Nothing,
    /// It is here.
    Here(Arc<Value>),
    /// It is too large for a snapshot and has so many bytes; none of them is here.
    Large(u64),
    /// It comes in pieces.
    Loading {
        /// Bytes that are here.
        done: u64,
        /// Bytes that there are.
        total: u64,
        /// Tells this loading from one that was given up.
        load: u64,
    },
    /// It could not be loaded.
    Failed {
        /// Bytes that there are.
        total: u64,
        /// Why, in words.
        reason: String,
    },
}

impl PartialEq for Output {
    /// An output that is here is compared by where it is, not by all that is in it.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) | (Self::Nothing, Self::Nothing) => true,
            (Self::Here(one), Self::Here(two)) => Arc::ptr_eq(one, two),
            (Self::Large(one), Self::Large(two)) => one == two,
            (
                Self::Loading { done, total, load },
                Self::Loading {
                    done: done_2,
                    total: total_2,
                    load: load_2,
                },
            ) => (done, total, load) == (done_2, total_2, load_2),
            (
                Self::Failed { total, reason },
                Self::Failed {
                    total: total_2,
                    reason: reason_2,
                },
            ) => (total, reason) == (total_2, reason_2),
            _ => false,
        }
    }
}

impl Job {
    /// A job of which only the summary is known.
    #[must_use]
    pub fn of_summary(summary: JobSummary) -> Self {
        Self {
            summary,
            title: None,
            input: None,
            output: Output::Unknown,
            rates: Rates::default(),
            wants_output: false,
        }
    }

    /// A job of which all is known.
    #[must_use]
    pub fn of_snapshot(snapshot: &JobSnapshot) -> Self {
        let mut job = Self::of_summary(JobSummary::from(snapshot));
        job.take_snapshot(snapshot);
        job
    }

    /// Where the job stands.
    #[must_use]
    pub fn status(&self) -> JobStatus {
        self.summary.status
    }

    /// Whether the output, its size or that there is none is known. It stays: an end is final.
    #[must_use]
    pub fn output_is_known(&self) -> bool {
        self.output != Output::Unknown
    }

    /// Has the output kept from the next snapshot on.
    pub fn want_output(&mut self) {
        self.wants_output = true;
    }

    /// Whether a snapshot would tell something that a view wants.
    #[must_use]
    pub fn lacks_details(&self) -> bool {
        self.input.is_none()
            || self.wants_output && self.status().is_terminal() && !self.output_is_known()
    }

    /// Takes in a newer summary; says whether anything changed.
    pub fn take_summary(&mut self, summary: &JobSummary) -> bool {
        if summary.revision <= self.summary.revision {
            return false;
        }
        self.adopt(summary.clone());
        true
    }

    /// Takes note of how fast it is at that moment.
    pub fn note_rate(&mut self, now_ms: u64) {
        self.rates.note(&self.summary, now_ms);
    }

    /// Puts a newer summary in the place of the older. What is shown of an attempt never goes back,
    /// whoever told of it first.
    fn adopt(&mut self, mut newer: JobSummary) {
        if newer.attempt == self.summary.attempt {
            newer.progress_pct = newer.progress_pct.max(self.summary.progress_pct);
        }
        self.summary = newer;
    }

    /// Takes in a snapshot as far as it is newer or completes what is known; says whether
    /// anything changed.
    pub fn take_snapshot(&mut self, snapshot: &JobSnapshot) -> bool {
        let mut changed = false;
        if snapshot.revision > self.summary.revision {
            self.adopt(JobSummary::from(snapshot));
            changed = true;
        }
        if self.input.is_none() {
            self.title = title_of(&snapshot.input);
            self.input = Some(Arc::new(snapshot.input.clone()));
            changed = true;
        }
        // An output only counts at the end: before that it would be copied at every question.
        if snapshot.revision == self.summary.revision
            && snapshot.status.is_terminal()
            && self.wants_output
            && !self.output_is_known()
        {
            self.output = match (&snapshot.output, snapshot.output_bytes) {
                (Some(output), _) => Output::Here(Arc::new(output.clone())),
                (None, Some(bytes)) => Output::Large(bytes),
                (None, None) => Output::Nothing,
            };
            changed = true;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stores::test_job::a_job;

    proptest! {
        /// Whatever is told in which order, by events or by answers.
        #[test]
        fn a_percent_never_goes_back_within_an_attempt_and_the_latest_revision_stands(
            told in prop::collection::vec((1u32..30, 0u8..=100, any::<bool>()), 1..60),
        ) {
            let version = |revision: u32, percent| {
                let mut job = a_job("a", revision, JobStatus::Running);
                job.attempt = 1 + revision / 10;
                job.progress_pct = percent;
                job
            };
            let mut job = Job::of_snapshot(&version(1, 0));
            let mut latest = 1;
            for (revision, percent, by_event) in told {
                let before = job.summary.clone();
                let snapshot = version(revision, percent);
                match by_event {
                    true => drop(job.take_summary(&JobSummary::from(&snapshot))),
                    false => drop(job.take_snapshot(&snapshot)),
                }
                latest = latest.max(revision);
                prop_assert_eq!(job.summary.revision, latest);
                prop_assert_eq!(job.summary.attempt, 1 + latest / 10);
                if job.summary.attempt == before.attempt {
                    prop_assert!(job.summary.progress_pct >= before.progress_pct);
                } else {
                    prop_assert_eq!(job.summary.progress_pct, percent, "an attempt begins anew");
                }
            }
        }
    }
}
