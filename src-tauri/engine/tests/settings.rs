//! What a person sets is in force at once, and for the next engine too.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::Engine;
use toolroom_engine::{
    AuditApi, EngineConfig, HealthApi, HealthConfig, HistoryConfig, LocalSettings, SettingsApi,
};
use toolroom_shared::{
    AuditOperation, AuditQuery, Caller, ErrorCode, JobStatus, TransitionKind, WarningCode,
};

struct Set {
    engine: Engine,
    settings: LocalSettings,
}

impl Set {
    async fn open(folder: &Path) -> Self {
        let settings = LocalSettings::open(folder).unwrap();
        let config = EngineConfig {
            history: Some(HistoryConfig::new(folder)),
            health: Some(HealthConfig::default()),
            settings: Some(settings.clone()),
            ..EngineConfig::default()
        };
        Self {
            engine: Engine::open(config).await,
            settings,
        }
    }

    async fn change(&self, change: Value) {
        let changed = self.settings.change_settings(Caller::Window, change);
        changed.await.unwrap();
    }

    fn statuses(&self) -> (usize, usize) {
        let gauges = self.engine.api.gauges();
        (gauges.running, gauges.queued)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_jobs_at_a_time_let_a_waiting_one_begin_at_once_and_fewer_stop_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut set = Set::open(folder.path()).await;
    set.change(json!({"limits": {"jobs_at_a_time": 1}})).await;
    let first = set.engine.count(1).await;
    let second = set.engine.count(1).await;
    let third = set.engine.count(1).await;
    assert_eq!(set.statuses(), (1, 2));
    // The place is taken when the change returns.
    set.change(json!({"limits": {"jobs_at_a_time": 2}})).await;
    assert_eq!(set.statuses().0, 2);
    set.engine.until(&second, TransitionKind::Started).await;
    set.change(json!({"limits": {"jobs_at_a_time": 1}})).await;
    assert_eq!(set.statuses(), (2, 1));
    set.engine.permit(1);
    // One of the two has ended, and the third still waits: one runs, which is what may run.
    let ended = loop {
        let event = set.engine.next().await;
        if event.job.status.is_terminal() {
            break event.job.job_id;
        }
    };
    assert!([&first, &second].contains(&&ended));
    assert_eq!(set.statuses(), (1, 1));
    set.engine.permit(2);
    for job in [&first, &second, &third] {
        assert_eq!(set.engine.ended(job).await.status, JobStatus::Succeeded);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_one_tool_and_of_the_queue_hold_from_then_on_and_for_the_next_engine() {
    let folder = tempfile::tempdir().unwrap();
    let set = Set::open(folder.path()).await;
    let limits = json!({"jobs_at_a_time": 4, "jobs_of_one_tool": 1, "queue_depth": 1});
    set.change(json!({ "limits": limits })).await;
    set.engine.count(1).await;
    set.engine.count(1).await;
    assert_eq!(set.statuses(), (1, 1));
    let refused = set.engine.try_start("count", json!({ "to": 1 })).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::QueueFull);
    set.change(json!({"limits": {"jobs_of_one_tool": null}}))
        .await;
    assert_eq!(set.statuses(), (2, 0));
    set.engine.permit(2);
    support::close(set.engine).await;

    let set = Set::open(folder.path()).await;
    for _ in 0..4 {
        set.engine.count(1).await;
    }
    set.engine.count(1).await;
    let refused = set.engine.try_start("count", json!({ "to": 1 })).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::QueueFull);
    set.engine.permit(5);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_judged_by_what_was_set_and_the_trail_knows_who_set_it() {
    let folder = tempfile::tempdir().unwrap();
    let set = Set::open(folder.path()).await;
    let mut seen = set.engine.api.health().watch_health(Caller::Window);
    let seen_well = seen.wait_for(|seen| !seen.at.is_empty()).await;
    assert_eq!(seen_well.unwrap().warnings, []);
    // No disk of a test has this much left.
    set.change(json!({"limits": {"warn_disk_mib": 1_048_576}}))
        .await;
    if cfg!(unix) {
        seen_of(&mut seen, WarningCode::LowDisk).await;
    }
    let query = AuditQuery::default();
    let page = set.engine.api.audit_page(Caller::Window, query).await;
    let entries = page.unwrap().entries;
    assert_eq!(entries[0].operation, AuditOperation::Setting);
    assert_eq!(entries[0].caller, "window");
    let subject = entries[0].subject.as_deref();
    assert_eq!(subject, Some("limits.warn_disk_mib: 1048576"));
}

async fn seen_of(
    seen: &mut tokio::sync::watch::Receiver<std::sync::Arc<toolroom_shared::HealthSnapshot>>,
    code: WarningCode,
) {
    let has = |seen: &std::sync::Arc<toolroom_shared::HealthSnapshot>| {
        seen.warnings.iter().any(|warning| warning.code == code)
    };
    drop(seen.wait_for(has).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn keeping_fewer_jobs_removes_the_oldest_without_another_job() {
    let folder = tempfile::tempdir().unwrap();
    let set = Set::open(folder.path()).await;
    let mut jobs = Vec::new();
    for _ in 0..120 {
        jobs.push(set.engine.count(0).await);
    }
    for job in &jobs {
        set.engine.ended(job).await;
    }
    set.change(json!({"storage": {"keep_jobs": 100}})).await;
    use toolroom_engine::JobApi;
    while set.engine.api.get(Caller::App, &jobs[0]).await.is_ok() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await; // sleep: nobody tells of it
    }
    assert!(set.engine.api.get(Caller::App, &jobs[119]).await.is_ok());
}
