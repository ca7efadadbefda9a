//! The audit trail as clients see it: who did what, what was decided, and whether the trail is
//! whole.
//!
//! How entries are chained and kept is the engine's business.

use serde::{Deserialize, Serialize};

use crate::{ErrorCode, JobId, JobStatus};

/// What an entry of the audit trail tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AuditOperation {
    /// A trail begins, or goes on after something happened to it: `subject` says what.
    Begin,
    /// A job was started.
    Start,
    /// A job was started that does an earlier one again.
    Retry,
    /// A job ended: `status` and `code` say how.
    End,
    /// A job was asked to end.
    Cancel,
    /// A job was held back.
    Pause,
    /// A job that was held back was let go on.
    Resume,
    /// A job was given another place in the queue.
    Reorder,
    /// A job was sent a message.
    Send,
    /// Something was read, or was to be.
    Read,
    /// What somebody may do was changed, or asked about.
    Permission,
    /// A secret was set or removed: `subject` has its name.
    Secret,
    /// A setting was changed: `subject` says which, and to what.
    Setting,
    /// Jobs of the history were removed or taken in: `subject` says how many.
    History,
}

impl AuditOperation {
    /// Every operation.
    pub const ALL: [Self; 14] = [
        Self::Begin,
        Self::Start,
        Self::Retry,
        Self::End,
        Self::Cancel,
        Self::Pause,
        Self::Resume,
        Self::Reorder,
        Self::Send,
        Self::Read,
        Self::Permission,
        Self::Secret,
        Self::Setting,
        Self::History,
    ];

    /// The operation as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Start => "start",
            Self::Retry => "retry",
            Self::End => "end",
            Self::Cancel => "cancel",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Reorder => "reorder",
            Self::Send => "send",
            Self::Read => "read",
            Self::Permission => "permission",
            Self::Secret => "secret",
            Self::Setting => "setting",
            Self::History => "history",
        }
    }
}

/// What was decided on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum AuditDecision {
    /// It was done.
    Allowed,
    /// It was not done.
    Refused,
    /// A person was asked.
    Asked,
}

impl AuditDecision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::Refused, Self::Asked];

    /// The decision as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Asked => "asked",
        }
    }
}

/// One entry of the audit trail. In this form, field by field in this order and without spaces,
/// it is also a line of an exported trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditRecord {
    /// Its number, from 1 without a gap. At most 2^53.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub number: u64,
    /// When (RFC 3339, UTC, to the millisecond).
    pub at: String,
    /// Who: `window`, `terminal`, `app`, or a kind and a name as in `http:NAME`.
    pub caller: String,
    /// What was done.
    pub operation: AuditOperation,
    /// The tool, where it is about one.
    pub tool_name: Option<String>,
    /// The job, where it is about one.
    pub job_id: Option<JobId>,
    /// The BLAKE3 digest, in hexadecimal, of the JSON text that came with it as the history keeps
    /// it: a start's input without its secrets, a message.
    pub input_digest: Option<String>,
    /// What was decided.
    pub decision: AuditDecision,
    /// Where the job stood then.
    pub status: Option<JobStatus>,
    /// What went wrong, if something did.
    pub code: Option<ErrorCode>,
    /// What it is about where that is no job: the name of a secret, of a caller.
    pub subject: Option<String>,
    /// The BLAKE3 hash, in hexadecimal, over the entry before and this one.
    pub hash: String,
}

/// Which entries to show, newest first. Every field may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Only of this caller, as [`AuditRecord::caller`] has it, or of this kind of caller.
    pub caller: Option<String>,
    /// Only of this tool.
    pub tool_name: Option<String>,
    /// Only of this operation.
    pub operation: Option<AuditOperation>,
    /// Only with this decision.
    pub decision: Option<AuditDecision>,
    /// Only about this job.
    pub job_id: Option<JobId>,
    /// Only from this moment on (RFC 3339, or a date in UTC).
    pub since: Option<String>,
    /// Only before this moment (RFC 3339, or a date in UTC).
    pub until: Option<String>,
    /// How many at the most: 1 to 500, 100 if left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// One page of the audit trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditPage {
    /// The entries, newest first. There may be none, and more on the next page: only so many are
    /// looked through at once.
    pub entries: Vec<AuditRecord>,
    /// What to ask for the next page with; none on the last.
    pub next_cursor: Option<String>,
}

/// What a check of the audit trail has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditReport {
    /// How many entries were checked and are as they were written.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub checked: u64,
    /// The number of the last of them.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub last: u64,
    /// Its hash in hexadecimal. Who keeps it elsewhere can tell later that nothing up to there
    /// was written anew.
    pub hash: String,
    /// The first thing that is wrong; none if the trail is whole.
    pub fault: Option<AuditFault>,
}

/// Something that is wrong with an audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditFault {
    /// The number of the first entry that isn't as it was written.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub number: u64,
    /// A sentence that says where and what.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_decisions_stand_on_the_wire_as_they_are_written() {
        for operation in AuditOperation::ALL {
            let text = serde_json::to_value(operation).unwrap();
            assert_eq!(text, operation.as_str());
        }
        for decision in AuditDecision::ALL {
            let text = serde_json::to_value(decision).unwrap();
            assert_eq!(text, decision.as_str());
        }
    }
}
