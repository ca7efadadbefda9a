//! Answers a query over jobs, a page at a time.

use toolroom_shared::{AppError, ErrorCode, JobSnapshot, JobSummary, JobsPage, JobsQuery};
use uuid::Uuid;

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 500;

/// The page of `newest_first` that `query` asks for.
///
/// # Errors
/// `invalid_query`.
pub fn page<'a>(
    newest_first: impl Iterator<Item = &'a JobSnapshot>,
    query: &JobsQuery,
) -> Result<JobsPage, AppError> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid(format!(
            "A page holds 1 to {MAX_LIMIT} jobs, not {limit}."
        )));
    }
    if let Some(cursor) = query.cursor.as_deref()
        && Uuid::parse_str(cursor).is_err()
    {
        return Err(invalid(
            "The cursor is not one that a page was answered with. Start from the first page."
                .to_owned(),
        ));
    }
    let mut jobs = Vec::new();
    let mut total = 0;
    let mut more = false;
    for job in newest_first.filter(|job| matches(job, query)) {
        total += 1;
        // Ids sort by time, so "after the cursor" is "older than it", whatever has come since.
        if query
            .cursor
            .as_deref()
            .is_some_and(|cursor| job.job_id.as_str() >= cursor)
        {
            continue;
        }
        if jobs.len() < limit as usize {
            jobs.push(JobSummary::from(job));
        } else {
            more = true;
        }
    }
    let next_cursor = jobs
        .last()
        .filter(|_| more)
        .map(|job| job.job_id.as_str().to_owned());
    Ok(JobsPage {
        jobs,
        total,
        next_cursor,
    })
}

fn matches(job: &JobSnapshot, query: &JobsQuery) -> bool {
    let tool = query.tool_name.as_ref();
    let statuses = query.statuses.as_deref().unwrap_or_default();
    tool.is_none_or(|name| *name == job.tool_name)
        && (statuses.is_empty() || statuses.contains(&job.status))
}

fn invalid(message: String) -> AppError {
    AppError::new(ErrorCode::InvalidQuery, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::job_table::accepted;
    use proptest::prelude::*;
    use toolroom_shared::{Caller, JobId, JobPriority, JobStatus};

    fn jobs(tools: &[&str]) -> Vec<JobSnapshot> {
        tools
            .iter()
            .map(|tool| {
                accepted(
                    JobId(Uuid::now_v7().to_string()),
                    tool,
                    serde_json::Value::Null,
                    JobPriority::Normal,
                    Caller::App,
                    String::new(),
                )
            })
            .collect()
    }

    proptest! {
        #[test]
        fn pages_put_together_are_the_whole_list_even_when_jobs_are_added_meanwhile(
            tools in proptest::collection::vec("a|b", 0..40),
            limit in 1u32..7,
        ) {
            let tools: Vec<_> = tools.iter().map(String::as_str).collect();
            let mut all = jobs(&tools);
            let wanted: Vec<_> = all.iter().rev().filter(|j| j.tool_name == "a").map(|j| j.job_id.clone()).collect();
            let mut query = JobsQuery {
                tool_name: Some("a".into()),
                statuses: Some(vec![JobStatus::Queued]),
                limit: Some(limit),
                cursor: None,
            };
            let mut seen = Vec::new();
            loop {
                let answer = page(all.iter().rev(), &query).unwrap();
                prop_assert!(answer.jobs.len() <= limit as usize);
                seen.extend(answer.jobs.into_iter().map(|j| j.job_id));
                query.cursor = answer.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
                all.extend(jobs(&["a"]));
            }
            prop_assert_eq!(seen, wanted);
        }
    }

    #[test]
    fn a_page_of_nothing_and_a_made_up_cursor_are_refused() {
        let query = JobsQuery {
            limit: Some(0),
            ..JobsQuery::default()
        };
        assert_eq!(
            page([].iter(), &query).unwrap_err().code,
            ErrorCode::InvalidQuery
        );
        let query = JobsQuery {
            cursor: Some("x".into()),
            ..JobsQuery::default()
        };
        assert_eq!(
            page([].iter(), &query).unwrap_err().code,
            ErrorCode::InvalidQuery
        );
    }
}
