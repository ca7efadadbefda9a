//! How jobs are asked for: the options of a start, and pages of lists, logs and outputs.

use serde::{Deserialize, Serialize};

use crate::{Caller, JobId, JobPriority, JobStatus, JobSummary, TransitionKind};

/// What a start may say beside the tool and its input. Every field may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct StartOptions {
    /// A name that the client makes up for this start. A second start with the same key, tool
    /// and input is answered with the first one's job, so that sending it twice runs it once.
    pub idempotency_key: Option<String>,
    /// The rank in the queue; normal if left out.
    pub priority: Option<JobPriority>,
    /// Seconds after which an attempt is ended as failed; the tool's own default if left out.
    pub timeout_seconds: Option<u32>,
    /// How often it is attempted, the first time included, while its errors may pass; 1 for no
    /// retry. The tool's own default if left out.
    pub max_attempts: Option<u32>,
}

/// By what a list of jobs is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum JobsSort {
    /// By when they were accepted.
    #[default]
    Created,
    /// By how long they worked; one that hasn't ended counts as longer than any that has.
    Took,
    /// By the names of their tools; within one the newest first.
    Tool,
    /// By status, in the order of a job's life; within one the newest first.
    Status,
}

/// Which jobs to list. Every field may be left out; newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct JobsQuery {
    /// Only jobs of this tool.
    pub tool_name: Option<String>,
    /// Only jobs in one of these statuses; all if left out or empty.
    pub statuses: Option<Vec<JobStatus>>,
    /// Only jobs in which every one of these words occurs, or a word that begins with it: in the
    /// tool's name, the input, the latest message, the error or the output. At most 200 characters.
    pub search: Option<String>,
    /// How many at the most: 1 to 500, 100 if left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Only jobs that this caller started.
    pub caller: Option<Caller>,
    /// Only jobs that were accepted at this moment or later (RFC 3339).
    pub created_since: Option<String>,
    /// Only jobs that were accepted before this moment (RFC 3339).
    pub created_before: Option<String>,
    /// By what the list is ordered; by when jobs were accepted if left out.
    pub sort: Option<JobsSort>,
    /// The least first: the oldest, the shortest; the greatest if left out.
    pub ascending: Option<bool>,
    /// How many jobs of the list are passed over, for any part of it by its place; a cursor goes on
    /// from a page instead. With a search, a list ends with the 1,000 newest matches.
    pub offset: Option<u32>,
}

/// One page of a list of jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobsPage {
    /// The jobs, newest first unless the query says otherwise.
    pub jobs: Vec<JobSummary>,
    /// How many jobs the query matches over all pages; with a search at most 1,000, which then
    /// stands for "1,000 or more".
    pub total: u32,
    /// What to ask for the next page with; none on the last, and none where the query says more
    /// than tool, statuses and search: such a list goes on by `offset`.
    pub next_cursor: Option<String>,
}

/// Where in the queue a waiting job is put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum QueuePosition {
    /// Before all others of its priority.
    First,
    /// After all others of its priority.
    Last,
    /// Right before this job, whose priority it takes on.
    Before(JobId),
}

/// One line that a tool wrote to its job's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LogLine {
    /// Its number in the job's log, from 1. A number that is missing is a line that was dropped.
    pub number: u32,
    /// When it was written (RFC 3339, UTC).
    pub at: String,
    /// What it says, on one line.
    pub text: String,
}

/// A part of a job's log, oldest line first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<LogLine>,
    /// How many lines of the whole log were dropped because there were too many.
    pub dropped: u32,
    /// Whether there are lines after these.
    pub more: bool,
}

/// One thing that happened to a job, as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobTransition {
    /// The job's revision after it.
    pub revision: u32,
    /// What happened.
    pub kind: TransitionKind,
    /// Where the job stood after it.
    pub status: JobStatus,
    /// Which attempt it was in.
    pub attempt: u32,
    /// Who caused it: the door at which it was asked for, or the app itself.
    pub caller: Caller,
    /// Why, in a few words; empty where the kind says it all.
    pub cause: String,
    /// When (RFC 3339, UTC).
    pub at: String,
}

/// A part of an output that is too large for a snapshot: a piece of its JSON text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OutputPage {
    /// The piece, whole characters.
    pub text: String,
    /// Where the next piece begins, in bytes; none after the last.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub next_offset: Option<u64>,
    /// How many bytes there are in all.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub total_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_option_is_refused_and_not_passed_over() {
        let refused = serde_json::from_str::<StartOptions>(r#"{"idempotencyKey":"k"}"#);
        assert!(refused.unwrap_err().to_string().contains("idempotencyKey"));
        assert!(serde_json::from_str::<JobsQuery>(r#"{"tool":"t"}"#).is_err());
    }

    #[test]
    fn every_option_may_be_left_out() {
        assert_eq!(
            serde_json::from_str::<StartOptions>("{}").unwrap(),
            StartOptions::default()
        );
        assert_eq!(
            serde_json::from_str::<JobsQuery>("{}").unwrap(),
            JobsQuery::default()
        );
    }
}
