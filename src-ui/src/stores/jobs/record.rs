//! What the page knows of one job, and the one rule by which it learns more.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{JobSnapshot, JobStatus, JobSummary};

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
    /// Its output, once asked for and as of `output_revision`.
    pub output: Option<Arc<Value>>,
    output_revision: Option<u32>,
    /// Some view wants the output. Without one it isn't kept: outputs can be large.
    wants_output: bool,
}

impl Job {
    /// A job of which only the summary is known.
    #[must_use]
    pub fn of_summary(summary: JobSummary) -> Self {
        Self {
            summary,
            title: None,
            input: None,
            output: None,
            output_revision: None,
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

    /// Whether the output, or that there is none, is known for the revision that is shown.
    #[must_use]
    pub fn output_is_known(&self) -> bool {
        self.output_revision == Some(self.summary.revision)
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
        self.summary = summary.clone();
        true
    }

    /// Takes in a snapshot as far as it is newer or completes what is known; says whether
    /// anything changed.
    pub fn take_snapshot(&mut self, snapshot: &JobSnapshot) -> bool {
        let mut changed = false;
        if snapshot.revision > self.summary.revision {
            self.summary = JobSummary::from(snapshot);
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
            self.output = snapshot.output.clone().map(Arc::new);
            self.output_revision = Some(snapshot.revision);
            changed = true;
        }
        changed
    }
}
