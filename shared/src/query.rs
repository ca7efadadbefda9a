//! How jobs are asked for: the options of a start, and pages of a list.

use serde::{Deserialize, Serialize};

use crate::{JobPriority, JobStatus, JobSummary};

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
    /// Seconds after which the job is ended as failed; the tool's own default if left out.
    pub timeout_seconds: Option<u32>,
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
    /// How many at the most: 1 to 500, 100 if left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// One page of a list of jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct JobsPage {
    /// The jobs, newest first.
    pub jobs: Vec<JobSummary>,
    /// How many jobs the query matches over all pages.
    pub total: u32,
    /// What to ask for the next page with; none on the last.
    pub next_cursor: Option<String>,
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
