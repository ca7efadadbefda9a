//! A job as the backend might tell of it, for tests.

use serde_json::json;
use toolroom_shared::{Caller, JobId, JobPriority, JobProgress, JobSnapshot, JobStatus};

/// A job with an input, and with an output if it succeeded.
#[must_use]
pub fn a_job(id: &str, revision: u32, status: JobStatus) -> JobSnapshot {
    JobSnapshot {
        job_id: JobId(id.into()),
        tool_name: "any-tool".into(),
        status,
        progress_pct: if status.is_terminal() { 100 } else { 0 },
        stage: String::new(),
        message: None,
        input: json!({"path": format!("/in/{id}")}),
        output: (status == JobStatus::Succeeded).then(|| json!({"done": revision})),
        output_bytes: None,
        error: None,
        revision,
        attempt: 1,
        cancel_requested: false,
        paused: false,
        partial: false,
        priority: JobPriority::Normal,
        caller: Caller::Window,
        progress: JobProgress::default(),
        log_lines: 0,
        retry_of: None,
        next_attempt_at: None,
        created_at: "2026-11-21T13:02:11Z".into(),
        started_at: None,
        finished_at: None,
    }
}
