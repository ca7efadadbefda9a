//! What goes wrong around an engine: a full disk, a database that others hold or that is damaged, a
//! clock that jumps. It says so clearly, and lives.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use rusqlite::Connection;
use serde_json::json;
use support::{Engine, close, config};
use toolroom_engine::{Clock, EngineConfig, JobApi, JobReader, StoreOptions};
use toolroom_shared::{Caller, ErrorCode, JobStatus, JobsQuery, StartOptions, TransitionKind};

fn impatient(folder: &Path, options: StoreOptions) -> EngineConfig {
    let mut config = config(folder);
    config.history.as_mut().unwrap().options = StoreOptions {
        busy_timeout: Duration::from_millis(20),
        patience: Duration::from_millis(300),
        ..options
    };
    config
}

#[tokio::test]
async fn a_full_disk_refuses_starts_with_a_clear_error_and_the_engine_lives() {
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        max_pages: Some(120),
        ..StoreOptions::default()
    };
    let engine = Engine::open(impatient(folder.path(), options)).await;
    let filling = "word ".repeat(2_000);
    let refused = loop {
        match engine.try_start("count", json!({ "name": filling })).await {
            Ok(job_id) => {
                engine.ended(&job_id).await;
            }
            Err(error) => break error,
        }
    };
    assert_eq!(refused.code, ErrorCode::Storage);
    assert!(refused.retryable);
    assert_eq!(engine.api.gauges().queued, 0);
    assert_eq!(engine.api.gauges().running, 0);
    // What was kept can still be read.
    let page = engine.api.list(Caller::App, JobsQuery::default()).await;
    assert!(page.unwrap().total > 0);
}

#[tokio::test]
async fn a_database_that_is_busy_for_a_while_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = impatient(folder.path(), StoreOptions::default());
    config.history.as_mut().unwrap().options.patience = Duration::from_secs(60);
    let engine = Engine::open(config).await;
    let running = engine.count(1).await;
    let other = Connection::open(folder.path().join("toolroom.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = engine.try_start("count", json!({})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Storage);
    engine.permit(1);
    while engine.api.gauges().running > 0 {
        tokio::task::yield_now().await;
    }
    // Its end is decided, but nobody is told before it is stored.
    assert_eq!(engine.get(&running).await.status, JobStatus::Running);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(engine.ended(&running).await.status, JobStatus::Succeeded);
    let reader = JobReader::open(folder.path()).unwrap().unwrap();
    assert_eq!(reader.get(&running).unwrap().status, JobStatus::Succeeded);
}

#[tokio::test]
async fn an_end_that_cannot_be_stored_is_true_for_as_long_as_the_engine_lives() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(impatient(folder.path(), StoreOptions::default())).await;
    let running = engine.count(1).await;
    let waiting = engine.count(1).await;
    let other = Connection::open(folder.path().join("toolroom.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    engine.permit(1);
    assert_eq!(engine.ended(&running).await.status, JobStatus::Succeeded);
    // The next one's start could not be written down: it was not begun.
    let job = engine.ended(&waiting).await;
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.error.unwrap().code, ErrorCode::Storage);
    assert!(
        !engine
            .hand
            .begun
            .lock()
            .unwrap()
            .contains_key(waiting.as_str())
    );
    other.execute_batch("ROLLBACK").unwrap();
    let next = engine.count(0).await;
    assert_eq!(engine.ended(&next).await.status, JobStatus::Succeeded);
}

#[tokio::test]
async fn an_artifact_that_cannot_be_written_fails_its_job_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let artifacts = folder.path().join("artifacts");
    std::fs::remove_dir_all(&artifacts).unwrap();
    std::fs::write(&artifacts, "in the way").unwrap();
    let job_id = engine
        .try_start("count", json!({ "bytes": 600_000 }))
        .await
        .unwrap();
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.error.unwrap().code, ErrorCode::ArtifactNotWritten);
    let other = engine.count(0).await;
    assert_eq!(engine.ended(&other).await.status, JobStatus::Succeeded);
}

#[tokio::test]
async fn a_clock_that_jumps_lets_no_retry_wait_longer_than_its_policy_says() {
    let folder = tempfile::tempdir().unwrap();
    let time = Arc::new(AtomicI64::new(1_800_000_000_000));
    let at = || EngineConfig {
        clock: Clock::set_by(time.clone()),
        ..config(folder.path())
    };
    let mut engine = Engine::open(at()).await;
    let job_id = engine
        .try_start("count", json!({ "fails": 1 }))
        .await
        .unwrap();
    engine.until(&job_id, TransitionKind::RetryScheduled).await;
    close(engine).await;
    // Ten years back: by the clock the retry is due in ten years and a second.
    time.fetch_sub(315_360_000_000, Ordering::Relaxed);
    tokio::time::pause();
    let engine = Engine::open(at()).await;
    tokio::time::advance(Duration::from_secs(121)).await;
    tokio::time::resume();
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Succeeded);
    // And far ahead: what ends then has ended then, and nothing breaks.
    time.fetch_add(1_000_000_000_000, Ordering::Relaxed);
    let later = engine.count(0).await;
    assert!(engine.ended(&later).await.finished_at.unwrap() > job.finished_at.unwrap());
}

#[tokio::test]
async fn a_history_that_is_damaged_is_set_aside_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toolroom.db");
    std::fs::write(&file, vec![7u8; 20_000]).unwrap();
    let hand = support::Hand::default();
    let opened =
        toolroom_engine::JobManager::open(support::registry(&hand), config(folder.path())).unwrap();
    let set_aside = opened.set_aside.unwrap();
    assert_eq!(std::fs::read(&set_aside).unwrap(), vec![7u8; 20_000]);
    let options = StartOptions::default();
    let started = opened
        .manager
        .start(Caller::App, "count", json!({}), options)
        .await;
    let job_id = started.unwrap().job_id;
    let job = opened.manager.wait(Caller::App, &job_id).await.unwrap();
    assert_eq!(job.status, JobStatus::Succeeded);
}
