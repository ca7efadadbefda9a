//! How much history is kept, and removing what is more.
//!
//! Only finished jobs are removed, the oldest first, and each whole; where large outputs take too
//! much room, they alone go and their jobs stay. When it is done is left to `writer`.

use std::time::Duration;

use rusqlite::{Connection, params};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{artifact::Artifacts, batch::transaction, error::StoreError, import};
use crate::clock::Timestamp;

/// How many jobs one transaction removes at the most, so that nobody waits long for it.
const REMOVED_AT_ONCE: usize = 200;

/// How much history is kept. What is past a limit is removed, the oldest finished jobs first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// How many finished jobs are kept.
    pub max_jobs: u64,
    /// How long after its end a job is kept; for good if none.
    pub max_age: Option<Duration>,
    /// How many bytes of large outputs are kept. Past that the oldest go, and their jobs say so.
    pub max_artifact_bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            max_jobs: 100_000,
            max_age: None,
            max_artifact_bytes: 2 * 1024 * 1024 * 1024,
        }
    }
}

/// What a job says whose large output had to make room.
pub const OUTPUT_REMOVED: &str =
    "The output was removed to make room for newer ones. Run the job again to get it back.";

/// A job to be removed.
struct Condemned {
    seq: i64,
    /// Of the job, if it has a large output.
    artifact: Option<Uuid>,
}

/// How many finished jobs there are.
pub(super) fn finished(connection: &Connection) -> Result<u64, StoreError> {
    let finished: u32 = connection.query_row(
        "SELECT count(*) FROM jobs INDEXED BY jobs_finished WHERE ended = 1",
        [],
        |row| row.get(0),
    )?;
    Ok(u64::from(finished))
}

/// Removes some of what is past a limit, of this many finished jobs. Returns how many jobs were
/// removed, and whether there may be more to remove.
pub(super) fn prune(
    connection: &Connection,
    artifacts: &Artifacts,
    retention: &Retention,
    finished: u64,
) -> Result<(u64, bool), StoreError> {
    let without_output = make_room(connection, artifacts, retention.max_artifact_bytes)?;
    let condemned = transaction(connection, || {
        let condemned = past_limit(connection, retention, finished)?;
        remove_all(connection, condemned.iter().map(|job| job.seq))?;
        Ok(condemned)
    })?;
    // The files last: one that stays behind is an orphan, a job without its file would be a lie.
    for id in condemned.iter().filter_map(|job| job.artifact) {
        // What can't be removed now is removed as an orphan at the next opening.
        let _ = artifacts.remove(id);
    }
    let more = !condemned.is_empty() || without_output == REMOVED_AT_ONCE;
    Ok((condemned.len() as u64, more))
}

/// Removes the oldest large outputs past the limit; how many. Their jobs stay, and say so.
fn make_room(
    connection: &Connection,
    artifacts: &Artifacts,
    limit: u64,
) -> Result<usize, StoreError> {
    if past_bytes(connection, limit)?.is_empty() {
        return Ok(0);
    }
    let relieved = transaction(connection, || {
        let relieved = past_bytes(connection, limit)?;
        for job in &relieved {
            connection
                .prepare_cached(
                    "UPDATE jobs SET output_bytes = NULL, stage = coalesce(stage, ''), message = ?2,
                     revision = revision + 1
                     WHERE seq = ?1",
                )?
                .execute(params![job.seq, OUTPUT_REMOVED])?;
        }
        Ok(relieved)
    })?;
    // The files last, as above.
    for id in relieved.iter().filter_map(|job| job.artifact) {
        let _ = artifacts.remove(id);
    }
    Ok(relieved.len())
}

/// The oldest finished jobs past the first limit that is passed.
fn past_limit(
    connection: &Connection,
    retention: &Retention,
    finished: u64,
) -> Result<Vec<Condemned>, StoreError> {
    let surplus = finished.saturating_sub(retention.max_jobs);
    if surplus > 0 {
        let limit = usize::try_from(surplus).unwrap_or(usize::MAX);
        return oldest(connection, limit.min(REMOVED_AT_ONCE));
    }
    retention
        .max_age
        .map_or_else(|| Ok(Vec::new()), |age| past_age(connection, age))
}

fn oldest(connection: &Connection, limit: usize) -> Result<Vec<Condemned>, StoreError> {
    // By number, not by the index, which would have to be sorted.
    let mut select = connection.prepare_cached(
        "SELECT seq, id, output_bytes FROM jobs NOT INDEXED WHERE ended = 1 ORDER BY seq LIMIT ?1",
    )?;
    let mut rows = select.query(params![limit as i64])?;
    let mut condemned = Vec::new();
    while let Some(row) = rows.next()? {
        condemned.push(condemned_in(row)?);
    }
    Ok(condemned)
}

fn past_age(connection: &Connection, age: Duration) -> Result<Vec<Condemned>, StoreError> {
    let now = Timestamp::from(OffsetDateTime::now_utc()).0;
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    let limit = now.saturating_sub(age);
    let has_imports = import::has_imports(connection)?;
    let mut select = connection.prepare_cached(
        "SELECT seq, id, output_bytes, created_at, finished_at FROM jobs NOT INDEXED ORDER BY seq",
    )?;
    let mut rows = select.query([])?;
    let mut condemned = Vec::new();
    while condemned.len() < REMOVED_AT_ONCE
        && let Some(row) = rows.next()?
    {
        // Numbers are given in the order of acceptance: all later jobs are younger, unless some were
        // taken in from elsewhere.
        if row.get::<_, i64>(3)? >= limit && !has_imports {
            break;
        }
        if row.get::<_, Option<i64>>(4)?.is_some_and(|at| at < limit) {
            condemned.push(condemned_in(row)?);
        }
    }
    Ok(condemned)
}

fn past_bytes(connection: &Connection, limit: u64) -> Result<Vec<Condemned>, StoreError> {
    let total: f64 = connection.query_row(
        "SELECT total(output_bytes) FROM jobs WHERE output_bytes IS NOT NULL",
        [],
        |row| row.get(0),
    )?;
    let mut surplus = total - limit as f64;
    if surplus <= 0.0 {
        return Ok(Vec::new());
    }
    let mut select = connection.prepare_cached(
        "SELECT seq, id, output_bytes FROM jobs WHERE output_bytes IS NOT NULL AND ended = 1
         ORDER BY seq LIMIT ?1",
    )?;
    let mut rows = select.query([REMOVED_AT_ONCE as i64])?;
    let mut condemned = Vec::new();
    while surplus > 0.0
        && let Some(row) = rows.next()?
    {
        surplus -= row.get::<_, i64>(2)? as f64;
        condemned.push(condemned_in(row)?);
    }
    Ok(condemned)
}

fn condemned_in(row: &rusqlite::Row<'_>) -> Result<Condemned, StoreError> {
    let bytes: Option<i64> = row.get(2)?;
    let artifact = match bytes {
        Some(_) => Some(Uuid::from_bytes(row.get(1)?)),
        None => None,
    };
    Ok(Condemned {
        seq: row.get(0)?,
        artifact,
    })
}

/// Removes jobs, whose numbers are never given again; within a transaction.
pub(super) fn remove_all(
    connection: &Connection,
    seqs: impl Iterator<Item = i64>,
) -> Result<(), StoreError> {
    let mut highest = None;
    for seq in seqs {
        remove(connection, seq)?;
        highest = highest.max(Some(seq));
    }
    if let Some(highest) = highest {
        connection
            .prepare_cached(
                "INSERT INTO meta(key, value) VALUES('highest_removed', ?1)
                 ON CONFLICT(key) DO UPDATE SET value = max(value, excluded.value)",
            )?
            .execute([highest])?;
    }
    Ok(())
}

fn remove(connection: &Connection, seq: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM jobs WHERE seq = ?1",
        "DELETE FROM inputs WHERE seq = ?1",
        "DELETE FROM outputs WHERE seq = ?1",
        "DELETE FROM checkpoints WHERE seq = ?1",
        "DELETE FROM transitions WHERE seq = ?1",
        "DELETE FROM log_lines WHERE seq = ?1",
        "DELETE FROM unindexed WHERE seq = ?1",
        "DELETE FROM search WHERE rowid = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([seq])?;
    }
    Ok(())
}
