//! `toolroom jobs`: lists jobs from the history alone, also while another process runs them.

use std::path::PathBuf;

use serde_json::{Value, json};
use time::OffsetDateTime;
use toolroom_app::JobHistory;
use toolroom_shared::{AppError, JobSummary, JobsPage, JobsQuery};

use crate::{arguments::JobsRequest, job_words, render, times};

/// How many jobs can be asked for at once.
const A_PAGE: u32 = 500;
/// Beyond this a search isn't counted.
const SEARCH_COUNTED: u32 = 1_000;

/// Lists the jobs.
///
/// # Errors
/// When the history can't be read, or the search is too long.
pub fn list(data_dir: Option<PathBuf>, request: &JobsRequest) -> Result<(), AppError> {
    let history = JobHistory::open(data_dir)?;
    let found = match &history.reader {
        Some(reader) => find(request, |query| reader.list(query))?,
        None => Found::default(),
    };
    render::print(&if request.json {
        render::json(&found.jobs)?
    } else {
        text(&found, request, OffsetDateTime::now_utc())
    });
    if !history.engine_is_alive {
        job_words::left_over(&found.jobs)
            .iter()
            .for_each(|sentence| render::say(sentence));
    }
    Ok(())
}

/// Jobs that were found, and how many there are beside them.
#[derive(Debug, Default)]
struct Found {
    jobs: Vec<JobSummary>,
    total: u32,
}

/// Asks page by page until there are as many as were asked for.
fn find(
    request: &JobsRequest,
    ask: impl Fn(&JobsQuery) -> Result<JobsPage, AppError>,
) -> Result<Found, AppError> {
    let mut query = JobsQuery {
        statuses: Some(request.statuses.clone()),
        search: request.search.clone(),
        limit: Some(request.limit.min(A_PAGE)),
        ..JobsQuery::default()
    };
    let first = ask(&query)?;
    let mut found = Found {
        jobs: first.jobs,
        total: first.total,
    };
    query.cursor = first.next_cursor;
    while query.cursor.is_some() {
        let so_far = u32::try_from(found.jobs.len()).unwrap_or(u32::MAX);
        if so_far >= request.limit {
            break;
        }
        query.limit = Some((request.limit - so_far).min(A_PAGE));
        let page = ask(&query)?;
        found.jobs.extend(page.jobs);
        query.cursor = page.next_cursor;
    }
    Ok(found)
}

fn text(found: &Found, request: &JobsRequest, now: OffsetDateTime) -> String {
    if found.jobs.is_empty() {
        let has_filter = request.search.is_some() || !request.statuses.is_empty();
        let none = if has_filter {
            "No job matches."
        } else {
            "No jobs yet."
        };
        return none.to_owned();
    }
    let rows: Vec<_> = found.jobs.iter().map(|job| row(job, now)).collect();
    let mut text = render::table(&rows);
    let shown = found.jobs.len();
    if found.total as usize > shown {
        let uncounted = request.search.is_some() && found.total >= SEARCH_COUNTED;
        let or_more = if uncounted { " or more" } else { "" };
        text.push_str(&format!("\n{shown} of {}{or_more} jobs", found.total));
    }
    text
}

fn row(job: &JobSummary, now: OffsetDateTime) -> Value {
    let ago = |at: &Option<String>| {
        at.as_deref()
            .map_or_else(String::new, |at| times::ago(at, now))
    };
    json!({
        "id": job.job_id,
        "tool": job.tool_name,
        "status": job_words::status(job),
        "started": ago(&job.started_at),
        "ended": ago(&job.finished_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_job::a_job;
    use std::cell::RefCell;
    use toolroom_shared::{JobId, JobStatus};

    fn request(limit: u32) -> JobsRequest {
        JobsRequest {
            statuses: Vec::new(),
            search: None,
            limit,
            json: false,
        }
    }

    /// A history of so many jobs, whose cursor is where it goes on. What was found in it, and how
    /// large the pages were that were asked for.
    fn find_among(count: usize, limit: u32) -> (Found, Vec<u32>) {
        let asked = RefCell::new(Vec::new());
        let found = find(&request(limit), |query| {
            let from: usize = query.cursor.as_ref().map_or(0, |at| at.parse().unwrap());
            let limit = query.limit.unwrap();
            asked.borrow_mut().push(limit);
            let to = count.min(from + limit as usize);
            let job = |n: usize| JobSummary {
                job_id: JobId(n.to_string()),
                ..(&a_job()).into()
            };
            Ok(JobsPage {
                jobs: (from..to).map(job).collect(),
                total: count as u32,
                next_cursor: (to < count).then(|| to.to_string()),
            })
        });
        (found.unwrap(), asked.into_inner())
    }

    #[test]
    fn as_many_as_are_asked_for_are_found_over_all_pages_each_once() {
        let cases: [(usize, u32, &[u32]); 5] = [
            (0, 50, &[50]),
            (60, 50, &[50]),
            (1_200, 1_100, &[500, 500, 100]),
            (700, 5_000, &[500, 500]),
            (1_000, 1_000, &[500, 500]),
        ];
        for (count, limit, pages) in cases {
            let (found, asked) = find_among(count, limit);
            assert_eq!(asked, pages, "{limit} of {count}");
            assert_eq!(found.total as usize, count);
            let ids: Vec<_> = found.jobs.iter().map(|job| job.job_id.0.clone()).collect();
            let wanted: Vec<_> = (0..count.min(limit as usize))
                .map(|n| n.to_string())
                .collect();
            assert_eq!(ids, wanted);
        }
    }

    #[test]
    fn a_table_has_a_row_a_job_and_ends_with_how_many_there_are_if_there_are_more() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let ended = JobSummary {
            status: JobStatus::Failed,
            started_at: Some("1969-12-31T23:00:00Z".into()),
            finished_at: Some("1969-12-31T23:57:00Z".into()),
            ..(&a_job()).into()
        };
        let mut found = Found {
            jobs: vec![(&a_job()).into(), ended],
            total: 2,
        };
        let table = "id  tool    status  started  ended\n\
                     id  a-tool  queued\n\
                     id  a-tool  failed  1 h ago  3 min ago";
        assert_eq!(text(&found, &request(2), now), table);
        found.total = 9;
        let more = format!("{table}\n2 of 9 jobs");
        assert_eq!(text(&found, &request(2), now), more);
        found.total = 1_000;
        let mut search = request(2);
        search.search = Some("a".into());
        let many = format!("{table}\n2 of 1000 or more jobs");
        assert_eq!(text(&found, &search, now), many);
    }

    #[test]
    fn an_empty_list_says_whether_there_are_no_jobs_or_none_that_match() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut asked = request(50);
        assert_eq!(text(&Found::default(), &asked, now), "No jobs yet.");
        asked.statuses = vec![JobStatus::Failed];
        assert_eq!(text(&Found::default(), &asked, now), "No job matches.");
    }
}
