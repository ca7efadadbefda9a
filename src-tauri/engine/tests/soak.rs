//! Services are killed at random while jobs run: all come back, every job that was acknowledged is
//! there and ended once, and memory, threads and descriptors stay flat.
//!
//! Seconds as a rule; ten minutes with `cargo xtask test --all`. By itself, since a failpoint holds
//! for its whole process.

#![cfg(target_os = "linux")] // what a process holds is read from /proc
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::json;
use support::{Engine, close, config, limits};
use toolroom_engine::{
    EngineConfig, HealthApi, HealthConfig, HistoryConfig, JobReader, Retention, StoreOptions,
};
use toolroom_shared::{Caller, JobId, JobStatus, ServiceState};

/// How many jobs the history keeps: a soak must not grow for the sake of it.
const JOBS_KEPT: u64 = 2_000;
/// How many of the last are looked for in the end, all of them in a short soak.
const JOBS_CHECKED: usize = 1_500;
/// The services that are killed by name; the writer falls by a failpoint.
const KILLED: [&str; 4] = ["progress-sampler", "retry-timer", "outside-notes", "health"];

/// What the process holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    seconds: f64,
    memory: f64,
    threads: f64,
    files: f64,
}

fn held(begun: Instant) -> Held {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| -> f64 {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    Held {
        seconds: begun.elapsed().as_secs_f64(),
        memory: field("VmRSS:") * 1024.0,
        threads: field("Threads:"),
        files: fs::read_dir("/proc/self/fd").unwrap().count() as f64,
    }
}

/// How much `of` grows by from the beginning to the end of these samples, by the line that fits
/// them best.
fn growth(samples: &[Held], of: impl Fn(&Held) -> f64) -> f64 {
    let count = samples.len() as f64;
    let mean = |of: &dyn Fn(&Held) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(&|held| held.seconds), mean(&|held| of(held)));
    let (mut above, mut below) = (0.0, f64::MIN_POSITIVE);
    for held in samples {
        above += (held.seconds - x) * (of(held) - y);
        below += (held.seconds - x).powi(2);
    }
    let length = samples.last().unwrap().seconds - samples[0].seconds;
    above / below * length
}

async fn soak(long: Duration) {
    let scenario = fail::FailScenario::setup();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig {
        limits: limits(4, 10_000),
        health: Some(HealthConfig {
            every: Duration::from_millis(100),
            ..HealthConfig::default()
        }),
        history: Some(HistoryConfig {
            options: StoreOptions {
                retention: Retention {
                    max_jobs: JOBS_KEPT,
                    ..Retention::default()
                },
                ..StoreOptions::default()
            },
            ..HistoryConfig::new(folder.path())
        }),
        ..config(folder.path())
    })
    .await;
    let mut chance = fastrand::Rng::with_seed(7);
    let (begun, mut samples, mut last, mut killed) = (Instant::now(), Vec::new(), Vec::new(), 0u32);
    while begun.elapsed() < long {
        // One of five is the writer, in the middle of a batch or right after it.
        match KILLED.get(chance.usize(0..KILLED.len() + 1)) {
            Some(name) => assert!(engine.api.services().kill(name)),
            None => {
                let point = if chance.bool() {
                    "commit-begins"
                } else {
                    "commit-ends"
                };
                fail::cfg(point, "1*panic->off").unwrap();
            }
        }
        killed += 1;
        let mut batch: Vec<JobId> = Vec::new();
        for number in 0..chance.u32(1..40) {
            let input = json!({ "name": format!("{killed}-{number}") });
            batch.push(engine.try_start("count", input).await.unwrap());
        }
        for job_id in &batch {
            let job = engine.ended(job_id).await;
            assert_eq!(job.status, JobStatus::Succeeded, "{job_id}");
        }
        last.extend(batch);
        let surplus = last.len().saturating_sub(JOBS_CHECKED);
        last.drain(..surplus);
        samples.push(held(begun));
    }
    scenario.teardown();

    // All come back.
    let mut seen = engine.api.health().watch_health(Caller::App);
    let all_run = seen.wait_for(|seen| {
        let up = |state| state == ServiceState::Running;
        seen.services.len() == KILLED.len() + 1 && seen.services.iter().all(|one| up(one.state))
    });
    let services = all_run.await.unwrap().services.clone();
    for service in &services {
        assert!(service.restarts > 0, "{service:?} was never killed");
    }
    // Those that were acknowledged are on disk, whole, before the engine is closed.
    let reader = JobReader::open(folder.path()).unwrap().unwrap();
    for job_id in &last {
        assert_eq!(reader.get(job_id).unwrap().status, JobStatus::Succeeded);
        let revisions: Vec<_> = reader
            .transitions(job_id)
            .unwrap()
            .into_iter()
            .map(|transition| transition.revision)
            .collect();
        assert!(revisions.is_sorted_by(|before, after| before < after));
    }
    close(engine).await;

    // Flat: the second half, since caches fill and the history grows to its bound in the first.
    let second = &samples[samples.len() / 2..];
    let (memory, threads, files) = (
        growth(second, |held| held.memory),
        growth(second, |held| held.threads),
        growth(second, |held| held.files),
    );
    println!("{killed} kills; grown by {memory:.0} bytes, {threads:.2} threads, {files:.2} files");
    assert!(memory < 24.0 * 1024.0 * 1024.0, "{memory} bytes more");
    assert!(threads < 8.0, "{threads} threads more");
    assert!(files < 8.0, "{files} files more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_that_are_killed_at_random_come_back_and_nothing_is_lost_or_left() {
    let long = std::env::var_os("TOOLROOM_TEST_ALL").is_some();
    soak(Duration::from_secs(if long { 600 } else { 8 })).await;
}
