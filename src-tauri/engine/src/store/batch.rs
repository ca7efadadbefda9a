//! One transaction: as many changes as wait, written together or not at all.
//!
//! A job that changes several times in a batch has its row written once, as it last stands. What
//! happens to a batch that could not be written is left to `writer`.

use std::{cell::Cell, collections::HashMap};

use fail::fail_point;
use rusqlite::Connection;

use super::{
    apply::Statements,
    audit::Trail,
    change::{Change, Payload},
    error::StoreError,
};
use crate::record::JobRecord;

/// A change on its way, with the ticket of whoever waits for it.
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) change: Change,
    pub(super) ticket: T,
    /// Why it was left out of a batch that was written otherwise.
    pub(super) refused: Option<StoreError>,
}

impl<T> Entry<T> {
    pub(super) const fn new(change: Change, ticket: T) -> Self {
        Self {
            change,
            ticket,
            refused: None,
        }
    }

    /// Whether a new job asks to be accepted.
    pub(super) fn is_start(&self) -> bool {
        matches!(&self.change, Change::Transition(change)
            if matches!(change.payload, Payload::Accepted { .. }))
    }

    /// Whether the job has ended with it.
    pub(super) fn is_end(&self) -> bool {
        matches!(&self.change, Change::Transition(change)
            if matches!(change.payload, Payload::Ended { .. }))
    }

    fn after(&self) -> Option<&JobRecord> {
        match &self.change {
            Change::Transition(change) => Some(&change.after),
            Change::Progress(job) => Some(job),
            Change::Log { .. } | Change::Checkpoint { .. } | Change::Audit { .. } => None,
        }
    }
}

/// A job in the batch that is being written.
struct InBatch {
    /// Which change is its last.
    last: usize,
    row: RowState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowState {
    Due,
    Written,
    Refused,
}

/// Writes batches.
pub(super) struct Batches<'c> {
    connection: &'c Connection,
    statements: Statements<'c>,
    jobs: HashMap<u64, InBatch>,
    committed: Cell<bool>,
    /// The audit trail, which grows with every batch.
    pub(super) trail: Trail<'c>,
}

impl<'c> Batches<'c> {
    pub(super) fn new(connection: &'c Connection, trail: Trail<'c>) -> Result<Self, StoreError> {
        Ok(Self {
            connection,
            statements: Statements::prepare(connection)?,
            jobs: HashMap::new(),
            committed: Cell::new(false),
            trail,
        })
    }

    /// Whether the last batch is safe, also where writing it ended in a fault.
    pub(super) const fn is_committed(&self) -> bool {
        self.committed.get()
    }

    /// Writes the batch in one transaction, safely when this returns. Those that the history
    /// refuses by themselves are left out and say why; on an error nothing is written.
    pub(super) fn write<T>(&mut self, entries: &mut [Entry<T>]) -> Result<(), StoreError> {
        self.committed.set(false);
        self.jobs.clear();
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.refused = None;
            if let Some(after) = entry.after() {
                let row = RowState::Due;
                self.jobs.insert(after.seq(), InBatch { last: index, row });
            }
        }
        self.trail.begin();
        noted_transaction(self.connection, &self.committed, || {
            (0..entries.len()).try_for_each(|index| {
                let refused = apply(&mut self.statements, &mut self.jobs, entries, index)?;
                if refused.is_none() {
                    self.trail.tell(&entries[index].change);
                }
                entries[index].refused = refused;
                Ok::<(), StoreError>(())
            })?;
            self.trail.write()
        })?;
        self.trail.keep();
        Ok(())
    }
}

/// Writes one change of the batch. What the history refuses has left nothing behind.
fn apply<T>(
    statements: &mut Statements<'_>,
    jobs: &mut HashMap<u64, InBatch>,
    entries: &[Entry<T>],
    index: usize,
) -> Result<Option<StoreError>, StoreError> {
    let entry = &entries[index];
    let written = match &entry.change {
        Change::Log { seq, lines } => statements.log(*seq, lines),
        Change::Checkpoint { seq, checkpoint } => statements.checkpoint(*seq, checkpoint),
        Change::Progress(after) => row(statements, jobs, entries, index, after),
        Change::Transition(change) => row(statements, jobs, entries, index, &change.after)
            .and_then(|()| statements.transition(change)),
        // The trail is told of every change that was written.
        Change::Audit { .. } => Ok(()),
    };
    match written {
        Ok(()) => Ok(None),
        Err(error) if error.kind.is_refusal() => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// Writes a job's row, once a batch and then as its last change leaves it.
fn row<T>(
    statements: &mut Statements<'_>,
    jobs: &mut HashMap<u64, InBatch>,
    entries: &[Entry<T>],
    index: usize,
    after: &JobRecord,
) -> Result<(), StoreError> {
    let seq = after.seq();
    let Some(job) = jobs.get_mut(&seq) else {
        return Err(StoreError::no_job(seq));
    };
    match job.row {
        RowState::Written => Ok(()),
        RowState::Refused => Err(StoreError::no_job(seq)),
        RowState::Due => {
            let last = entries[job.last].after().unwrap_or(after);
            let written = statements.job(last, entries[index].is_start());
            job.row = match written {
                Ok(()) => RowState::Written,
                Err(_) => RowState::Refused,
            };
            written
        }
    }
}

/// Does `work` in one transaction: all of it, or nothing.
pub(super) fn transaction<R>(
    connection: &Connection,
    work: impl FnOnce() -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    noted_transaction(connection, &Cell::new(false), work)
}

/// The same, and notes that it is committed before anything else can go wrong.
fn noted_transaction<R>(
    connection: &Connection,
    committed: &Cell<bool>,
    work: impl FnOnce() -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let done = work().and_then(|result| {
        fail_point!("commit-begins");
        fail_point!("disk-fails", |_| Err(StoreError::new(
            super::error::StoreErrorKind::Io,
            "the disk doesn't answer"
        )));
        connection.prepare_cached("COMMIT")?.execute([])?;
        committed.set(true);
        fail_point!("commit-ends");
        Ok(result)
    });
    // Some failures, such as a full disk, have ended the transaction already.
    if done.is_err() && !connection.is_autocommit() {
        connection.prepare_cached("ROLLBACK")?.execute([])?;
    }
    done
}
