//! Removes jobs that a person wants gone: all that ended before some moment.

use rusqlite::{Connection, params};
use toolroom_shared::CleanUp;
use uuid::Uuid;

use super::{
    artifact::Artifacts, batch::transaction, error::StoreError, handle::Store, history::History,
    retention,
};
use crate::clock::Timestamp;

/// How many jobs one transaction removes at the most, so that nobody waits long for it.
const REMOVED_AT_ONCE: i64 = 200;

impl History {
    /// What a clean-up of all that ended before `before` would remove.
    pub fn survey_clean_up(&self, before: Timestamp) -> Result<CleanUp, StoreError> {
        self.read(|connection| {
            let (jobs, bytes): (u32, f64) = connection.query_row(
                "SELECT count(*), total(output_bytes) FROM jobs NOT INDEXED
                 WHERE ended = 1 AND finished_at < ?1",
                [before.0],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(CleanUp {
                jobs,
                output_bytes: bytes as u64,
            })
        })
    }

    /// How many jobs there are.
    pub fn jobs(&self) -> Result<u32, StoreError> {
        self.read(|connection| {
            Ok(connection.query_row("SELECT count(*) FROM jobs", [], |row| row.get(0))?)
        })
    }
}

impl<T: Send + 'static> Store<T> {
    /// Removes all jobs that ended before `before`, some at a time, and gives back the room that they took.
    /// What was removed. Blocks.
    pub fn clean_up(&self, before: Timestamp) -> Result<CleanUp, StoreError> {
        let mut removed = CleanUp::default();
        loop {
            let some =
                self.send(move |connection, artifacts| some(connection, artifacts, before))?;
            if some.jobs == 0 {
                break;
            }
            removed.jobs += some.jobs;
            removed.output_bytes += some.output_bytes;
        }
        if removed.jobs > 0 {
            // The disk may have no room for it; then the file stays as large as it is.
            let give_back = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
            let _ = self.send(move |connection, _| Ok(connection.execute_batch(give_back)?));
        }
        Ok(removed)
    }
}

fn some(
    connection: &Connection,
    artifacts: &Artifacts,
    before: Timestamp,
) -> Result<CleanUp, StoreError> {
    let removed = transaction(connection, || {
        let mut select = connection.prepare_cached(
            "SELECT seq, id, output_bytes FROM jobs NOT INDEXED
             WHERE ended = 1 AND finished_at < ?1 ORDER BY seq LIMIT ?2",
        )?;
        let rows = select.query_map(params![before.0, REMOVED_AT_ONCE], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        let found: Vec<(i64, [u8; 16], Option<i64>)> = rows.collect::<Result<_, _>>()?;
        retention::remove_all(connection, found.iter().map(|(seq, ..)| *seq))?;
        Ok(found)
    })?;
    let mut cleaned = CleanUp {
        jobs: u32::try_from(removed.len()).unwrap_or(u32::MAX),
        output_bytes: 0,
    };
    // The files last: one that stays behind is an orphan, a job without its file would be a lie.
    for (_, id, bytes) in removed {
        if let Some(bytes) = bytes {
            cleaned.output_bytes += bytes.cast_unsigned();
            let _ = artifacts.remove(Uuid::from_bytes(id));
        }
    }
    Ok(cleaned)
}
