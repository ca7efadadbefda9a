//! A part of a list of jobs by its place in it, in any of the orders that a list can have.
//!
//! Nothing is sorted where nothing is searched for: the list is put together by `walk` from walks along
//! indexes. What lies before the part is passed over from whichever end is nearer. Jobs in memory are
//! woven in where they belong.
//!
//! Pages that go on from one another, newest first, are left to `page`.

mod walk;

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use rusqlite::{Connection, OptionalExtension, params};
use toolroom_shared::{JobStatus, JobsSort};

use super::{
    codes::{caller_code, status, status_code},
    error::StoreError,
    page::{self, HistoryFilter},
    search::SearchWords,
    search_index::{self, COUNTED, Facets},
};
use crate::{clock::Timestamp, record::JobRecord};

/// What a job that hasn't ended takes: longer than any that has.
const NOT_ENDED: i64 = i64::MAX;
/// What a job takes that ended without having begun.
const NEVER_BEGUN: i64 = -1;

/// How long an ended job took, as it stands in the index.
const TOOK: &str = "coalesce(finished_at - started_at, -1)";

/// The order of a list, which part of it, and which span of time it is of.
#[derive(Clone, Debug, Default)]
pub struct HistoryOrder {
    /// By what.
    pub sort: JobsSort,
    /// The least first.
    pub ascending: bool,
    /// How many jobs stand before the part.
    pub offset: u32,
    /// Only jobs that were accepted then or later.
    pub created_since: Option<Timestamp>,
    /// Only jobs that were accepted before.
    pub created_before: Option<Timestamp>,
}

/// What decides on a job's place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// The job's number.
    pub seq: u64,
    tool: Arc<str>,
    status: JobStatus,
    took: i64,
}

/// A part of an ordered list.
#[derive(Debug, Default, PartialEq)]
pub struct OrderedPage {
    /// The jobs, in the list's order.
    pub entries: Vec<Entry>,
    /// How many jobs the whole list has; with words at most 1,000, which then stands for "1,000 or
    /// more".
    pub total: u32,
}

/// A job of an ordered list.
#[derive(Debug, PartialEq)]
pub enum Entry {
    /// The one with this number among the jobs in memory.
    Live(u64),
    /// One that was read.
    Stored(Box<JobRecord>),
}

impl OrderKey {
    /// Where the job belongs.
    pub fn of(job: &JobRecord) -> Self {
        let took = match (job.status.is_terminal(), job.started_at, job.finished_at) {
            (false, ..) => NOT_ENDED,
            (true, Some(start), Some(end)) => end.0.saturating_sub(start.0),
            (true, ..) => NEVER_BEGUN,
        };
        Self {
            seq: job.seq(),
            tool: Arc::clone(&job.origin.tool),
            status: job.status,
            took,
        }
    }

    fn walked(&self, sort: JobsSort) -> (i64, i64) {
        let primary = if sort == JobsSort::Took { self.took } else { 0 };
        (primary, self.seq.cast_signed())
    }
}

impl HistoryOrder {
    /// Which of two jobs stands first. Within a tool and a status the newest does, whichever way the
    /// list goes.
    pub fn compare(&self, one: &OrderKey, two: &OrderKey) -> Ordering {
        let turned = |order: Ordering| {
            if self.ascending {
                order
            } else {
                order.reverse()
            }
        };
        let newest_first = two.seq.cmp(&one.seq);
        match self.sort {
            JobsSort::Created => turned(one.seq.cmp(&two.seq)),
            JobsSort::Took => turned((one.took, one.seq).cmp(&(two.took, two.seq))),
            JobsSort::Tool => turned(one.tool.cmp(&two.tool)).then(newest_first),
            JobsSort::Status => {
                turned(status_code(one.status).cmp(&status_code(two.status))).then(newest_first)
            }
        }
    }

    /// Whether a job of that moment is in the span of time.
    pub fn includes(&self, created_at: Timestamp) -> bool {
        self.created_since.is_none_or(|since| since <= created_at)
            && self.created_before.is_none_or(|before| created_at < before)
    }
}

/// Reads a part, all of it as it was at one moment. `live` are the jobs in memory that belong to the
/// list, in its order.
pub(super) fn read(
    connection: &Connection,
    filter: &HistoryFilter,
    order: &HistoryOrder,
    live: &[OrderKey],
) -> Result<OrderedPage, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let mut reader = Reader {
        connection: &snapshot,
        filter,
        order,
        ended: JobStatus::ALL
            .into_iter()
            .filter(|status| status.is_terminal() && page::allowed(filter, *status))
            .collect(),
        span: span(&snapshot, order)?,
        live: live.to_vec(),
        live_seqs: live.iter().map(|key| key.seq.cast_signed()).collect(),
    };
    if filter.unfinished_too {
        reader.add_unfinished()?;
    }
    let (found, total) = if filter.words.is_some() || filter.caller.is_some() {
        reader.collected()?
    } else {
        reader.walked()?
    };
    let in_memory: HashSet<i64> = live.iter().map(|key| key.seq.cast_signed()).collect();
    let stored: Vec<i64> = found
        .iter()
        .copied()
        .filter(|seq| !in_memory.contains(seq))
        .collect();
    let mut records = page::records(&snapshot, &stored)?.into_iter();
    let entries = found.iter().filter_map(|seq| {
        if in_memory.contains(seq) {
            Some(Entry::Live(seq.cast_unsigned()))
        } else {
            records.next().map(|job| Entry::Stored(Box::new(job)))
        }
    });
    Ok(OrderedPage {
        entries: entries.collect(),
        total: u32::try_from(total).unwrap_or(u32::MAX),
    })
}

/// The numbers of the jobs that were accepted in the span of time: from the first up to, and without,
/// the second. Numbers are given in the order of acceptance.
fn span(connection: &Connection, order: &HistoryOrder) -> Result<(i64, i64), StoreError> {
    let first = |since: Timestamp| -> Result<i64, StoreError> {
        let mut at = connection.prepare_cached(
            "SELECT seq, created_at FROM jobs WHERE seq >= ?1 ORDER BY seq LIMIT 1",
        )?;
        let highest: Option<i64> =
            connection.query_row("SELECT max(seq) FROM jobs", [], |row| row.get(0))?;
        let (mut low, mut high) = (0, highest.unwrap_or(0) + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            let found = at.query_row([middle], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            });
            match found.optional()? {
                Some((seq, created_at)) if Timestamp(created_at) < since => low = seq + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    };
    Ok((
        order.created_since.map_or(Ok(i64::MIN), first)?,
        order.created_before.map_or(Ok(i64::MAX), first)?,
    ))
}

struct Reader<'r> {
    connection: &'r Connection,
    filter: &'r HistoryFilter,
    order: &'r HistoryOrder,
    /// The statuses of ended jobs that are wanted.
    ended: Vec<JobStatus>,
    /// The numbers that are wanted.
    span: (i64, i64),
    /// What isn't read along an index.
    live: Vec<OrderKey>,
    live_seqs: HashSet<i64>,
}

impl Reader<'_> {
    /// Takes in what is unfinished on disk.
    fn add_unfinished(&mut self) -> Result<(), StoreError> {
        for job in page::unfinished(self.connection, self.filter)? {
            if self.order.includes(job.origin.created_at)
                && self.live_seqs.insert(job.seq().cast_signed())
            {
                self.live.push(OrderKey::of(&job));
            }
        }
        self.live.sort_by(|a, b| self.order.compare(a, b));
        Ok(())
    }

    /// The part's numbers and how many there are in all, by looking at every job that may belong to
    /// it.
    fn collected(&self) -> Result<(Vec<i64>, usize), StoreError> {
        let mut keys = match &self.filter.words {
            Some(words) => self.with_words(words)?,
            None => self.of_caller()?,
        };
        keys.retain(|key| !self.live_seqs.contains(&key.seq.cast_signed()));
        keys.extend_from_slice(&self.live);
        let mut total = keys.len();
        if self.filter.words.is_some() {
            total = total.min(COUNTED);
        }
        keys.sort_unstable_by(|a, b| self.order.compare(a, b));
        let part = keys
            .iter()
            .map(|key| key.seq.cast_signed())
            .skip(self.order.offset as usize)
            .take(self.filter.limit as usize);
        Ok((part.collect(), total))
    }

    /// The newest ended jobs with the words, at most as many as are counted.
    fn with_words(&self, words: &SearchWords) -> Result<Vec<OrderKey>, StoreError> {
        let mut keys = Vec::new();
        if self.ended.is_empty() {
            return Ok(keys);
        }
        let facets = Facets {
            tool: self.filter.tool.as_deref(),
            statuses: &self.filter.statuses,
        };
        let mut look = self.connection.prepare_cached(&format!(
            "SELECT tool, status, {TOOK}, caller, caller_name FROM jobs WHERE seq = ?1"
        ))?;
        let (low, mut before) = self.span;
        let caller = self.filter.caller.as_ref().map(caller_code);
        loop {
            let found =
                search_index::find(self.connection, words, &facets, Some((before, COUNTED)))?;
            let is_last = found.len() < COUNTED;
            for seq in found {
                before = seq;
                if seq < low || keys.len() == COUNTED {
                    return Ok(keys);
                }
                let mut rows = look.query([seq])?;
                let Some(row) = rows.next()? else { continue };
                let by: (i64, Box<str>) = (row.get(3)?, row.get(4)?);
                if caller.is_none_or(|caller| caller == (by.0, &*by.1)) {
                    keys.push(OrderKey {
                        seq: seq.cast_unsigned(),
                        tool: row.get(0)?,
                        status: status(row.get(1)?)?,
                        took: row.get(2)?,
                    });
                }
            }
            if is_last {
                return Ok(keys);
            }
        }
    }

    fn of_caller(&self) -> Result<Vec<OrderKey>, StoreError> {
        let mut keys = Vec::new();
        let Some(caller) = &self.filter.caller else {
            return Ok(keys);
        };
        let (kind, name) = caller_code(caller);
        let (low, high) = self.span;
        let mut walk = self.connection.prepare_cached(&of_caller_sql())?;
        for tool in self.tools()? {
            for status in &self.ended {
                let code = status_code(*status);
                let mut rows = walk.query(params![code, low, high, &*tool, kind, name])?;
                while let Some(row) = rows.next()? {
                    keys.push(OrderKey {
                        seq: row.get::<_, i64>(1)?.cast_unsigned(),
                        tool: Arc::clone(&tool),
                        status: *status,
                        took: row.get(0)?,
                    });
                }
            }
        }
        Ok(keys)
    }
}

fn of_caller_sql() -> String {
    format!(
        "SELECT {TOOK}, seq FROM jobs INDEXED BY jobs_by_took
         WHERE ended = 1 AND tool = ?4 AND status = ?1 AND caller = ?5 AND caller_name = ?6
             AND seq >= ?2 AND seq < ?3"
    )
}
