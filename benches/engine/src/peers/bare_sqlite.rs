//! SQLite alone: the same rows as the engine writes, and nothing of the engine around them.
//!
//! A job is two changes, accepted and begun, and ended, and its caller waits until each is kept.
//! With one commit for each change there is one caller and nobody in between; with group commit all
//! hand over to one writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use rusqlite::Connection;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::group_commit::{self, Inbox, LARGEST_GROUP};
use super::row_writer::{self, Change, RowWriter, Step};
use crate::contender::Contender;
use crate::latency::Percentiles;
use crate::load::{Load, Outcome};

/// When changes are committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Each by itself.
    EachChange,
    /// All that have come together.
    Groups,
}

/// SQLite's `synchronous`, over a write-ahead log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// A commit survives the program's end; the power's end may take the last ones.
    Normal,
    /// A commit survives the power's end too.
    Full,
}

impl Synchronous {
    const fn name(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Full => "FULL",
        }
    }
}

/// Jobs as rows.
#[derive(Debug)]
pub struct BareSqlite {
    /// When changes are committed.
    pub commit: Commit,
    /// What a commit waits for.
    pub synchronous: Synchronous,
}

impl Contender for BareSqlite {
    fn who(&self) -> String {
        let commit = match self.commit {
            Commit::EachChange => "a commit each change",
            Commit::Groups => "group commit",
        };
        format!("SQLite, {commit}, {}", self.synchronous.name())
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let database = row_writer::create_database(folder)?;
        self.run_on(&database, load)
    }
}

/// How long the callers waited, job by job.
struct Times {
    accepted: Vec<Duration>,
    ended: Vec<Duration>,
}

impl Times {
    fn with_room_for(jobs: usize) -> Self {
        Self {
            accepted: Vec::with_capacity(jobs),
            ended: Vec::with_capacity(jobs),
        }
    }
}

impl BareSqlite {
    /// Does the load on a database that has the schema already.
    fn run_on(&self, database: &Path, load: Load) -> Result<Outcome> {
        let connection = row_writer::open(database, self.synchronous.name())?;
        let mut notes = settings(&connection)?;
        let (elapsed, times) = match self.commit {
            Commit::EachChange => each_change(&connection, load)?,
            Commit::Groups => in_groups(connection, load, &mut notes)?,
        };
        let ended = row_writer::count_ended(&Connection::open(database)?)?;
        ensure!(
            ended == load.jobs,
            "{ended} of {} jobs are there",
            load.jobs
        );
        Ok(Outcome {
            elapsed,
            accepted: Percentiles::of(times.accepted),
            ended: Percentiles::of(times.ended),
            notes,
            ..Outcome::default()
        })
    }
}

/// Settings as SQLite tells them itself: a pragma that it doesn't like is dropped in silence.
fn settings(connection: &Connection) -> Result<Vec<String>> {
    let journal: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    Ok(vec![
        format!("SQLite {}", rusqlite::version()),
        format!("journal_mode={journal}, synchronous={synchronous}"),
        "words are stored and not indexed".to_owned(),
    ])
}

/// The one caller is this thread: it does its own commits, and nobody is in between.
fn each_change(connection: &Connection, load: Load) -> Result<(Duration, Times)> {
    ensure!(
        load.callers == 1,
        "a connection without a writer is for one caller"
    );
    let mut rows = RowWriter::new(connection)?;
    let mut times = Times::with_room_for(load.jobs);
    let begin = Instant::now();
    for job in (1..).take(load.jobs) {
        let handed_over = Instant::now();
        for step in [Step::Begun, Step::Ended] {
            rows.begin()?;
            rows.apply(Change::now(job, step)?)?;
            rows.commit()?;
            if step == Step::Begun {
                times.accepted.push(handed_over.elapsed());
            }
        }
        times.ended.push(handed_over.elapsed());
    }
    Ok((begin.elapsed(), times))
}

/// The callers are tasks over one writer thread.
///
/// Callers as threads were tried too: about as fast up to 8 callers, and a third slower from 64 on.
fn in_groups(
    connection: Connection,
    load: Load,
    notes: &mut Vec<String>,
) -> Result<(Duration, Times)> {
    let (inbox, writer) = group_commit::start(connection)?;
    let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
    // The inbox goes with the callers: when they have ended, so does the writer.
    let outcome = runtime.block_on(all_callers(inbox, load));
    let written = writer
        .join()
        .map_err(|_| anyhow!("the writer panicked"))??;
    notes.push(format!(
        "{:.1} changes a commit, {LARGEST_GROUP} at most",
        written.changes as f64 / written.groups.max(1) as f64
    ));
    notes.push("callers are tasks, the writer is a thread".to_owned());
    outcome
}

async fn all_callers(inbox: Inbox, load: Load) -> Result<(Duration, Times)> {
    let numbers = Arc::new(AtomicI64::new(1));
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for index in 0..load.callers {
        callers.spawn(one_caller(
            inbox.clone(),
            Arc::clone(&numbers),
            load.share(index),
        ));
    }
    drop(inbox);
    let mut times = Times::with_room_for(load.jobs);
    while let Some(caller) = callers.join_next().await {
        let of_caller = caller.context("a caller was lost")??;
        times.accepted.extend(of_caller.accepted);
        times.ended.extend(of_caller.ended);
    }
    Ok((begin.elapsed(), times))
}

async fn one_caller(inbox: Inbox, numbers: Arc<AtomicI64>, jobs: usize) -> Result<Times> {
    let mut times = Times::with_room_for(jobs);
    for _ in 0..jobs {
        let job = numbers.fetch_add(1, Ordering::Relaxed);
        let handed_over = Instant::now();
        inbox.keep(Change::now(job, Step::Begun)?).await?;
        times.accepted.push(handed_over.elapsed());
        inbox.keep(Change::now(job, Step::Ended)?).await?;
        times.ended.push(handed_over.elapsed());
    }
    Ok(times)
}
