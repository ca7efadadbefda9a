//! What the audit trail is told beside the changes that the store writes down by itself.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{AuditDecision, AuditOperation, Caller, JobId};

use super::{
    job_table::JobChange,
    scheduler::Cause,
    settling::{Acknowledgement, Ticket},
};
use crate::{
    AuditLog, AuditNote,
    clock::{Clock, Timestamp},
    record::JobRecord,
    store::{Change, Store},
};

/// Hands notes to the store; without one nothing is kept.
pub struct EngineAudit {
    store: Option<Arc<Store<Ticket>>>,
    clock: Clock,
}

impl EngineAudit {
    /// Notes go to this store.
    pub fn new(store: Option<Arc<Store<Ticket>>>, clock: Clock) -> Arc<Self> {
        Arc::new(Self { store, clock })
    }
}

impl EngineAudit {
    /// Takes a note of something that happened at `at`, and tells whether it stands in the trail. Nobody
    /// is told where the history takes no more.
    pub fn note_of(&self, at: Timestamp, note: AuditNote, told: Acknowledgement) {
        if let Some(store) = &self.store {
            let note = Box::new(note);
            let _ = store.write(Change::Audit { at, note }, Ticket::Noted(told));
        }
    }
}

impl AuditLog for EngineAudit {
    fn note(&self, note: AuditNote) {
        if let Some(store) = &self.store {
            let at = self.clock.now();
            let note = Box::new(note);
            // Nobody waits for it, and a history that is closed takes no more.
            let _ = store.write(Change::Audit { at, note }, Ticket::Unwatched);
        }
    }
}

/// What somebody asks for by a change; none if the engine does it by itself.
pub fn asked(change: &JobChange, cause: &Cause) -> Option<AuditOperation> {
    // Where the engine moves or stops something by itself, it says why.
    if !cause.why.is_empty() {
        return None;
    }
    match change {
        JobChange::CancelRequested => Some(AuditOperation::Cancel),
        JobChange::PauseRequested => Some(AuditOperation::Pause),
        JobChange::Resumed => Some(AuditOperation::Resume),
        JobChange::Moved { .. } => Some(AuditOperation::Reorder),
        JobChange::Started
        | JobChange::Progressed { .. }
        | JobChange::Ended(_)
        | JobChange::RetryScheduled { .. }
        | JobChange::Interrupted { .. } => None,
    }
}

/// That a job was sent a message.
pub fn message(caller: Caller, job: &JobRecord, message: &Value) -> AuditNote {
    AuditNote::new(caller, AuditOperation::Send, AuditDecision::Allowed)
        .tool(&*job.origin.tool)
        .job(&job.job_id())
        .status(job.status)
        .input(&message.to_string())
}

/// That a start was answered with a job that was there already.
pub fn joined(caller: Caller, tool: &str, job_id: &JobId) -> AuditNote {
    AuditNote::new(caller, AuditOperation::Start, AuditDecision::Allowed)
        .tool(tool)
        .job(job_id)
        .subject("joined to a job that was there already")
}
