//! Does one load with apalis over a SQLite file and prints the outcome as JSON.
//!
//! apalis' own settings and pragmas throughout, read back and told in the notes. Its worker learns
//! of new jobs from SQLite's update hook, as its documentation does it for prompt starts, and
//! looks by itself besides: the hook speaks before the commit, so that its word can come too early.
//! What the numbers are compared with is left to `toolroom-bench-engine`, whose modules for
//! outcomes this program shares.

#[path = "../../src/countdown.rs"]
mod countdown;
#[path = "../../src/latency.rs"]
mod latency;
#[path = "../../src/load.rs"]
mod load;
#[path = "../../src/versions.rs"]
mod versions;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use apalis::prelude::{BackendExt, Data, Strategy, TaskSink, WorkerBuilder};
use apalis_sqlite::{SqlitePool, SqliteStorage};
use clap::Parser;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::countdown::Countdown;
use crate::latency::Percentiles;
use crate::load::{Load, Outcome};

/// How long the worker waits for the hook before it looks by itself.
const LOOKS_EVERY: Duration = Duration::from_millis(100);

/// Does one load with apalis over a SQLite file.
#[derive(Debug, Parser)]
struct Arguments {
    /// Jobs over all callers.
    #[arg(long)]
    jobs: usize,
    /// Callers that push jobs at the same time.
    #[arg(long)]
    callers: usize,
    /// An empty folder for the database.
    #[arg(long)]
    folder: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let load = Load::new(arguments.jobs, arguments.callers);
    let database = arguments.folder.join("apalis.db");
    let url = format!(
        "sqlite://{}?mode=rwc",
        database.to_str().context("the folder's name isn't text")?
    );
    let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
    let outcome = runtime.block_on(run(&url, load))?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

async fn run(url: &str, load: Load) -> Result<Outcome> {
    let (pool, hook) = SqliteStorage::connect_with_callback(url)?;
    SqliteStorage::setup(&pool).await?;
    let storage: SqliteStorage<u64> = SqliteStorage::new(&pool);
    let countdown = Arc::new(Countdown::new(load.jobs));
    // The interval first: a strategy that is ready keeps those after it from being asked.
    let strategy = Strategy::new().interval(LOOKS_EVERY).stream(hook);
    let worker = WorkerBuilder::new("worker")
        .backend(storage.clone().poll_with_strategy(strategy))
        .data(Arc::clone(&countdown))
        .build(job);
    let last = Arc::clone(&countdown);
    // joined: below. It stops by itself after the last job, and stores what it has yet to store.
    let worker = tokio::spawn(worker.run_until(async move {
        last.wait().await;
        Ok::<(), std::io::Error>(())
    }));
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for index in 0..load.callers {
        callers.spawn(push(storage.clone(), load.share(index)));
    }
    let mut times = Vec::with_capacity(load.jobs);
    while let Some(caller) = callers.join_next().await {
        times.extend(caller.context("a caller was lost")??);
    }
    let end = countdown.wait().await;
    worker.await.context("the worker was lost")??;
    let notes = notes(&pool).await?;
    let done: i64 = sqlx::query_scalar("SELECT count(*) FROM Jobs WHERE status = 'Done'")
        .fetch_one(&pool)
        .await?;
    ensure!(
        usize::try_from(done)? == load.jobs,
        "{done} of {} jobs are there",
        load.jobs
    );
    pool.close().await;
    Ok(Outcome {
        elapsed: end.duration_since(begin),
        accepted: Percentiles::of(times),
        notes,
        ..Outcome::default()
    })
}

/// One caller: pushes a job, waits until it is stored, and pushes the next.
async fn push(mut storage: SqliteStorage<u64>, jobs: usize) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(jobs);
    for number in 0..jobs {
        let handed_over = Instant::now();
        storage.push(number as u64).await?;
        times.push(handed_over.elapsed());
    }
    Ok(times)
}

async fn job(_number: u64, countdown: Data<Arc<Countdown>>) {
    countdown.ended();
}

/// Versions and settings, of every connection: pragmas hold for the one they were said to.
async fn notes(pool: &SqlitePool) -> Result<Vec<String>> {
    let mut connections = Vec::new();
    for _ in 0..pool.size() {
        connections.push(pool.acquire().await?);
    }
    let mut modes = Vec::new();
    for connection in &mut connections {
        let mode: i64 = sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&mut **connection)
            .await?;
        modes.push(mode);
    }
    drop(connections);
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(pool)
        .await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await?;
    let lock_file = include_str!("../Cargo.lock");
    Ok(vec![
        versions::named(lock_file, "apalis-sqlite"),
        format!("SQLite {version}"),
        format!("journal_mode={journal}"),
        modes_in_words(&modes),
        "callers wait until a job is kept, not for its end".to_owned(),
        // Noting an end searches all jobs that the worker ever had.
        "slower with every job in the file".to_owned(),
    ])
}

/// How many connections have which `synchronous`.
fn modes_in_words(modes: &[i64]) -> String {
    let names = ["OFF", "NORMAL", "FULL", "EXTRA"];
    let counts = names.iter().zip(0_i64..).filter_map(|(name, mode)| {
        let count = modes.iter().filter(|have| **have == mode).count();
        (count > 0).then(|| format!("{name} on {count}"))
    });
    let counts: Vec<String> = counts.collect();
    format!(
        "synchronous={} of {} connections",
        counts.join(" and "),
        modes.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_counted() {
        assert_eq!(
            modes_in_words(&[0, 2, 2]),
            "synchronous=OFF on 1 and FULL on 2 of 3 connections"
        );
    }
}
