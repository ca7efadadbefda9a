//! What those are sent who watch jobs over a channel: a snapshot first, then numbered events.
//!
//! Unlike the four `ToolJob…` hints nothing is left out or told out of order, or it is said.

use serde::{Deserialize, Serialize};

use crate::{JobEvent, JobSnapshot, JobSummary};

/// The number of a [`JobEvent`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EventSeq(#[cfg_attr(feature = "specta", specta(type = f64))] pub u64);

/// A watch that goes on until it is ended: its number in this window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WatchId(pub u32);

/// What a watcher of all jobs is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobsUpdate {
    /// Where the watch begins: every unfinished job. Left out when the watch goes on from an
    /// event that can still be followed.
    Snapshot {
        /// The event that the jobs stand after.
        seq: EventSeq,
        /// The jobs, newest first.
        jobs: Vec<JobSummary>,
    },
    /// What happened since, each number one higher than the one before.
    Events {
        /// The events, in their order.
        events: Vec<JobEvent>,
    },
    /// Events that could not be kept for this watcher; a snapshot follows. What has ended
    /// meanwhile is not in it.
    Gap {
        /// How many.
        missed: u32,
    },
}

/// What a watcher of one job is sent. The channel ends after the snapshot of a job that has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobUpdate {
    /// The job as it is: first of all, after events that could not be kept, and at the end.
    Snapshot {
        /// Everything about the job.
        job: JobSnapshot,
    },
    /// What happened to it since.
    Event {
        /// The event. Numbers rise, and those of other jobs are left out.
        event: JobEvent,
    },
}

/// What a page is told when it has said that it is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FrontendReady {
    /// The app's version.
    pub version: String,
    /// The event up to which everything has been told before.
    pub last_event: EventSeq,
    /// How many events after it could not be kept and will not be told.
    pub missed: u32,
}
