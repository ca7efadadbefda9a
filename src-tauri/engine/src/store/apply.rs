//! One change as rows: the statements that write it, prepared once.
//!
//! Which changes share a transaction, and what happens when one fails, is left to `batch` and
//! `writer`.

use std::collections::HashSet;

use rusqlite::{Connection, Statement, params};
use serde_json::Value;
use toolroom_toolkit::WrittenLine;

use super::{
    change::{HistoryEntry, Payload, TransitionChange},
    codes::{caller_code, kind_code, status_code},
    error::{StoreError, StoreErrorKind},
    rows,
};
use crate::{clock::Timestamp, record::JobRecord};

/// How many lines of a job's log are kept.
pub(super) const LOG_LINES_KEPT: u32 = 10_000;

/// The statements that write changes.
pub(super) struct Statements<'c> {
    insert_job: Statement<'c>,
    update_job: Statement<'c>,
    end_job: Statement<'c>,
    find_job: Statement<'c>,
    transition: Statement<'c>,
    input: Statement<'c>,
    output: Statement<'c>,
    words: Statement<'c>,
    checkpoint: Statement<'c>,
    forget_checkpoint: Statement<'c>,
    log_line: Statement<'c>,
    trim_log: Statement<'c>,
    /// Every job that has a checkpoint, and some that had one: few have, and looking for one at
    /// the end of each job takes longer than all else that is looked up then.
    checkpointed: HashSet<u64>,
}

impl<'c> Statements<'c> {
    pub(super) fn prepare(connection: &'c Connection) -> Result<Self, StoreError> {
        let prepare = |sql: &str| connection.prepare(sql);
        Ok(Self {
            insert_job: prepare(&rows::insert_sql())?,
            update_job: prepare(&rows::update_sql(false))?,
            end_job: prepare(&rows::update_sql(true))?,
            find_job: prepare("SELECT 1 FROM jobs WHERE seq = ?1")?,
            transition: prepare(
                "INSERT INTO transitions(seq, revision, at, kind, status, attempt, caller, cause,
                 caller_name) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?,
            input: prepare("INSERT INTO inputs(seq, json) VALUES(?1, ?2)")?,
            output: prepare("INSERT INTO outputs(seq, json) VALUES(?1, ?2)")?,
            words: prepare("INSERT INTO unindexed(seq, words) VALUES(?1, ?2)")?,
            checkpoint: prepare(
                "INSERT INTO checkpoints(seq, json) VALUES(?1, ?2)
                 ON CONFLICT(seq) DO UPDATE SET json = excluded.json",
            )?,
            forget_checkpoint: prepare("DELETE FROM checkpoints WHERE seq = ?1")?,
            log_line: prepare(
                "INSERT INTO log_lines(seq, number, at, text) VALUES(?1, ?2, ?3, ?4)",
            )?,
            trim_log: prepare("DELETE FROM log_lines WHERE seq = ?1 AND number <= ?2")?,
            checkpointed: checkpointed(connection)?,
        })
    }

    /// Writes the job's row as `record` has it. A refusal (the key is used, there is no such job)
    /// has written nothing, so that the transaction can go on without the change.
    pub(super) fn job(&mut self, record: &JobRecord, new: bool) -> Result<(), StoreError> {
        let statement = if new {
            &mut self.insert_job
        } else if record.status.is_terminal() {
            &mut self.end_job
        } else {
            &mut self.update_job
        };
        rows::bind_state(statement, record)?;
        if new {
            rows::bind_origin(statement, record)?;
        }
        if statement.raw_execute()? == 0 {
            return Err(StoreError::no_job(record.seq()));
        }
        Ok(())
    }

    /// Writes all of a transition but the job's row.
    pub(super) fn transition(&mut self, change: &TransitionChange) -> Result<(), StoreError> {
        let seq = change.after.seq().cast_signed();
        self.entry(seq, &change.entry)?;
        if let Some(entry) = &change.next_entry {
            self.entry(seq, entry)?;
        }
        match &change.payload {
            Payload::Nothing => {}
            Payload::Accepted { input, .. } => {
                self.input.execute(params![seq, input])?;
            }
            Payload::Ended { output, words } => {
                if let Some(output) = output {
                    self.output.execute(params![seq, output])?;
                }
                self.words.execute(params![seq, words])?;
            }
        }
        if change.after.status.is_terminal() && self.checkpointed.contains(&change.after.seq()) {
            self.forget_checkpoint.execute([seq])?;
        }
        Ok(())
    }

    /// Writes what is kept of a job that has ended, beside its row.
    pub(super) fn ended(
        &mut self,
        seq: u64,
        input: &str,
        output: Option<&str>,
        words: &str,
    ) -> Result<(), StoreError> {
        let seq = seq.cast_signed();
        self.input.execute(params![seq, input])?;
        if let Some(output) = output {
            self.output.execute(params![seq, output])?;
        }
        self.words.execute(params![seq, words])?;
        Ok(())
    }

    /// Writes what happened to a job.
    pub(super) fn entries(&mut self, seq: u64, entries: &[HistoryEntry]) -> Result<(), StoreError> {
        entries
            .iter()
            .try_for_each(|entry| self.entry(seq.cast_signed(), entry))
    }

    /// Writes lines of a job's log, and removes the oldest when there are too many.
    pub(super) fn log(&mut self, seq: u64, lines: &[WrittenLine]) -> Result<(), StoreError> {
        self.require_job(seq)?;
        let seq = seq.cast_signed();
        for line in lines {
            let at = Timestamp::from(line.at).0;
            self.log_line
                .execute(params![seq, line.number, at, line.text])?;
        }
        let last = lines.last().map_or(0, |line| line.number);
        if last > LOG_LINES_KEPT {
            self.trim_log.execute(params![seq, last - LOG_LINES_KEPT])?;
        }
        Ok(())
    }

    /// Writes from where the job could go on, in place of the place before.
    pub(super) fn checkpoint(&mut self, seq: u64, checkpoint: &Value) -> Result<(), StoreError> {
        self.require_job(seq)?;
        let json = serde_json::to_string(checkpoint)
            .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))?;
        self.checkpointed.insert(seq);
        self.checkpoint.execute(params![seq.cast_signed(), json])?;
        Ok(())
    }

    fn entry(&mut self, seq: i64, entry: &HistoryEntry) -> Result<(), StoreError> {
        let (caller, caller_name) = caller_code(&entry.caller);
        let cause = (!entry.cause.is_empty()).then_some(entry.cause.as_ref());
        self.transition.execute(params![
            seq,
            entry.revision,
            entry.at.0,
            kind_code(entry.kind),
            status_code(entry.status),
            entry.attempt,
            caller,
            cause,
            caller_name,
        ])?;
        Ok(())
    }

    fn require_job(&mut self, seq: u64) -> Result<(), StoreError> {
        if self.find_job.exists([seq.cast_signed()])? {
            return Ok(());
        }
        Err(StoreError::no_job(seq))
    }
}

fn checkpointed(connection: &Connection) -> Result<HashSet<u64>, StoreError> {
    let mut select = connection.prepare("SELECT seq FROM checkpoints")?;
    let seqs = select.query_map([], |row| row.get(0).map(i64::cast_unsigned))?;
    Ok(seqs.collect::<Result<_, _>>()?)
}
