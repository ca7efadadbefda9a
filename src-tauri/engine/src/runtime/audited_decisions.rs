//! Hands what was decided on callers' wishes to the audit trail.
//!
//! What was allowed is told by what came of it: the store notes each change of a job by itself. What is
//! told here has no such change: refusals, questions to the person, and changes of the policy.

use std::{fmt, sync::Arc};

use toolroom_shared::{AuditDecision, AuditOperation};

use super::auditing::EngineAudit;
use crate::{AuditLog, AuditNote, Decision, DecisionLog, Operation, Outcome};

/// Tells the trail, and then who wanted to be told as well.
pub struct AuditedDecisions {
    /// The trail.
    pub audit: Arc<EngineAudit>,
    /// Who is told as well.
    pub then: Arc<dyn DecisionLog>,
}

impl fmt::Debug for AuditedDecisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditedDecisions")
            .field("then", &self.then)
            .finish_non_exhaustive()
    }
}

impl DecisionLog for AuditedDecisions {
    fn wants(&self, operation: Operation, outcome: Outcome) -> bool {
        is_noted(operation, outcome) || self.then.wants(operation, outcome)
    }

    fn decided(&self, decision: &Decision) {
        if let Some(note) = note(decision) {
            self.audit.note(note);
        }
        if self.then.wants(decision.operation, decision.outcome) {
            self.then.decided(decision);
        }
    }
}

/// Whether the trail is told: not where the change that follows is told.
fn is_noted(operation: Operation, outcome: Outcome) -> bool {
    outcome != Outcome::Allowed || matches!(operation, Operation::Policy | Operation::Answer)
}

/// What the trail is told of a decision.
fn note(decision: &Decision) -> Option<AuditNote> {
    if !is_noted(decision.operation, decision.outcome) {
        return None;
    }
    let operation = match decision.operation {
        Operation::Start => AuditOperation::Start,
        Operation::Retry => AuditOperation::Retry,
        Operation::Cancel => AuditOperation::Cancel,
        Operation::Pause => AuditOperation::Pause,
        Operation::Resume => AuditOperation::Resume,
        Operation::Reorder => AuditOperation::Reorder,
        Operation::Send => AuditOperation::Send,
        Operation::Read | Operation::CheckInput => AuditOperation::Read,
        Operation::Policy | Operation::Answer => AuditOperation::Permission,
    };
    let decided = match decision.outcome {
        Outcome::Allowed => AuditDecision::Allowed,
        Outcome::Asked => AuditDecision::Asked,
        Outcome::Refused => AuditDecision::Refused,
    };
    let mut note = AuditNote::new(decision.caller.clone(), operation, decided)
        .tool(decision.tool.clone().unwrap_or_default())
        .subject(match decision.operation {
            _ if !decision.subject.is_empty() => &decision.subject,
            Operation::Policy => "the policy",
            Operation::Answer => "an answer to a question",
            Operation::CheckInput => "the check of an input",
            _ => "",
        });
    if let Some(job) = &decision.job {
        note = note.job(job);
    }
    if let Some(code) = &decision.code {
        note = note.code(code);
    }
    Some(note)
}
