//! What is told about jobs while they run.
//!
//! [`JobEvent`] is the ordered, numbered stream that every door subscribes to. The four
//! `ToolJob…` types are what the window is sent of it, ten times a second at the most and for all
//! jobs together: hints, which may be lost, and which the window therefore reconciles with
//! `get_job`.

use serde::{Deserialize, Serialize};

use crate::{EventSeq, JobSummary};

/// What a [`JobEvent`] tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// It was accepted.
    Queued,
    /// An attempt began.
    Started,
    /// It is further, or its tool said something.
    Progress,
    /// Somebody asked for it to end.
    CancelRequested,
    /// Somebody asked for it to be held back; a running job goes on to its next checkpoint first.
    PauseRequested,
    /// It is held back.
    Paused,
    /// It is no longer held back.
    Resumed,
    /// It has another place in the queue.
    Moved,
    /// An attempt failed, and another will be made at `next_attempt_at`.
    RetryScheduled,
    /// The engine stopped while it ran, and it waits for its turn again.
    Requeued,
    /// It ended with an output.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// It ended because somebody asked for it.
    Canceled,
}

/// One change of one job, in the order in which changes happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobEvent {
    /// The event's number: 1 for the engine's first, then one more each.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub seq: u64,
    /// What happened.
    pub kind: TransitionKind,
    /// The job after it happened.
    pub job: JobSummary,
}

/// Jobs are accepted, begun, further along, or asked to end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobProgress {
    /// The jobs as they now are, each once.
    pub jobs: Vec<JobSummary>,
    /// The event up to which everything has been told.
    pub last_event: EventSeq,
}

/// Jobs ended with an output; `get_job` has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobCompleted {
    /// The jobs as they ended.
    pub jobs: Vec<JobSummary>,
    /// The event up to which everything has been told.
    pub last_event: EventSeq,
}

/// Jobs ended with an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobFailed {
    /// The jobs as they ended.
    pub jobs: Vec<JobSummary>,
    /// The event up to which everything has been told.
    pub last_event: EventSeq,
}

/// Jobs ended because somebody asked for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobCanceled {
    /// The jobs as they ended.
    pub jobs: Vec<JobSummary>,
    /// The event up to which everything has been told.
    pub last_event: EventSeq,
}
