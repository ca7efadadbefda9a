//! The way of a job from its start to its end.
//!
//! `requests` come to the `job_manager`, and `starting` accepts a job. What becomes of it
//! `job_table` decides, `scheduler` has it stored, and `settling` does what follows then. `queue`
//! orders what waits, `reorder` changes that. `runners` run an `attempt` with `job_task`, `sampler`
//! looks at its `progress`, `attempt_end` and `job_output` put its result into its place, `retry`
//! says whether another attempt follows. `events` tells everyone, `job_list` and `job_reader` answer queries.
//! All of them share one `state`.
//! `auditing` tells the audit trail what the store doesn't, `audited_decisions` what was decided on
//! callers' wishes, `outside_notes` what was done past this engine; `audit_requests` reads it. `apply_settings` puts a person's settings into force; `storage_requests` look after all that is kept, and
//! `history_file` writes and reads it as a file; `recovery` takes over what an engine before left, `closing` ends it all in order.

mod apply_settings;
mod attempt;
mod attempt_end;
mod audit_requests;
mod audited_decisions;
mod auditing;
mod closing;
mod config;
mod event_ring;
mod events;
mod gauges;
mod guard;
mod history_file;
mod input_size;
#[cfg(test)]
mod interleavings;
mod job_list;
mod job_manager;
mod job_output;
mod job_reader;
mod job_table;
mod job_task;
mod live_jobs;
mod outside_notes;
mod progress;
mod queue;
mod recovery;
mod reorder;
mod requests;
mod retry;
mod runners;
mod sampler;
mod scheduler;
mod scrubbing;
mod settling;
mod starting;
mod state;
mod storage_requests;

/// The locks of what is tried out interleaving by interleaving: a test puts others in their place.
mod sync {
    pub use std::sync::{Mutex, MutexGuard, PoisonError};
}

pub use closing::ClosingLimits;
pub use config::{EngineConfig, EngineLimits, HistoryConfig};
pub use events::{StreamItem, Subscription};
pub use gauges::EngineGauges;
pub use job_manager::{JobManager, OpenedEngine};
pub use job_reader::JobReader;
pub use retry::{RetryPolicies, RetryPolicy};

#[cfg(test)]
fn test_job() -> std::sync::Arc<crate::record::JobRecord> {
    use crate::{
        clock::Timestamp,
        record::{JobOrigin, JobRecord},
    };
    let origin = JobOrigin {
        seq: 1,
        id: uuid::Uuid::nil(),
        tool: "t".into(),
        caller: toolroom_shared::Caller::App,
        idempotency_key: None,
        timeout_seconds: None,
        max_attempts: None,
        retry_of: None,
        created_at: Timestamp(0),
    };
    std::sync::Arc::new(JobRecord::accepted(
        std::sync::Arc::new(origin),
        std::sync::Arc::default(),
        toolroom_shared::JobPriority::Normal,
        1,
    ))
}
