//! The history, for reading: from the process that writes it or from another one.
//!
//! Nothing here changes the file. Lists are left to `page`.

use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, Params, params};
use time::OffsetDateTime;
use toolroom_shared::Caller;
use toolroom_toolkit::WrittenLine;
use uuid::Uuid;

use super::{
    artifact::Artifacts,
    audit::TrailSnapshot,
    change::HistoryEntry,
    codes::{caller, caller_code, kind, status},
    error::{StoreError, StoreErrorKind},
    file,
    ordered::{self, HistoryOrder, OrderKey, OrderedPage},
    page::{self, HistoryFilter, HistoryPage},
    pool::Pool,
    rows::{self, Parts},
    schema,
};
use crate::{clock::Timestamp, record::JobRecord};

/// A job with its input, its output and its checkpoint, for [`Parts::All`].
const ALL_PARTS: &str = "FROM jobs LEFT JOIN inputs USING(seq) LEFT JOIN outputs USING(seq)
    LEFT JOIN checkpoints USING(seq)";

/// Reads the history of a data folder. Clones share their connections. Every method blocks.
#[derive(Clone)]
pub struct History {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    artifacts: Artifacts,
    pool: Pool,
}

impl History {
    /// Opens the history in `folder` to read it, while another process may write it. None if there
    /// is no history; none is made.
    pub fn open(folder: &Path) -> Result<Option<Self>, StoreError> {
        if !folder.join(file::FILE).exists() {
            return Ok(None);
        }
        let history = Self::at(folder, Artifacts::in_folder(folder));
        let version = history.inner.pool.with(schema::version)?;
        schema::refuse_newer(version)?;
        match version {
            // Somebody is just making it.
            0 => Ok(None),
            schema::VERSION => Ok(Some(history)),
            _ => Err(StoreError::new(
                StoreErrorKind::Other,
                format!(
                    "The history has the format {version} of an older Toolroom. It is kept as it \
                     is. Start this Toolroom's engine once to bring it up to date."
                ),
            )),
        }
    }

    /// The history in `folder`, where there is one.
    pub(super) fn at(folder: &Path, artifacts: Artifacts) -> Self {
        Self {
            inner: Arc::new(Inner {
                folder: folder.to_owned(),
                artifacts,
                pool: Pool::new(folder.join(file::FILE)),
            }),
        }
    }

    /// Closes the connections that nobody uses just now; they are made again when they are needed.
    pub fn shrink(&self) {
        self.inner.pool.shrink();
    }

    /// Where it stands.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The large outputs.
    pub fn artifacts(&self) -> &Artifacts {
        &self.inner.artifacts
    }

    /// A job with its input, its output unless that is an artifact, and its checkpoint.
    pub fn job(&self, id: Uuid) -> Result<Option<JobRecord>, StoreError> {
        let found = self.whole_jobs("WHERE jobs.id = ?1", [id.as_bytes().as_slice()])?;
        Ok(found.into_iter().next())
    }

    /// The job that this caller started with this idempotency key.
    pub fn by_key(&self, by: &Caller, key: &str) -> Result<Option<JobRecord>, StoreError> {
        let (kind, name) = caller_code(by);
        let found = self.whole_jobs(
            "WHERE jobs.caller = ?1 AND jobs.caller_name = ?2 AND jobs.idempotency_key = ?3",
            params![kind, name, key],
        )?;
        Ok(found.into_iter().next())
    }

    /// Every job that hasn't ended, with its input and checkpoint, oldest first.
    pub fn unfinished(&self) -> Result<Vec<JobRecord>, StoreError> {
        self.whole_jobs("WHERE jobs.ended = 0 ORDER BY jobs.seq", [])
    }

    /// A part of the list of jobs, newest first.
    pub fn page(&self, filter: &HistoryFilter) -> Result<HistoryPage, StoreError> {
        self.inner
            .pool
            .with(|connection| page::read(connection, filter))
    }

    /// A part of an ordered list by its place. `live` are the jobs in memory that belong to it, in its
    /// order.
    pub fn ordered(
        &self,
        filter: &HistoryFilter,
        order: &HistoryOrder,
        live: &[OrderKey],
    ) -> Result<OrderedPage, StoreError> {
        self.inner
            .pool
            .with(|connection| ordered::read(connection, filter, order, live))
    }

    /// What has happened to a job, in its order.
    pub fn transitions(&self, seq: u64) -> Result<Vec<HistoryEntry>, StoreError> {
        self.inner
            .pool
            .with(|connection| read_transitions(connection, seq))
    }

    /// The lines of a job's log after the one of that number, at most `limit`; whether there are
    /// more after them; and how many lines of the whole log there are.
    pub fn log(
        &self,
        seq: u64,
        after: u32,
        limit: u32,
    ) -> Result<(Vec<WrittenLine>, bool, u32), StoreError> {
        self.inner
            .pool
            .with(|connection| read_log(connection, seq, after, limit))
    }

    /// Reads the audit trail as it stands at one moment.
    pub fn audit<R>(
        &self,
        read: impl FnOnce(&TrailSnapshot<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.inner.pool.with(|connection| {
            let moment = connection.unchecked_transaction()?;
            read(&TrailSnapshot::take(&moment, &self.inner.folder)?)
        })
    }

    /// Reads with a connection of its own.
    pub(super) fn read<R>(
        &self,
        read: impl FnOnce(&Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.inner.pool.with(read)
    }

    /// Jobs that have ended after the one of that number, oldest first, whole but for artifacts.
    pub fn ended_after(&self, seq: u64, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        let which = "WHERE jobs.ended = 1 AND jobs.seq > ?1 ORDER BY jobs.seq LIMIT ?2";
        self.whole_jobs(which, params![seq.cast_signed(), limit])
    }

    fn whole_jobs(&self, which: &str, params: impl Params) -> Result<Vec<JobRecord>, StoreError> {
        self.inner.pool.with(|connection| {
            let mut select = connection.prepare_cached(&format!(
                "SELECT {}, inputs.json, outputs.json, checkpoints.json {ALL_PARTS} {which}",
                rows::columns()
            ))?;
            let mut rows = select.query(params)?;
            let mut jobs = Vec::new();
            while let Some(row) = rows.next()? {
                jobs.push(rows::record(row, Parts::All)?);
            }
            Ok(jobs)
        })
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History")
            .field("folder", &self.inner.folder)
            .finish_non_exhaustive()
    }
}

fn read_transitions(connection: &Connection, seq: u64) -> Result<Vec<HistoryEntry>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT revision, kind, status, attempt, caller, cause, at, caller_name FROM transitions
             WHERE seq = ?1 ORDER BY revision",
    )?;
    let mut rows = select.query([seq.cast_signed()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(HistoryEntry {
            revision: row.get(0)?,
            kind: kind(row.get(1)?)?,
            status: status(row.get(2)?)?,
            attempt: row.get(3)?,
            caller: caller(row.get(4)?, &row.get::<_, Box<str>>(7)?)?,
            cause: row
                .get::<_, Option<String>>(5)?
                .map_or(Cow::Borrowed(""), Cow::Owned),
            at: Timestamp(row.get(6)?),
        });
    }
    Ok(entries)
}

fn read_log(
    connection: &Connection,
    seq: u64,
    after: u32,
    limit: u32,
) -> Result<(Vec<WrittenLine>, bool, u32), StoreError> {
    let seq = seq.cast_signed();
    // One moment for both questions.
    let snapshot = connection.unchecked_transaction()?;
    let kept = snapshot
        .prepare_cached("SELECT count(*) FROM log_lines WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    let mut select = snapshot.prepare_cached(
        "SELECT number, at, text FROM log_lines WHERE seq = ?1 AND number > ?2
             ORDER BY number LIMIT ?3",
    )?;
    let mut rows = select.query(params![seq, after, i64::from(limit) + 1])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(WrittenLine {
            number: row.get(0)?,
            at: date(row.get(1)?)?,
            text: row.get(2)?,
        });
    }
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    Ok((lines, more, kept))
}

fn date(milliseconds: i64) -> Result<OffsetDateTime, StoreError> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .map_err(|error| StoreError::corrupt(format!("a time in the history: {error}")))
}
