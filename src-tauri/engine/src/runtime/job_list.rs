//! Answers a query over jobs, a page at a time: what is in memory and what is on disk, as one list.

use std::sync::Arc;

use toolroom_shared::{AppError, Caller, ErrorCode, JobSummary, JobsPage, JobsQuery};

use crate::{
    record::JobRecord,
    store::{History, HistoryFilter, SearchWords, StoreError},
};

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 500;
const MAX_SEARCH: usize = 200;
/// Beyond this a search isn't counted.
const SEARCH_COUNTED: u32 = 1_000;

/// A query that has been understood.
#[derive(Clone, Debug)]
pub struct Wanted {
    filter: HistoryFilter,
    /// A search in which there is no word finds nothing.
    nothing: bool,
}

/// What of it is in memory.
#[derive(Debug, Default)]
pub struct LivePart {
    /// Newest first, one more than the page holds at the most.
    jobs: Vec<(u64, JobSummary)>,
    total: u32,
}

impl Wanted {
    /// Understands a query.
    ///
    /// # Errors
    /// `invalid_query`.
    pub fn parse(query: &JobsQuery) -> Result<Self, AppError> {
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(invalid(format!(
                "A page holds 1 to {MAX_LIMIT} jobs, not {limit}."
            )));
        }
        let before = query.cursor.as_deref().map(str::parse).transpose();
        let Ok(before) = before else {
            return Err(invalid(
                "The cursor is not one that a page was answered with. Start from the first page."
                    .to_owned(),
            ));
        };
        let search = query.search.as_deref().map(str::trim).unwrap_or_default();
        if search.chars().count() > MAX_SEARCH {
            return Err(invalid(format!(
                "A search has at most {MAX_SEARCH} characters."
            )));
        }
        let words = SearchWords::parse(search);
        Ok(Self {
            nothing: words.is_none() && !search.is_empty(),
            filter: HistoryFilter {
                tool: query.tool_name.clone(),
                statuses: query.statuses.clone().unwrap_or_default(),
                words,
                before,
                limit,
                unfinished_too: false,
                caller: None,
            },
        })
    }

    /// Only jobs of this caller.
    pub fn of_caller(mut self, only: Option<Caller>) -> Self {
        self.filter.caller = only;
        self
    }

    /// Also what is unfinished on disk: for who has nothing in memory.
    pub const fn with_unfinished(mut self) -> Self {
        self.filter.unfinished_too = true;
        self
    }

    /// What of it is among the jobs in memory, newest first. They are to be fetched before the
    /// history is asked: a job that ends meanwhile is then found twice and not never.
    pub fn live(&self, mut jobs: Vec<Arc<JobRecord>>) -> LivePart {
        let mut part = LivePart::default();
        jobs.retain(|job| self.matches(job));
        newest_first(&mut jobs);
        for job in jobs {
            part.total += 1;
            let is_after_cursor = self.filter.before.is_none_or(|before| job.seq() < before);
            if is_after_cursor && part.jobs.len() <= self.filter.limit as usize {
                part.jobs.push((job.seq(), job.summary()));
            }
        }
        part
    }

    /// Whether a job in memory is one of them.
    pub fn matches(&self, job: &JobRecord) -> bool {
        let filter = &self.filter;
        let tool = filter.tool.as_deref();
        let only = filter.caller.as_ref();
        !self.nothing
            && only.is_none_or(|only| *only == job.origin.caller)
            && tool.is_none_or(|name| *name == *job.origin.tool)
            && (filter.statuses.is_empty() || filter.statuses.contains(&job.status))
            && filter
                .words
                .as_ref()
                .is_none_or(|words| words.matches(&SearchWords::of_job(job, job.inline_output())))
    }

    /// The page: what is in memory, and what the history adds. Reads from the disk.
    ///
    /// # Errors
    /// What the history fails with.
    pub fn page(self, live: LivePart, history: Option<&History>) -> Result<JobsPage, StoreError> {
        let LivePart {
            mut jobs,
            mut total,
        } = live;
        if let Some(history) = history
            && !self.nothing
        {
            let found = history.page(&self.filter)?;
            total += found.total;
            for job in found.jobs {
                let seq = job.seq();
                if jobs.iter().any(|(other, _)| *other == seq) {
                    total = total.saturating_sub(1);
                } else {
                    jobs.push((seq, job.summary()));
                }
            }
            jobs.sort_unstable_by_key(|(seq, _)| std::cmp::Reverse(*seq));
            // If there is more, the history's part alone fills the page.
            return Ok(self.cut(jobs, total, found.more));
        }
        Ok(self.cut(jobs, total, false))
    }

    fn cut(&self, mut jobs: Vec<(u64, JobSummary)>, total: u32, more: bool) -> JobsPage {
        let limit = self.filter.limit as usize;
        let more = more || jobs.len() > limit;
        jobs.truncate(limit);
        let next_cursor = jobs.last().filter(|_| more).map(|(seq, _)| seq.to_string());
        JobsPage {
            jobs: jobs.into_iter().map(|(_, job)| job).collect(),
            total: if self.filter.words.is_some() {
                total.min(SEARCH_COUNTED)
            } else {
                total
            },
            next_cursor,
        }
    }
}

fn invalid(message: String) -> AppError {
    AppError::new(ErrorCode::InvalidQuery, message)
}

/// Puts jobs into the order of lists.
pub fn newest_first(jobs: &mut [Arc<JobRecord>]) {
    jobs.sort_unstable_by_key(|job| std::cmp::Reverse(job.seq()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_nothing_a_made_up_cursor_and_an_endless_search_are_refused() {
        let queries = [
            JobsQuery {
                limit: Some(0),
                ..JobsQuery::default()
            },
            JobsQuery {
                cursor: Some("x".into()),
                ..JobsQuery::default()
            },
            JobsQuery {
                search: Some("x".repeat(201)),
                ..JobsQuery::default()
            },
        ];
        for query in queries {
            let refused = Wanted::parse(&query).unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidQuery);
        }
    }
}
