//! What can be written: one change of one job, or a note for the audit trail.

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;
use toolroom_shared::{AuditOperation, Caller, JobStatus, TransitionKind};
use toolroom_toolkit::WrittenLine;

use crate::{
    audit::{AuditNote, chain::digest, record::Hash},
    clock::Timestamp,
    record::JobRecord,
};

/// One change of one job, or a note.
#[derive(Debug)]
pub enum Change {
    /// It stands differently.
    Transition(Box<TransitionChange>),
    /// It is further.
    Progress(Arc<JobRecord>),
    /// Its tool wrote to its log.
    Log {
        /// The job's number.
        seq: u64,
        /// The lines, in their order.
        lines: Vec<WrittenLine>,
    },
    /// Its tool saved from where it could go on.
    Checkpoint {
        /// The job's number.
        seq: u64,
        /// What the next attempt is to be given.
        checkpoint: Arc<Value>,
    },
    /// Something for the audit trail that changes no job.
    Audit {
        /// When it happened.
        at: Timestamp,
        /// What.
        note: Box<AuditNote>,
    },
}

/// A job stands differently.
#[derive(Debug)]
pub struct TransitionChange {
    /// The job after it.
    pub after: Arc<JobRecord>,
    /// What the history says of it.
    pub entry: HistoryEntry,
    /// A second thing that happened with it: a job that is accepted and begun at once.
    pub next_entry: Option<HistoryEntry>,
    /// What somebody asked for by it, for the audit trail; none if the engine did it by itself.
    pub asked: Option<AuditOperation>,
    /// What is stored once in a job's life.
    pub payload: Payload,
}

/// What the history says of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The job's revision after it.
    pub revision: u32,
    /// What happened.
    pub kind: TransitionKind,
    /// Where the job stood after it.
    pub status: JobStatus,
    /// Which attempt it was in.
    pub attempt: u32,
    /// Who caused it.
    pub caller: Caller,
    /// Why, in a few words; empty where the kind says it all.
    pub cause: Cow<'static, str>,
    /// When.
    pub at: Timestamp,
}

/// What is stored once in a job's life.
#[derive(Debug, Default)]
pub enum Payload {
    /// Nothing.
    #[default]
    Nothing,
    /// The job is new: its input as JSON text.
    Accepted {
        /// The input as JSON text.
        input: String,
        /// The digest of that text, for the audit trail.
        digest: Hash,
    },
    /// The job has ended.
    Ended {
        /// The output as JSON text, unless there is none or it is an artifact.
        output: Option<String>,
        /// In which words it can be found, as [`SearchWords::of_job`](super::SearchWords::of_job)
        /// made them.
        words: String,
    },
}

impl Payload {
    /// The job is new, and this is its input as JSON text.
    pub fn accepted(input: String) -> Self {
        let digest = digest(&input);
        Self::Accepted { input, digest }
    }
}
