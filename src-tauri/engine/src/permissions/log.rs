//! What is told of each decision, for whoever keeps a trail of them.

use std::fmt;

use time::OffsetDateTime;
use toolroom_shared::{Caller, ErrorCode, JobId};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// To start a job.
    Start,
    /// To start a job once more.
    Retry,
    /// To end a job.
    Cancel,
    /// To hold a job back.
    Pause,
    /// To let a job go on.
    Resume,
    /// To move a job in the queue.
    Reorder,
    /// To send a job a message.
    Send,
    /// To see a job, its log, its output or what happened to it.
    Read,
    /// To have an input checked.
    CheckInput,
    /// To see or change the policy or the open questions.
    Policy,
    /// To answer a question.
    Answer,
}

impl Operation {
    /// The operation in snake_case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Retry => "retry",
            Self::Cancel => "cancel",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Reorder => "reorder",
            Self::Send => "send",
            Self::Read => "read",
            Self::CheckInput => "check_input",
            Self::Policy => "policy",
            Self::Answer => "answer",
        }
    }
}

/// How a decision went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It may be done.
    Allowed,
    /// A person is asked first; another decision follows unless nobody answers.
    Asked,
    /// It may not be done.
    Refused,
}

/// A decision on what a caller wanted to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// When.
    pub at: OffsetDateTime,
    /// Who wanted it.
    pub caller: Caller,
    /// What.
    pub operation: Operation,
    /// With which tool, where one is known.
    pub tool: Option<String>,
    /// With which job, where there is one. A start that is allowed has none yet.
    pub job: Option<JobId>,
    /// How it went.
    pub outcome: Outcome,
    /// The code that the caller was told if it wasn't allowed.
    pub code: Option<ErrorCode>,
    /// What exactly it was about, in words, where tool and job don't say it: a change of the policy.
    pub subject: String,
}

/// Who is told of each decision. What a person reads isn't told.
pub trait DecisionLog: Send + Sync + fmt::Debug {
    /// Whether such decisions are to be told at all. Asked at every start, so it must be quick.
    fn wants(&self, operation: Operation, outcome: Outcome) -> bool {
        let _ = (operation, outcome);
        true
    }

    /// A decision was made. Must neither block nor panic.
    fn decided(&self, decision: &Decision) {
        let _ = decision;
    }
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDecisionLog;

impl DecisionLog for NoDecisionLog {
    fn wants(&self, _: Operation, _: Outcome) -> bool {
        false
    }
}
