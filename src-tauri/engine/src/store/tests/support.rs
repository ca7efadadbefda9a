//! Jobs to write, and a store that tells a test what was settled.

use std::{
    path::Path,
    sync::{Arc, mpsc},
    time::Duration,
};

use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use time::OffsetDateTime;
use toolroom_shared::{Caller, JobPriority, JobStatus, TransitionKind};
use toolroom_toolkit::WrittenLine;
use uuid::Uuid;

use crate::{
    clock::Timestamp,
    record::{JobOrigin, JobRecord},
    store::{
        Change, History, HistoryEntry, Payload, SearchWords, Settled, Store, StoreError,
        StoreErrorKind, StoreOptions, TransitionChange, handle::Opened,
    },
};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// An open store in a folder of its own.
pub struct Desk {
    pub store: Store<u64>,
    pub opens: u64,
    pub next_seq: u64,
    pub set_aside: Option<std::path::PathBuf>,
    settled: mpsc::Receiver<Vec<Settled<u64>>>,
    folder: Arc<TempDir>,
}

impl Desk {
    pub fn new() -> Self {
        Self::with(StoreOptions::default())
    }

    pub fn with(options: StoreOptions) -> Self {
        Self::at(Arc::new(tempfile::tempdir().unwrap()), options).unwrap()
    }

    pub fn at(folder: Arc<TempDir>, options: StoreOptions) -> Result<Self, StoreError> {
        let (tell, settled) = mpsc::channel();
        let tell = Box::new(move |batch| drop(tell.send(batch)));
        let Opened {
            store,
            set_aside,
            opens,
            next_seq,
        } = Store::open(folder.path(), options, tell)?;
        Ok(Self {
            store,
            opens,
            next_seq,
            set_aside,
            settled,
            folder,
        })
    }

    /// Closes the store and opens its folder again.
    pub fn reopened(self, options: StoreOptions) -> Self {
        Self::at(self.closed(), options).unwrap()
    }

    pub fn closed(self) -> Arc<TempDir> {
        assert!(self.store.close(LONG));
        Arc::clone(&self.folder)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn history(&self) -> History {
        self.store.history()
    }

    /// A connection beside the store's.
    pub fn beside(&self) -> Connection {
        Connection::open(self.path().join("toolroom.db")).unwrap()
    }

    /// What is settled next, as it was told.
    pub fn told(&self) -> Vec<Settled<u64>> {
        self.settled.recv_timeout(LONG).unwrap()
    }

    /// The next settled changes, this many.
    pub fn settled(&self, count: usize) -> Vec<(u64, Result<(), StoreErrorKind>)> {
        let mut all = Vec::new();
        while all.len() < count {
            all.extend(self.told().into_iter().map(|settled| {
                let result = settled.result.map_err(|error| error.kind);
                (settled.ticket, result)
            }));
        }
        assert_eq!(all.len(), count, "{all:?}");
        all
    }

    /// Writes a change and waits for it.
    pub fn write(&self, change: Change) -> Result<(), StoreErrorKind> {
        self.store.write(change, 0).unwrap();
        self.settled(1).remove(0).1
    }

    /// Writes changes and waits until all are safe.
    pub fn write_all(&self, changes: impl IntoIterator<Item = Change>) {
        let mut count = 0;
        for change in changes {
            self.store.write(change, count).unwrap();
            count += 1;
        }
        for (ticket, result) in self.settled(usize::try_from(count).unwrap()) {
            assert_eq!(result, Ok(()), "change {ticket}");
        }
    }

    /// Waits until every ended job is in the index of words.
    pub fn wait_for_index(&self) {
        let beside = self.beside();
        wait_until(|| {
            let rows: i64 = beside
                .query_row("SELECT count(*) FROM unindexed", [], |row| row.get(0))
                .unwrap();
            rows == 0
        });
    }
}

/// Waits, a moment at a time, for something that no call tells of.
pub fn wait_until(mut is_so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LONG, "it never came to be");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// A job that has just been accepted.
pub fn job(seq: u64) -> JobRecord {
    let origin = JobOrigin {
        seq,
        id: Uuid::now_v7(),
        tool: Arc::from("hash-files"),
        caller: Caller::Window,
        idempotency_key: None,
        timeout_seconds: None,
        max_attempts: None,
        retry_of: None,
        created_at: Timestamp(1_000 + i64::try_from(seq).unwrap()),
    };
    let input = json!({ "paths": [format!("/data/{seq}.bin")] });
    JobRecord::accepted(Arc::new(origin), Arc::new(input), JobPriority::Normal, 0)
}

/// The same job with another origin.
pub fn with_origin(mut job: JobRecord, change: impl FnOnce(&mut JobOrigin)) -> JobRecord {
    let mut origin = JobOrigin::clone(&job.origin);
    change(&mut origin);
    job.origin = Arc::new(origin);
    job
}

/// The same job with another input.
pub fn with_input(mut job: JobRecord, input: Value) -> JobRecord {
    job.input = Some(Arc::new(input));
    job
}

/// A job's input as it is stored.
pub fn input_text(job: &JobRecord) -> String {
    job.input.as_ref().unwrap().to_string()
}

pub fn accepted(job: &JobRecord) -> Change {
    let input = input_text(job);
    transition(job, TransitionKind::Queued, Payload::accepted(input))
}

/// The job one revision later, as `edit` leaves it.
pub fn later(job: &JobRecord, edit: impl FnOnce(&mut JobRecord)) -> JobRecord {
    let mut job = job.clone();
    job.revision += 1;
    edit(&mut job);
    job
}

pub fn running(job: &JobRecord) -> JobRecord {
    later(job, |job| {
        job.status = JobStatus::Running;
        job.attempt += 1;
        job.started_at = Some(Timestamp(2_000));
    })
}

pub fn moved(job: &JobRecord) -> Change {
    transition(job, TransitionKind::Moved, Payload::Nothing)
}

/// The job as it ends, and the change that says so.
pub fn ended(job: &JobRecord, status: JobStatus, output: Option<&Value>) -> (JobRecord, Change) {
    let job = later(job, |job| {
        job.status = status;
        job.finished_at = Some(Timestamp(3_000));
    });
    let payload = Payload::Ended {
        output: output.map(Value::to_string),
        words: SearchWords::of_job(&job, output),
    };
    let change = transition(&job, TransitionKind::Succeeded, payload);
    (job, change)
}

/// All changes of a job that succeeds.
pub fn whole_life(job: &JobRecord) -> [Change; 3] {
    let run = running(job);
    let (_, end) = ended(&run, JobStatus::Succeeded, Some(&json!({ "ok": true })));
    [accepted(job), moved(&run), end]
}

pub fn transition(job: &JobRecord, kind: TransitionKind, payload: Payload) -> Change {
    Change::Transition(Box::new(TransitionChange {
        after: Arc::new(job.clone()),
        entry: entry(job, kind),
        next_entry: None,
        asked: None,
        payload,
    }))
}

pub fn entry(job: &JobRecord, kind: TransitionKind) -> HistoryEntry {
    HistoryEntry {
        revision: job.revision,
        kind,
        status: job.status,
        attempt: job.attempt,
        caller: job.origin.caller.clone(),
        cause: "".into(),
        at: Timestamp(5),
    }
}

pub fn log(seq: u64, numbers: std::ops::RangeInclusive<u32>) -> Change {
    let lines = numbers.map(|number| WrittenLine {
        number,
        at: OffsetDateTime::from_unix_timestamp(i64::from(number)).unwrap(),
        text: format!("line {number}"),
    });
    Change::Log {
        seq,
        lines: lines.collect(),
    }
}

/// Takes the steps back that brought a file's tables from `version` to this program's: what an older
/// Toolroom left.
pub fn back_to(folder: &Path, version: usize) {
    let connection = Connection::open(folder.join("toolroom.db")).unwrap();
    for undo in UNDONE.iter().skip(version - 1).rev() {
        connection.execute_batch(undo).unwrap();
    }
    connection
        .pragma_update(None, "user_version", version as i64)
        .unwrap();
}

/// From the second version on.
const UNDONE: [&str; 3] = [
    "DROP TABLE audit; DELETE FROM meta WHERE key LIKE 'audit%';",
    "DROP INDEX jobs_by_key;
     DROP INDEX jobs_of_caller;
     ALTER TABLE jobs DROP COLUMN caller_name;
     ALTER TABLE transitions DROP COLUMN caller_name;
     CREATE UNIQUE INDEX jobs_by_key ON jobs(caller, idempotency_key)
         WHERE idempotency_key IS NOT NULL;",
    "DROP INDEX jobs_by_took;",
];
