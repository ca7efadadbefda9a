//! What is told about jobs while they run.
//!
//! [`JobEvent`] is the ordered, numbered stream that every door subscribes to. The four
//! `ToolJob…` types are what the window is sent of it: hints, which may be lost, and which the
//! window therefore reconciles with `get_job`.

use serde::{Deserialize, Serialize};

use crate::JobSummary;

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

/// A job is accepted, begun, further along, or asked to end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobProgress {
    /// The job as it now is.
    pub job: JobSummary,
}

/// A job ended with an output; `get_job` has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobCompleted {
    /// The job as it ended.
    pub job: JobSummary,
}

/// A job ended with an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobFailed {
    /// The job as it ended.
    pub job: JobSummary,
}

/// A job ended because somebody asked for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolJobCanceled {
    /// The job as it ended.
    pub job: JobSummary,
}
