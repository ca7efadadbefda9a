//! A writing thread that falls: it comes back, and nothing that was given to it is lost, written
//! twice or left without an answer. By itself, since a failpoint holds for its whole process.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::{path::Path, sync::Mutex, time::Duration};

use proptest::prelude::*;
use serde_json::json;
use support::{Engine, close, config};
use toolroom_engine::{EngineConfig, JobReader};
use toolroom_shared::{ErrorCode, JobId, JobStatus, ServiceHealth, ServiceState};

/// One at a time: what fails, fails for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> std::sync::MutexGuard<'static, ()> {
    ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn writer(engine: &Engine) -> ServiceHealth {
    let services = engine.api.services().list().health();
    services
        .into_iter()
        .find(|service| service.name == "store-writer")
        .unwrap()
}

/// A job on disk: it has succeeded, and each of its changes stands there once and in order.
fn assert_whole(folder: &Path, job_id: &JobId) {
    let reader = JobReader::open(folder).unwrap().unwrap();
    let job = reader.get(job_id).unwrap();
    assert_eq!(job.status, JobStatus::Succeeded, "{job_id}");
    let revisions: Vec<_> = reader
        .transitions(job_id)
        .unwrap()
        .into_iter()
        .map(|transition| transition.revision)
        .collect();
    assert!(
        revisions.is_sorted_by(|before, after| before < after),
        "{revisions:?}"
    );
    assert_eq!(revisions.last(), Some(&job.revision));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn wherever_the_writer_falls_each_change_is_stored_once(
        falls in prop::collection::vec(
            (prop::sample::select(vec!["commit-begins", "commit-ends", "writer-turns"]), 0usize..12),
            1..4,
        ),
        jobs in 1usize..12,
    ) {
        let _alone = alone();
        let scenario = fail::FailScenario::setup();
        let folder = tempfile::tempdir().unwrap();
        runtime().block_on(async {
            let engine = Engine::open(EngineConfig {
                limits: support::limits(4, 1_000),
                ..config(folder.path())
            })
            .await;
            for (point, after) in &falls {
                fail::cfg(*point, &format!("{after}*off->1*panic->off")).unwrap();
            }
            let mut started = Vec::new();
            for _ in 0..jobs {
                started.push(engine.count(0).await);
            }
            for job_id in &started {
                let job = engine.ended(job_id).await;
                assert_eq!(job.status, JobStatus::Succeeded);
                assert_whole(folder.path(), job_id);
            }
            scenario.teardown();
            close(engine).await;
        });
    }
}

#[test]
fn a_writer_that_fell_is_reported_and_runs_again() {
    let _alone = alone();
    let scenario = fail::FailScenario::setup();
    let folder = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let engine = Engine::open(config(folder.path())).await;
        assert_eq!(writer(&engine).restarts, 0);
        fail::cfg("commit-ends", "1*panic->off").unwrap();
        let job_id = engine.count(0).await;
        engine.ended(&job_id).await;
        let told = writer(&engine);
        assert_eq!((told.state, told.restarts), (ServiceState::Running, 1));
        assert!(told.last_error.unwrap().contains("panic"));
        scenario.teardown();
        close(engine).await;
    });
}

#[test]
fn what_makes_it_fall_each_time_is_answered_as_failed_and_the_next_goes_through() {
    let _alone = alone();
    let scenario = fail::FailScenario::setup();
    let folder = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let engine = Engine::open(config(folder.path())).await;
        fail::cfg("commit-begins", "panic").unwrap();
        let refused = engine.try_start("count", json!({})).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Storage);
        scenario.teardown();
        let job_id = engine.count(0).await;
        engine.ended(&job_id).await;
        assert_whole(folder.path(), &job_id);
        close(engine).await;
    });
}

#[test]
fn closing_waits_for_no_rest_and_leaves_nobody_waiting() {
    let _alone = alone();
    let scenario = fail::FailScenario::setup();
    let folder = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let engine = Engine::open(config(folder.path())).await;
        fail::cfg("commit-begins", "panic").unwrap();
        let (api, begun) = (engine.api.clone(), std::time::Instant::now());
        let start = tokio::spawn(async move { engine.try_start("count", json!({})).await });
        while api.gauges().running == 0 {
            tokio::task::yield_now().await;
        }
        let limits = toolroom_engine::ClosingLimits {
            let_run: Duration::ZERO,
            stop: Duration::from_millis(50),
            store: Duration::from_millis(500),
            ..toolroom_engine::ClosingLimits::default()
        };
        api.shut_down(limits).await;
        let refused = start.await.unwrap().unwrap_err();
        assert!(matches!(
            refused.code,
            ErrorCode::Storage | ErrorCode::ShuttingDown
        ));
        assert!(begun.elapsed() < Duration::from_secs(10));
        scenario.teardown();
    });
}
