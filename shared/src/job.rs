//! A job as clients see it: its id, status, progress and result.
//!
//! Which status may follow which is decided here, by [`JobStatus::can_become`]; who may write one
//! is the engine's business.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AppError, Caller};

/// Names one job. A UUID of version 7 in text form, so that ids sort by time of creation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct JobId(pub String);

impl JobId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a start is answered with: enough to ask for the job again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobHandle {
    /// The job that was started.
    pub job_id: JobId,
}

/// Where a job stands.
///
/// Waiting for a retry is `Queued` with `next_attempt_at`; a paused job is `Queued` with `paused`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum JobStatus {
    /// Accepted and waiting for its turn.
    Queued,
    /// The tool is at work.
    Running,
    /// Ended with an output.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ended because somebody asked for it.
    Canceled,
}

impl JobStatus {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Canceled,
    ];

    /// Whether a job in this status has ended for good.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }

    /// Whether a job in this status may take on `next`: the one rule for every transition.
    ///
    /// A running job goes back to the queue for a retry or a pause. Only a running job succeeds.
    /// A terminal status is final.
    #[must_use]
    pub const fn can_become(self, next: Self) -> bool {
        match self {
            Self::Queued => matches!(next, Self::Running | Self::Failed | Self::Canceled),
            Self::Running => !matches!(next, Self::Running),
            Self::Succeeded | Self::Failed | Self::Canceled => false,
        }
    }

    /// The status as people read it: lower case, as in "3 running".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which of the waiting jobs goes first; within one priority, the oldest does.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum JobPriority {
    /// After everything else.
    Low,
    /// The usual one.
    #[default]
    Normal,
    /// Before everything else.
    High,
}

/// How far a job is, in the tool's own unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobProgress {
    /// Units done in this phase. At most 2^53, so that it survives every JSON reader.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub done: u64,
    /// Units there are, once that is known. At most 2^53.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub total: Option<u64>,
    /// What is counted: `bytes`, `files`, … Empty before the tool has said.
    pub unit: String,
    /// Units per second over the last seconds, once measured.
    pub rate: Option<f64>,
}

/// Everything about a job at one revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobSnapshot {
    /// The job's id.
    pub job_id: JobId,
    /// The tool that it runs.
    pub tool_name: String,
    /// Where it stands.
    pub status: JobStatus,
    /// 0 to 100. Never falls within an attempt.
    pub progress_pct: u8,
    /// The phase that the tool is in, in words; empty before it starts.
    pub stage: String,
    /// The latest thing that the tool had to say.
    pub message: Option<String>,
    /// The input as it was given.
    pub input: Value,
    /// The result, or what there is of it when `partial`; none where `output_bytes` is set.
    pub output: Option<Value>,
    /// How many bytes of JSON the output has, where it is too large to stand here (more than
    /// 256 KiB): `read_job_output` gives it by page.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub output_bytes: Option<u64>,
    /// Why it failed.
    pub error: Option<AppError>,
    /// Raised by one at every change: of two snapshots the higher revision stands.
    pub revision: u32,
    /// Which attempt this is: 0 before the first has begun, then 1, 2, …
    pub attempt: u32,
    /// Somebody asked for it to end, and it has not ended yet or ended for that reason.
    pub cancel_requested: bool,
    /// It is held back until somebody lets it go on.
    pub paused: bool,
    /// The output is not whole: the job was ended before it was done.
    pub partial: bool,
    /// Its rank in the queue.
    pub priority: JobPriority,
    /// Who started it.
    pub caller: Caller,
    /// How far it is, in the tool's own unit.
    pub progress: JobProgress,
    /// How many lines its tool has written to its log.
    pub log_lines: u32,
    /// The job that this one does again.
    pub retry_of: Option<JobId>,
    /// When a waiting retry will begin (RFC 3339, UTC).
    pub next_attempt_at: Option<String>,
    /// When it was accepted (RFC 3339, UTC).
    pub created_at: String,
    /// When its first attempt began (RFC 3339, UTC).
    pub started_at: Option<String>,
    /// When it ended (RFC 3339, UTC).
    pub finished_at: Option<String>,
}

/// A [`JobSnapshot`] without its input and output: small enough for lists and events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs)] // each field is described at JobSnapshot
pub struct JobSummary {
    pub job_id: JobId,
    pub tool_name: String,
    pub status: JobStatus,
    pub progress_pct: u8,
    pub stage: String,
    pub message: Option<String>,
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub output_bytes: Option<u64>,
    pub error: Option<AppError>,
    pub revision: u32,
    pub attempt: u32,
    pub cancel_requested: bool,
    pub paused: bool,
    pub partial: bool,
    pub priority: JobPriority,
    pub caller: Caller,
    pub progress: JobProgress,
    pub log_lines: u32,
    pub retry_of: Option<JobId>,
    pub next_attempt_at: Option<String>,
    pub created_at: String,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
}

impl From<&JobSnapshot> for JobSummary {
    fn from(job: &JobSnapshot) -> Self {
        Self {
            job_id: job.job_id.clone(),
            tool_name: job.tool_name.clone(),
            status: job.status,
            progress_pct: job.progress_pct,
            stage: job.stage.clone(),
            message: job.message.clone(),
            output_bytes: job.output_bytes,
            error: job.error.clone(),
            revision: job.revision,
            attempt: job.attempt,
            cancel_requested: job.cancel_requested,
            paused: job.paused,
            partial: job.partial,
            priority: job.priority,
            caller: job.caller.clone(),
            progress: job.progress.clone(),
            log_lines: job.log_lines,
            retry_of: job.retry_of.clone(),
            next_attempt_at: job.next_attempt_at.clone(),
            created_at: job.created_at.clone(),
            started_at: job.started_at.clone(),
            finished_at: job.finished_at.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_status() -> impl Strategy<Value = JobStatus> {
        proptest::sample::select(JobStatus::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn a_terminal_status_is_final(from in any_status(), to in any_status()) {
            prop_assert!(!from.is_terminal() || !from.can_become(to));
        }

        #[test]
        fn only_a_running_job_succeeds_and_only_a_queued_one_starts(from in any_status()) {
            prop_assert_eq!(from.can_become(JobStatus::Succeeded), from == JobStatus::Running);
            prop_assert_eq!(from.can_become(JobStatus::Running), from == JobStatus::Queued);
        }

        #[test]
        fn no_status_becomes_itself(status in any_status()) {
            prop_assert!(!status.can_become(status));
        }
    }

    #[test]
    fn every_unfinished_status_can_fail_and_be_canceled() {
        for status in JobStatus::ALL.into_iter().filter(|s| !s.is_terminal()) {
            assert!(status.can_become(JobStatus::Failed));
            assert!(status.can_become(JobStatus::Canceled));
        }
    }

    #[test]
    fn a_status_stands_on_the_wire_as_it_is_written() {
        let text = serde_json::to_string(&JobStatus::ALL).unwrap();
        assert_eq!(
            text,
            r#"["Queued","Running","Succeeded","Failed","Canceled"]"#
        );
    }
}
