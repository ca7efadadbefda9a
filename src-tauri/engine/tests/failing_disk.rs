//! A disk that fails for a while. By itself, since a failpoint holds for its whole process.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::time::Duration;

use serde_json::json;
use support::{Engine, limits};
use toolroom_engine::{EngineConfig, HistoryConfig, JobReader, StoreOptions};
use toolroom_shared::{ErrorCode, JobStatus};

#[tokio::test]
async fn a_disk_that_fails_refuses_starts_and_what_ran_is_stored_once_it_answers_again() {
    let scenario = fail::FailScenario::setup();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig {
        limits: limits(1, 10),
        history: Some(HistoryConfig {
            options: StoreOptions {
                patience: Duration::from_secs(60),
                ..StoreOptions::default()
            },
            ..HistoryConfig::new(folder.path())
        }),
        ..EngineConfig::default()
    })
    .await;
    let running = engine.count(1).await;
    fail::cfg("disk-fails", "return").unwrap();
    let refused = engine.try_start("count", json!({})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Storage);
    engine.permit(1);
    while engine.api.gauges().running > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(engine.get(&running).await.status, JobStatus::Running);
    scenario.teardown();
    assert_eq!(engine.ended(&running).await.status, JobStatus::Succeeded);
    let reader = JobReader::open(folder.path()).unwrap().unwrap();
    assert_eq!(reader.get(&running).unwrap().status, JobStatus::Succeeded);
}
