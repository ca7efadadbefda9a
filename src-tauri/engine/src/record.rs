//! A job as the engine holds it: compact, never changed once it is shared, turned into a
//! [`JobSnapshot`] only where somebody asks for one.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{
    AppError, Caller, JobId, JobPriority, JobProgress, JobSnapshot, JobStatus, JobSummary,
};
use uuid::Uuid;

use crate::clock::Timestamp;

/// What a job is from the beginning and stays.
#[derive(Clone, Debug, PartialEq)]
pub struct JobOrigin {
    /// Its number in this data folder, from 1, in the order of acceptance.
    pub seq: u64,
    /// Its id as clients know it.
    pub id: Uuid,
    /// The tool that it runs.
    pub tool: Arc<str>,
    /// Who started it.
    pub caller: Caller,
    /// The name that the client gave this start.
    pub idempotency_key: Option<Box<str>>,
    /// Seconds that an attempt may take.
    pub timeout_seconds: Option<u32>,
    /// How often it may be attempted, if the start or the tool says so.
    pub max_attempts: Option<u32>,
    /// The job that this one does again.
    pub retry_of: Option<Uuid>,
    /// When it was accepted.
    pub created_at: Timestamp,
}

/// A job at one revision. The fields are described at [`JobSnapshot`].
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // each field that isn't described here is described at JobSnapshot
pub struct JobRecord {
    pub origin: Arc<JobOrigin>,
    /// The input as it was given; none in what is told or listed.
    pub input: Option<Arc<Value>>,
    pub status: JobStatus,
    pub priority: JobPriority,
    /// Its place among the waiting jobs of its priority: the lowest goes first.
    pub rank: i64,
    pub revision: u32,
    pub attempt: u32,
    /// How many attempts have failed.
    pub failures: u32,
    pub cancel_requested: bool,
    pub paused: bool,
    pub partial: bool,
    pub percent: u8,
    pub log_lines: u32,
    pub report: Option<Arc<ProgressReport>>,
    pub output: Option<Output>,
    pub error: Option<Arc<AppError>>,
    /// Where the next attempt goes on.
    pub checkpoint: Option<Arc<Value>>,
    pub next_attempt_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// How far a running job is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgressReport {
    /// The phase, in words.
    pub stage: String,
    /// The latest thing that the tool had to say.
    pub message: Option<String>,
    /// 0 to 100.
    pub percent: u8,
    /// In the tool's own unit.
    pub progress: JobProgress,
}

/// A job's result, where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Small enough for a snapshot.
    Inline(Arc<Value>),
    /// Too large for a snapshot: its JSON text, in memory, where nothing is stored.
    Text(Arc<str>),
    /// Too large for a snapshot: a file of this many bytes.
    Artifact {
        /// How many bytes of JSON it has.
        bytes: u64,
    },
}

impl Output {
    /// Its size, if it is too large for a snapshot.
    pub fn large_bytes(&self) -> Option<u64> {
        match self {
            Self::Inline(_) => None,
            Self::Text(text) => Some(text.len() as u64),
            Self::Artifact { bytes } => Some(*bytes),
        }
    }
}

impl JobRecord {
    /// A job that has just been accepted.
    pub fn accepted(
        origin: Arc<JobOrigin>,
        input: Arc<Value>,
        priority: JobPriority,
        rank: i64,
    ) -> Self {
        Self {
            origin,
            input: Some(input),
            status: JobStatus::Queued,
            priority,
            rank,
            revision: 1,
            attempt: 0,
            failures: 0,
            cancel_requested: false,
            paused: false,
            partial: false,
            percent: 0,
            log_lines: 0,
            report: None,
            output: None,
            error: None,
            checkpoint: None,
            next_attempt_at: None,
            started_at: None,
            finished_at: None,
        }
    }

    /// The job as it is told of: without what may be large, lest what is told hold on to it.
    pub fn told(&self) -> Self {
        let large_bytes = self.output.as_ref().and_then(Output::large_bytes);
        Self {
            origin: self.origin.clone(),
            input: None,
            report: self.report.clone(),
            output: large_bytes.map(|bytes| Output::Artifact { bytes }),
            error: self.error.clone(),
            checkpoint: None,
            // The rest is numbers.
            ..*self
        }
    }

    /// The job's number.
    pub fn seq(&self) -> u64 {
        self.origin.seq
    }

    /// The job's id as clients know it.
    pub fn job_id(&self) -> JobId {
        job_id(self.origin.id)
    }

    /// The output, if it is small enough for a snapshot.
    pub fn inline_output(&self) -> Option<&Value> {
        match &self.output {
            Some(Output::Inline(value)) => Some(value),
            _ => None,
        }
    }

    /// The job without its input and output.
    pub fn summary(&self) -> JobSummary {
        let (stage, message, progress) = self.report_parts();
        JobSummary {
            job_id: self.job_id(),
            tool_name: self.origin.tool.as_ref().to_owned(),
            status: self.status,
            progress_pct: self.percent,
            stage,
            message,
            output_bytes: self.output.as_ref().and_then(Output::large_bytes),
            error: self.error.as_deref().cloned(),
            revision: self.revision,
            attempt: self.attempt,
            cancel_requested: self.cancel_requested,
            paused: self.paused,
            partial: self.partial,
            priority: self.priority,
            caller: self.origin.caller.clone(),
            progress,
            log_lines: self.log_lines,
            retry_of: self.origin.retry_of.map(job_id),
            next_attempt_at: self.next_attempt_at.map(Timestamp::to_rfc3339),
            created_at: self.origin.created_at.to_rfc3339(),
            started_at: self.started_at.map(Timestamp::to_rfc3339),
            finished_at: self.finished_at.map(Timestamp::to_rfc3339),
        }
    }

    /// Everything about the job.
    pub fn snapshot(&self) -> JobSnapshot {
        let summary = self.summary();
        JobSnapshot {
            job_id: summary.job_id,
            tool_name: summary.tool_name,
            status: summary.status,
            progress_pct: summary.progress_pct,
            stage: summary.stage,
            message: summary.message,
            input: self.input.as_deref().cloned().unwrap_or_default(),
            output: self.inline_output().cloned(),
            output_bytes: summary.output_bytes,
            error: summary.error,
            revision: summary.revision,
            attempt: summary.attempt,
            cancel_requested: summary.cancel_requested,
            paused: summary.paused,
            partial: summary.partial,
            priority: summary.priority,
            caller: summary.caller,
            progress: summary.progress,
            log_lines: summary.log_lines,
            retry_of: summary.retry_of,
            next_attempt_at: summary.next_attempt_at,
            created_at: summary.created_at,
            started_at: summary.started_at,
            finished_at: summary.finished_at,
        }
    }

    fn report_parts(&self) -> (String, Option<String>, JobProgress) {
        self.report.as_deref().map_or_else(
            || (String::new(), None, JobProgress::default()),
            |report| {
                (
                    report.stage.clone(),
                    report.message.clone(),
                    report.progress.clone(),
                )
            },
        )
    }
}

/// An id as clients know it.
pub fn job_id(id: Uuid) -> JobId {
    JobId(id.to_string())
}
