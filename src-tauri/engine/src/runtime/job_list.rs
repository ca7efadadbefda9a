//! Answers a query over jobs, a page at a time: what is in memory and what is on disk, as one list.

use std::sync::Arc;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_shared::{AppError, Caller, ErrorCode, JobSummary, JobsPage, JobsQuery};

use crate::{
    clock::Timestamp,
    record::JobRecord,
    store::{Entry, History, HistoryFilter, HistoryOrder, OrderKey, SearchWords, StoreError},
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
    /// The list is asked for by place, in an order or of a span of time.
    order: Option<HistoryOrder>,
}

/// What of it is in memory.
#[derive(Debug, Default)]
pub struct LivePart {
    /// Newest first, one more than the page holds at the most.
    jobs: Vec<(u64, JobSummary)>,
    total: u32,
    /// In an ordered list: all of them, in that order.
    ordered: Vec<Arc<JobRecord>>,
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
            order: order(query)?,
            nothing: words.is_none() && !search.is_empty(),
            filter: HistoryFilter {
                tool: query.tool_name.clone(),
                statuses: query.statuses.clone().unwrap_or_default(),
                words,
                before,
                limit,
                unfinished_too: false,
                caller: query.caller.clone(),
            },
        })
    }

    /// Only jobs of this caller.
    pub fn of_caller(mut self, only: Option<Caller>) -> Self {
        if let Some(only) = only {
            let asked = self.filter.caller.replace(only);
            self.nothing |= asked.is_some() && asked != self.filter.caller;
        }
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
        if let Some(order) = &self.order {
            let key = |job: &Arc<JobRecord>| OrderKey::of(job);
            jobs.sort_by(|a, b| order.compare(&key(a), &key(b)));
            part.ordered = jobs;
            return part;
        }
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
            && self
                .order
                .as_ref()
                .is_none_or(|order| order.includes(job.origin.created_at))
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
        if let Some(order) = &self.order {
            return self.ordered(order, live.ordered, history);
        }
        let LivePart {
            mut jobs,
            mut total,
            ..
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

    /// A part of an ordered list.
    fn ordered(
        &self,
        order: &HistoryOrder,
        live: Vec<Arc<JobRecord>>,
        history: Option<&History>,
    ) -> Result<JobsPage, StoreError> {
        let (jobs, total) = match history {
            Some(history) if !self.nothing => {
                let keys: Vec<_> = live.iter().map(|job| OrderKey::of(job)).collect();
                let found = history.ordered(&self.filter, order, &keys)?;
                let jobs = found.entries.iter().filter_map(|entry| match entry {
                    Entry::Stored(job) => Some(job.summary()),
                    Entry::Live(seq) => {
                        let mut live = live.iter();
                        live.find(|job| job.seq() == *seq).map(|job| job.summary())
                    }
                });
                (jobs.collect(), found.total)
            }
            _ => {
                let part = live
                    .iter()
                    .skip(order.offset as usize)
                    .take(self.filter.limit as usize);
                let total = u32::try_from(live.len()).unwrap_or(u32::MAX);
                (part.map(|job| job.summary()).collect(), total)
            }
        };
        Ok(JobsPage {
            jobs,
            total: match self.filter.words {
                Some(_) => total.min(SEARCH_COUNTED),
                None => total,
            },
            next_cursor: None,
        })
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

/// The order that a query asks for; none where pages go on from one another.
fn order(query: &JobsQuery) -> Result<Option<HistoryOrder>, AppError> {
    let is_plain = query.caller.is_none()
        && query.created_since.is_none()
        && query.created_before.is_none()
        && query.sort.is_none()
        && query.ascending.is_none()
        && query.offset.is_none();
    if is_plain {
        return Ok(None);
    }
    if query.cursor.is_some() {
        return Err(invalid(
            "A cursor goes on with tool, statuses and search alone. Use offset for everything else."
                .to_owned(),
        ));
    }
    let moment = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => match OffsetDateTime::parse(text, &Rfc3339) {
            Ok(moment) => Ok(Some(Timestamp::from(moment))),
            Err(_) => Err(invalid(format!(
                "{text:?} is no moment as in 2026-11-21T13:02:11Z."
            ))),
        },
    };
    Ok(Some(HistoryOrder {
        sort: query.sort.unwrap_or_default(),
        ascending: query.ascending.unwrap_or_default(),
        offset: query.offset.unwrap_or_default(),
        created_since: moment(&query.created_since)?,
        created_before: moment(&query.created_before)?,
    }))
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
                cursor: Some("5".into()),
                offset: Some(5),
                ..JobsQuery::default()
            },
            JobsQuery {
                created_since: Some("yesterday".into()),
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
