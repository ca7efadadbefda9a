//! The rows that one job leaves behind, and the SQL that writes them.
//!
//! The tables are made by the engine itself; the statements and the values are those of a no-op job
//! in the engine's own store, which a test below holds beside them. When they are committed, and
//! who waits for it, is left to `bare_sqlite` and `group_commit`.
//!
//! What the engine does later, when it has time, isn't done here: the index of words is not filled.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use rusqlite::{Connection, Statement, params};
use uuid::Uuid;

use crate::ours;

/// As the engine sets up its connection, apart from `synchronous`.
const SETTINGS: &str = "
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
    PRAGMA mmap_size = 0;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;";

const INSERT_JOB: &str = "
    INSERT INTO jobs(seq, status, priority, rank, revision, attempt, failures, cancel_requested,
        paused, partial, percent, log_lines, stage, message, report_percent, done, total, unit,
        rate, output_bytes, error, next_attempt_at, started_at, finished_at, ended, id, tool,
        caller, idempotency_key, timeout_seconds, max_attempts, retry_of, created_at)
    VALUES(?1, 1, 1, ?2, 2, 1, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, ?3, NULL, 0, ?4, ?5, 2, NULL, NULL, NULL, NULL, ?3)";
const END_JOB: &str = "
    UPDATE jobs SET status = 2, priority = 1, rank = ?2, revision = 3, attempt = 1, failures = 0,
        cancel_requested = 0, paused = 0, partial = 0, percent = 100, log_lines = 0, stage = NULL,
        message = NULL, report_percent = NULL, done = NULL, total = NULL, unit = NULL, rate = NULL,
        output_bytes = NULL, error = NULL, next_attempt_at = NULL, started_at = ?3,
        finished_at = ?3, ended = 1
    WHERE seq = ?1";
const INSERT_INPUT: &str = "INSERT INTO inputs(seq, json) VALUES(?1, ?2)";
const INSERT_OUTPUT: &str = "INSERT INTO outputs(seq, json) VALUES(?1, ?2)";
const INSERT_WORDS: &str = "INSERT INTO unindexed(seq, words) VALUES(?1, ?2)";
const FORGET_CHECKPOINT: &str = "DELETE FROM checkpoints WHERE seq = ?1";
const INSERT_TRANSITION: &str = "
    INSERT INTO transitions(seq, revision, at, kind, status, attempt, caller, cause)
    VALUES(?1, ?2, ?3, ?4, ?5, ?6, 2, NULL)";

const TOOL: &str = "no-op";
const INPUT: &str = r#"{"files":["documents/report.txt"],"algorithm":"none"}"#;
const OUTPUT: &str = r#"{"files":1,"bytes":4096,"problems":[]}"#;
const WORDS: &str = "no op documents report txt none 1 4096";

/// One step of one job; a whole job is these two in this order.
///
/// Two, as in the engine where a place is free: a job is accepted and begun in one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The job is new, and the tool begins.
    Begun,
    /// The tool is through.
    Ended,
}

/// One step, of which job and when.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// The job's number.
    pub job: i64,
    /// What happens to it.
    pub step: Step,
    /// When, in milliseconds.
    pub at: i64,
}

impl Change {
    /// A step that happens now.
    pub fn now(job: i64, step: Step) -> Result<Self> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let at = i64::try_from(since.as_millis())?;
        Ok(Self { job, step, at })
    }
}

/// Writes changes into a database that has the tables. Begins and ends no transaction by itself.
pub struct RowWriter<'c> {
    begin: Statement<'c>,
    commit: Statement<'c>,
    insert_job: Statement<'c>,
    insert_input: Statement<'c>,
    end_job: Statement<'c>,
    insert_output: Statement<'c>,
    insert_words: Statement<'c>,
    forget_checkpoint: Statement<'c>,
    insert_transition: Statement<'c>,
}

/// Makes the engine's database in a folder, without jobs, and returns its file.
pub fn create_database(folder: &Path) -> Result<PathBuf> {
    ours::empty_history(folder)
}

/// Opens a database as the engine does.
pub fn open(database: &Path, synchronous: &str) -> Result<Connection> {
    let connection = Connection::open(database)?;
    connection.execute_batch(SETTINGS)?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    Ok(connection)
}

/// How many jobs have ended, and with how many rows in the other tables; to see that all is there.
pub fn count_ended(connection: &Connection) -> Result<usize> {
    let count = "
        SELECT min(
            (SELECT count(*) FROM jobs WHERE ended = 1),
            (SELECT count(*) FROM transitions) / 3,
            (SELECT count(*) FROM inputs),
            (SELECT count(*) FROM outputs),
            (SELECT count(*) FROM unindexed))";
    let ended: i64 = connection.query_row(count, [], |row| row.get(0))?;
    Ok(usize::try_from(ended)?)
}

impl<'c> RowWriter<'c> {
    /// Prepares every statement once.
    pub fn new(connection: &'c Connection) -> Result<Self> {
        Ok(Self {
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
            insert_job: connection.prepare(INSERT_JOB)?,
            insert_input: connection.prepare(INSERT_INPUT)?,
            end_job: connection.prepare(END_JOB)?,
            insert_output: connection.prepare(INSERT_OUTPUT)?,
            insert_words: connection.prepare(INSERT_WORDS)?,
            forget_checkpoint: connection.prepare(FORGET_CHECKPOINT)?,
            insert_transition: connection.prepare(INSERT_TRANSITION)?,
        })
    }

    /// Opens a transaction.
    pub fn begin(&mut self) -> Result<()> {
        self.begin.execute([])?;
        Ok(())
    }

    /// Commits it: what was applied since is kept when this returns.
    pub fn commit(&mut self) -> Result<()> {
        self.commit.execute([])?;
        Ok(())
    }

    /// Writes the rows of one change.
    pub fn apply(&mut self, change: Change) -> Result<()> {
        let Change { job, step, at } = change;
        match step {
            Step::Begun => {
                let id = Uuid::now_v7();
                self.insert_job
                    .execute(params![job, rank(job), at, id.as_bytes(), TOOL])?;
                self.insert_transition
                    .execute(params![job, 1, at, 0, 0, 0])?;
                self.insert_transition
                    .execute(params![job, 2, at, 1, 1, 1])?;
                self.insert_input.execute(params![job, INPUT])?;
            }
            Step::Ended => {
                self.end_job.execute(params![job, rank(job), at])?;
                self.insert_transition
                    .execute(params![job, 3, at, 10, 2, 1])?;
                self.insert_output.execute(params![job, OUTPUT])?;
                self.insert_words.execute(params![job, WORDS])?;
                self.forget_checkpoint.execute([job])?;
            }
        }
        Ok(())
    }
}

fn rank(job: i64) -> i64 {
    job << 20
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::*;
    use crate::contender::Contender;
    use crate::load::Load;
    use crate::ours::Keeping;
    use crate::ours::throughput::{Handover, Jobs};

    /// Everything of every table but what differs from run to run: ids and times.
    fn rows(database: &Path) -> Vec<Vec<(String, Value)>> {
        let connection = Connection::open(database).unwrap();
        let mut rows = Vec::new();
        for table in ["jobs", "inputs", "outputs", "transitions", "checkpoints"] {
            let mut select = connection
                .prepare(&format!("SELECT * FROM {table}"))
                .unwrap();
            let columns: Vec<String> = select
                .column_names()
                .map(|column| format!("{table}.{column}"))
                .collect();
            let mut found = select.query([]).unwrap();
            while let Some(row) = found.next().unwrap() {
                let cells = columns.iter().enumerate().map(|(place, column)| {
                    let value: Value = row.get(place).unwrap();
                    let differs = column.ends_with("at") || column == "jobs.id";
                    let kind = Value::Text(value.data_type().to_string());
                    (column.clone(), if differs { kind } else { value })
                });
                rows.push(cells.collect());
            }
        }
        rows
    }

    #[test]
    fn a_job_leaves_the_rows_that_the_engine_leaves() {
        let (ours, bare) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let jobs = Jobs {
            keeping: Keeping::Normal,
            handover: Handover::OneByOne,
            cautious: false,
        };
        jobs.run(Load::new(2, 1), ours.path()).unwrap();

        let database = create_database(bare.path()).unwrap();
        let connection = open(&database, "NORMAL").unwrap();
        let mut writer = RowWriter::new(&connection).unwrap();
        for job in [1, 2] {
            for step in [Step::Begun, Step::Ended] {
                writer.apply(Change::now(job, step).unwrap()).unwrap();
            }
        }
        drop(writer);
        assert_eq!(count_ended(&connection).unwrap(), 2);
        assert_eq!(rows(&database), rows(&ours.path().join("toolroom.db")));
    }
}
