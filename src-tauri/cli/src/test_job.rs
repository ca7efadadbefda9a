//! A job for tests.

use serde_json::json;
use toolroom_shared::{Caller, JobId, JobPriority, JobProgress, JobSnapshot, JobStatus};

/// A job that has just been accepted.
pub fn a_job() -> JobSnapshot {
    JobSnapshot {
        job_id: JobId("id".into()),
        tool_name: "a-tool".into(),
        status: JobStatus::Queued,
        progress_pct: 0,
        stage: String::new(),
        message: None,
        input: json!({ "size": 7 }),
        output: None,
        output_bytes: None,
        error: None,
        revision: 1,
        attempt: 0,
        cancel_requested: false,
        paused: false,
        partial: false,
        priority: JobPriority::Normal,
        caller: Caller::Window,
        progress: JobProgress::default(),
        log_lines: 0,
        retry_of: None,
        next_attempt_at: None,
        created_at: "2026-03-04T05:06:07Z".into(),
        started_at: None,
        finished_at: None,
    }
}
