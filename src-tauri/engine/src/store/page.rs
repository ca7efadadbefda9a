//! Pages of the list of jobs: which jobs a filter matches, how many, and in which order.
//!
//! Jobs that have ended are found through indexes that stream them newest first, one for each
//! status and tool; unfinished ones are few and looked at one by one.

use rusqlite::{Connection, OptionalExtension, params};
use toolroom_shared::{Caller, JobStatus};

use super::{
    codes::{caller_code, status, status_code},
    error::StoreError,
    rows::{self, Parts},
    search::SearchWords,
    search_index::{self, COUNTED, Facets},
};
use crate::record::JobRecord;

/// Which jobs to list.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    /// Only jobs of this tool.
    pub tool: Option<String>,
    /// Only jobs in one of these statuses; all if empty.
    pub statuses: Vec<JobStatus>,
    /// Only jobs with these words.
    pub words: Option<SearchWords>,
    /// Only jobs with a lower number.
    pub before: Option<u64>,
    /// How many at the most.
    pub limit: u32,
    /// Also jobs that haven't ended. Whoever runs them knows better how they stand.
    pub unfinished_too: bool,
    /// Only jobs of this caller; in pages that go on from one another, one that has a name.
    pub caller: Option<Caller>,
}

/// A part of the list of jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryPage {
    /// The jobs, newest first, without input, checkpoint, and output; of an output that is an
    /// artifact there is the size.
    pub jobs: Vec<JobRecord>,
    /// How many jobs the filter matches, `before` aside; with words at most 1,000, which then
    /// stands for "1,000 or more".
    pub total: u32,
    /// Whether there are more after these.
    pub more: bool,
}

/// Reads a page, all of it as it was at one moment.
pub(super) fn read(
    connection: &Connection,
    filter: &HistoryFilter,
) -> Result<HistoryPage, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let before = filter
        .before
        .map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
    // One more tells whether there are more.
    let wanted = filter.limit as usize + 1;
    let ended: Vec<_> = JobStatus::ALL
        .into_iter()
        .filter(|status| status.is_terminal() && allowed(filter, *status))
        .collect();
    let (mut found, mut total) = match &filter.words {
        _ if ended.is_empty() => (Vec::new(), 0),
        _ if filter.caller.is_some() => of_caller(&snapshot, filter, &ended, before, wanted)?,
        Some(words) => with_words(&snapshot, filter, words, before, wanted)?,
        None => without_words(&snapshot, filter, &ended, before, wanted)?,
    };
    if filter.unfinished_too {
        let unfinished = unfinished(&snapshot, filter)?;
        total += unfinished.len();
        let seqs = unfinished.iter().map(|job| job.seq().cast_signed());
        found.extend(seqs.filter(|seq| *seq < before));
        found.sort_unstable_by(|a, b| b.cmp(a));
    }
    if filter.words.is_some() {
        total = total.min(COUNTED);
    }
    let more = found.len() >= wanted;
    found.truncate(filter.limit as usize);
    Ok(HistoryPage {
        jobs: records(&snapshot, &found)?,
        total: u32::try_from(total).unwrap_or(u32::MAX),
        more,
    })
}

pub(super) fn allowed(filter: &HistoryFilter, status: JobStatus) -> bool {
    filter.statuses.is_empty() || filter.statuses.contains(&status)
}

/// Ended jobs with the words, and how many there are.
fn with_words(
    connection: &Connection,
    filter: &HistoryFilter,
    words: &SearchWords,
    before: i64,
    wanted: usize,
) -> Result<(Vec<i64>, usize), StoreError> {
    let facets = Facets {
        tool: filter.tool.as_deref(),
        statuses: &filter.statuses,
    };
    let newest = search_index::find(connection, words, &facets, None)?;
    let total = newest.len();
    let page: Vec<_> = newest
        .into_iter()
        .filter(|seq| *seq < before)
        .take(wanted)
        .collect();
    if page.len() == wanted || total < COUNTED {
        return Ok((page, total));
    }
    // The page lies beyond what was counted.
    let page = search_index::find(connection, words, &facets, Some((before, wanted)))?;
    Ok((page, total))
}

/// Ended jobs by status and tool, and how many there are.
fn without_words(
    connection: &Connection,
    filter: &HistoryFilter,
    ended: &[JobStatus],
    before: i64,
    wanted: usize,
) -> Result<(Vec<i64>, usize), StoreError> {
    let (mut found, mut total) = (Vec::<i64>::new(), 0);
    for status in ended {
        let status = status_code(*status);
        // Each of these is a walk along one index.
        let mut add = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<(), StoreError> {
            let mut select = connection.prepare_cached(sql)?;
            let mut rows = select.query(params)?;
            while let Some(row) = rows.next()? {
                found.push(row.get(0)?);
            }
            Ok(())
        };
        let count: u32 = match &filter.tool {
            Some(tool) => {
                add(
                    "SELECT seq FROM jobs INDEXED BY jobs_finished_by_tool
                     WHERE ended = 1 AND tool = ?4 AND status = ?1 AND seq < ?2
                     ORDER BY seq DESC LIMIT ?3",
                    params![status, before, wanted as i64, tool],
                )?;
                connection
                    .prepare_cached(
                        "SELECT count(*) FROM jobs INDEXED BY jobs_finished_by_tool
                         WHERE ended = 1 AND status = ?1 AND tool = ?2",
                    )?
                    .query_row(params![status, tool], |row| row.get(0))?
            }
            None => {
                add(
                    "SELECT seq FROM jobs INDEXED BY jobs_finished
                     WHERE ended = 1 AND status = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
                    params![status, before, wanted as i64],
                )?;
                connection
                    .prepare_cached(
                        "SELECT count(*) FROM jobs INDEXED BY jobs_finished
                         WHERE ended = 1 AND status = ?1",
                    )?
                    .query_row([status], |row| row.get(0))?
            }
        };
        total += count as usize;
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok((found, total))
}

/// Ended jobs of one caller, and how many there are. Who isn't a person has few, so each is looked at.
fn of_caller(
    connection: &Connection,
    filter: &HistoryFilter,
    ended: &[JobStatus],
    before: i64,
    wanted: usize,
) -> Result<(Vec<i64>, usize), StoreError> {
    let Some(caller) = &filter.caller else {
        return Ok((Vec::new(), 0));
    };
    let (kind, name) = caller_code(caller);
    let mut select = connection.prepare_cached(
        "SELECT seq, tool, status FROM jobs INDEXED BY jobs_of_caller
         WHERE caller = ?1 AND caller > 2 AND caller_name = ?2 AND ended = 1 ORDER BY seq DESC",
    )?;
    let mut rows = select.query(params![kind, name])?;
    let (mut found, mut total) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let (seq, tool): (i64, Box<str>) = (row.get(0)?, row.get(1)?);
        let is_meant = ended.contains(&status(row.get(2)?)?)
            && filter.tool.as_deref().is_none_or(|wanted| *wanted == *tool)
            && match &filter.words {
                Some(words) => search_index::has(connection, words, seq)?,
                None => true,
            };
        if !is_meant {
            continue;
        }
        total += 1;
        if seq < before && found.len() < wanted {
            found.push(seq);
        }
        if filter.words.is_some() && total >= COUNTED && found.len() == wanted {
            break;
        }
    }
    Ok((found, total))
}

/// Jobs that haven't ended and match, in no order.
pub(super) fn unfinished(
    connection: &Connection,
    filter: &HistoryFilter,
) -> Result<Vec<JobRecord>, StoreError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {}, inputs.json, NULL, NULL FROM jobs LEFT JOIN inputs USING(seq)
         WHERE jobs.ended = 0",
        rows::columns()
    ))?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let job = rows::record(row, Parts::All)?;
        let tool = filter.tool.as_deref();
        if tool.is_none_or(|tool| tool == job.origin.tool.as_ref())
            && allowed(filter, job.status)
            && filter
                .caller
                .as_ref()
                .is_none_or(|only| *only == job.origin.caller)
            && filter
                .words
                .as_ref()
                .is_none_or(|words| words.matches(&SearchWords::of_job(&job, None)))
        {
            found.push(job);
        }
    }
    Ok(found)
}

/// Jobs by their numbers.
pub(super) fn records(
    connection: &Connection,
    found: &[i64],
) -> Result<Vec<JobRecord>, StoreError> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {} FROM jobs WHERE seq = ?1",
        rows::columns()
    ))?;
    let mut jobs = Vec::with_capacity(found.len());
    for seq in found {
        let job = select
            .query_row([seq], |row| Ok(rows::record(row, Parts::None)))
            .optional()?;
        // An index may be ahead of the table only in a damaged file.
        jobs.push(job.ok_or_else(|| {
            StoreError::corrupt(format!(
                "job number {seq} is in an index and not in the table"
            ))
        })??);
    }
    Ok(jobs)
}
