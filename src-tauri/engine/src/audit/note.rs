//! What is told to the audit trail beside the changes of jobs: refusals, messages, changes of
//! permissions and secrets.

use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, Caller, ErrorCode, JobId, JobStatus,
};
use uuid::Uuid;

use super::{
    chain::digest,
    record::{Entry, Hash, who},
};
use crate::clock::Timestamp;

/// Takes notes for the audit trail. Never blocks; what is told is stored in its order, after all
/// that was decided before.
pub trait AuditLog: Send + Sync {
    /// Takes a note. When it happened is now.
    fn note(&self, note: AuditNote);

    /// Takes a note that is as much as what it tells of. Where notes wait in a file, it may wait for
    /// the disk.
    ///
    /// # Errors
    /// `storage`, when it can't be kept.
    fn try_note(&self, note: AuditNote) -> Result<(), AppError> {
        self.note(note);
        Ok(())
    }
}

/// Something for the audit trail.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditNote {
    caller: Caller,
    operation: AuditOperation,
    decision: AuditDecision,
    tool: String,
    job: Option<Uuid>,
    input: Option<Hash>,
    stood: Option<JobStatus>,
    code: String,
    subject: String,
}

impl AuditNote {
    /// That this was decided on what `caller` wanted.
    #[must_use]
    pub const fn new(caller: Caller, operation: AuditOperation, decision: AuditDecision) -> Self {
        Self {
            caller,
            operation,
            decision,
            tool: String::new(),
            job: None,
            input: None,
            stood: None,
            code: String::new(),
            subject: String::new(),
        }
    }

    /// It is about this tool.
    #[must_use]
    pub fn tool(mut self, name: impl Into<String>) -> Self {
        self.tool = name.into();
        self
    }

    /// It is about this job; what is no job's id is left out.
    #[must_use]
    pub fn job(mut self, job_id: &JobId) -> Self {
        self.job = Uuid::try_parse(job_id.as_str()).ok();
        self
    }

    /// This JSON text came with it, without its secrets: its digest is kept.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        self.input = Some(digest(text));
        self
    }

    /// The job stood like this.
    #[must_use]
    pub const fn status(mut self, status: JobStatus) -> Self {
        self.stood = Some(status);
        self
    }

    /// It ended with this error.
    #[must_use]
    pub fn code(mut self, code: &ErrorCode) -> Self {
        code.as_str().clone_into(&mut self.code);
        self
    }

    /// It is about this, where that is no job: the name of a secret, of a caller. At most 255
    /// bytes are kept.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Who.
    pub(crate) const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The entry, still without a number.
    pub(crate) fn entry(&self, at: Timestamp) -> Entry<'_> {
        Entry {
            number: 0,
            at,
            who: who(&self.caller),
            operation: self.operation,
            tool: &self.tool,
            job: self.job,
            input: self.input,
            decision: self.decision,
            status: self.stood,
            code: &self.code,
            subject: &self.subject,
        }
    }
}
