//! The tables, and the steps from each version of them to the next.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::error::{StoreError, StoreErrorKind};

/// What turns a file of version `n` into one of version `n + 1`. A step that was released is never
/// changed.
const STEPS: [&str; 4] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4];

/// The version that this program reads and writes.
pub(super) const VERSION: usize = STEPS.len();

/// Every table that holds rows of its own, with what orders it, and since which version.
pub(super) const TABLES: [(&str, &str, usize); 9] = [
    ("meta", "key", 1),
    ("jobs", "seq", 1),
    ("inputs", "seq", 1),
    ("outputs", "seq", 1),
    ("checkpoints", "seq", 1),
    ("transitions", "seq", 1),
    ("log_lines", "seq", 1),
    ("unindexed", "seq", 1),
    ("audit", "first", 2),
];

/// Rows of `jobs` are updated while a job lives; `ended` is apart from `status` so that no index
/// but the one on `status` is touched by a change that doesn't end a job.
///
/// `search` holds no text, only which words lead to which job, with the job's tool and status as
/// words that nobody can type (see `search_index`). Words wait in `unindexed` until the writer has
/// time. The tokenizer cuts at spaces alone, since `search` cuts and lower-cases. The prefix
/// indexes are for the first letters that are typed, which would otherwise lead to every word.
const VERSION_1: &str = "
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE jobs(
    seq INTEGER PRIMARY KEY,
    status INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    log_lines INTEGER NOT NULL,
    stage TEXT,
    message TEXT,
    report_percent INTEGER,
    done INTEGER,
    total INTEGER,
    unit TEXT,
    rate REAL,
    output_bytes INTEGER,
    error TEXT,
    next_attempt_at INTEGER,
    started_at INTEGER,
    finished_at INTEGER,
    ended INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    tool TEXT NOT NULL,
    caller INTEGER NOT NULL,
    idempotency_key TEXT,
    timeout_seconds INTEGER,
    max_attempts INTEGER,
    retry_of BLOB,
    created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX jobs_by_key ON jobs(caller, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_unfinished ON jobs(tool) WHERE ended = 0;
CREATE INDEX jobs_finished ON jobs(status) WHERE ended = 1;
CREATE INDEX jobs_finished_by_tool ON jobs(tool, status) WHERE ended = 1;
CREATE INDEX jobs_with_artifact ON jobs(output_bytes) WHERE output_bytes IS NOT NULL;
CREATE TABLE inputs(seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE outputs(seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE checkpoints(seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE transitions(
    seq INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    status INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    caller INTEGER NOT NULL,
    cause TEXT,
    PRIMARY KEY(seq, revision)
) WITHOUT ROWID;
CREATE TABLE log_lines(
    seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY(seq, number)
) WITHOUT ROWID;
CREATE TABLE unindexed(seq INTEGER PRIMARY KEY, words TEXT NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(
    words, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='1 2 3'
);
";

/// The audit trail. Its rows are never changed, and leave only once they stand in a file: the
/// file itself refuses anything else, so that a mistake can't do it.
const VERSION_2: &str = "
CREATE TABLE audit(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, page BLOB NOT NULL);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is never changed');
END;
CREATE TRIGGER audit_leaves_only_into_files BEFORE DELETE ON audit
WHEN old.last > coalesce((SELECT value FROM meta WHERE key = 'audit_moved_to'), 0) BEGIN
    SELECT RAISE(ABORT, 'the audit trail is never removed');
END;
";

/// Callers have names, and each its own idempotency keys. The jobs of persons and of the app, which are
/// most, are in no index by caller.
const VERSION_3: &str = "
ALTER TABLE jobs ADD COLUMN caller_name TEXT NOT NULL DEFAULT '';
ALTER TABLE transitions ADD COLUMN caller_name TEXT NOT NULL DEFAULT '';
DROP INDEX jobs_by_key;
CREATE UNIQUE INDEX jobs_by_key ON jobs(caller, caller_name, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_of_caller ON jobs(caller, caller_name) WHERE caller > 2;
";

/// How long jobs took, by tool and status, and who started them: all that a list needs that is ordered
/// by the one or shows only the other's.
const VERSION_4: &str = "
CREATE INDEX jobs_by_took
    ON jobs(tool, status, coalesce(finished_at - started_at, -1), seq, caller, caller_name)
    WHERE ended = 1;
";

/// The version of the tables in a file; 0 if it has none.
pub(super) fn version(connection: &Connection) -> Result<usize, StoreError> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(version as usize)
}

/// Refuses a file that a later Toolroom has written.
pub(super) fn refuse_newer(version: usize) -> Result<(), StoreError> {
    if version <= VERSION {
        return Ok(());
    }
    Err(StoreError::new(
        StoreErrorKind::Other,
        format!(
            "The history was written by a newer Toolroom (its format is {version}, this program \
             knows up to {VERSION}). Nothing in it was changed. Use the newer Toolroom."
        ),
    ))
}

/// Brings the tables to this program's version, each step whole or not at all.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    loop {
        let version = version(connection)?;
        refuse_newer(version)?;
        let Some(step) = STEPS.get(version) else {
            return Ok(());
        };
        let step_taken = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step_taken.execute_batch(step)?;
        step_taken.pragma_update(None, "user_version", (version + 1) as i64)?;
        step_taken.commit()?;
    }
}

/// Counts this opening of the file.
pub(super) fn count_opening(connection: &Connection) -> Result<u64, StoreError> {
    let opens: u32 = connection.query_row(
        "INSERT INTO meta(key, value) VALUES('opens', 1)
         ON CONFLICT(key) DO UPDATE SET value = value + 1 RETURNING value",
        [],
        |row| row.get(0),
    )?;
    Ok(u64::from(opens))
}

/// The number that the next job is given.
///
/// The highest number ever, not the highest that is left: a number that retention removed isn't
/// given again, or a reader that remembers it would be told of another job.
pub(super) fn next_seq(connection: &Connection) -> Result<u64, StoreError> {
    let highest: Option<i64> =
        connection.query_row("SELECT max(seq) FROM jobs", [], |row| row.get(0))?;
    let removed: Option<i64> = connection
        .query_row(
            "SELECT value FROM meta WHERE key = 'highest_removed'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let next = highest.max(removed).unwrap_or(0).saturating_add(1);
    u64::try_from(next).map_err(|_| StoreError::corrupt("a job's number is negative"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_has_every_table_and_a_second_migration_does_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), VERSION);
        for (table, order, _) in TABLES {
            let sql = format!("SELECT count({order}) FROM {table}");
            let rows: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 0, "{table}");
        }
    }

    #[test]
    fn openings_are_counted() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        for expected in 1..4 {
            assert_eq!(count_opening(&connection).unwrap(), expected);
        }
    }
}
