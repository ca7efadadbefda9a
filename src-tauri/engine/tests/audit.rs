//! What the audit trail says of what was asked of an engine, and that it is whole whenever anybody
//! looks.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::{path::Path, sync::atomic::AtomicBool, sync::atomic::Ordering};

use serde_json::json;
use support::{Engine, close, config, limits};
use toolroom_engine::{
    AuditApi, AuditNote, AuditReader, AuditRotation, EngineConfig, JobApi, StoreOptions,
};
use toolroom_shared::{
    AuditDecision, AuditOperation as O, AuditQuery, AuditRecord, Caller, ErrorCode, JobId,
    JobStatus, JobsQuery, QueuePosition, StartOptions, TransitionKind,
};

/// The newest entries, oldest first.
async fn trail(engine: &Engine) -> Vec<AuditRecord> {
    // What was asked is stored; a note is, once something after it is.
    let page = engine
        .api
        .audit_page(Caller::Window, AuditQuery::default())
        .await;
    let mut entries = page.unwrap().entries;
    entries.reverse();
    entries
}

fn reader(folder: &Path) -> AuditReader {
    AuditReader::open(folder).unwrap().unwrap()
}

fn assert_whole(folder: &Path) -> u64 {
    let report = reader(folder).verify(&mut |_, _| ()).unwrap();
    assert_eq!(report.fault, None);
    report.checked
}

/// What the entries about a job say: what, who, and where it stood.
fn about<'t>(trail: &'t [AuditRecord], job: &JobId) -> Vec<(O, &'t str, Option<JobStatus>)> {
    trail
        .iter()
        .filter(|entry| entry.job_id.as_ref() == Some(job))
        .map(|entry| (entry.operation, entry.caller.as_str(), entry.status))
        .collect()
}

#[tokio::test]
async fn everything_that_is_asked_of_a_job_is_told_with_its_caller_and_reads_are_not() {
    use JobStatus as S;
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(EngineConfig {
        limits: limits(2, 1_000),
        ..config(folder.path())
    })
    .await;
    let api = engine.api.clone();
    let listener = engine.try_start("listen", json!({})).await.unwrap();
    let held = engine.count(1).await;
    engine.until(&held, TransitionKind::Started).await;
    let waiting = api
        .start(Caller::Window, "count", json!({}), StartOptions::default())
        .await
        .unwrap()
        .job_id;
    let word = json!({ "kind": "word", "word": "w" });
    api.send(Caller::Terminal, &listener, word).await.unwrap();
    api.pause(Caller::Window, &waiting).await.unwrap();
    api.resume(Caller::Terminal, &waiting).await.unwrap();
    let first = QueuePosition::First;
    api.reorder(Caller::Window, &waiting, first).await.unwrap();
    api.cancel(Caller::Terminal, &waiting).await.unwrap();
    // Once more changes nothing.
    api.cancel(Caller::Window, &waiting).await.unwrap();
    let again = api.retry(Caller::Window, &waiting).await.unwrap().job_id;
    let all = JobsQuery::default();
    assert_eq!(api.cancel_all(Caller::Window, all).await.unwrap(), 3);
    for job_id in [&listener, &held, &again] {
        engine.ended(job_id).await;
        engine.get(job_id).await;
    }
    let trail = trail(&engine).await;
    assert_eq!(
        about(&trail, &waiting),
        [
            (O::Start, "window", Some(S::Queued)),
            (O::Pause, "window", Some(S::Queued)),
            (O::Resume, "terminal", Some(S::Queued)),
            (O::Reorder, "window", Some(S::Queued)),
            (O::Cancel, "terminal", Some(S::Canceled)),
            (O::End, "terminal", Some(S::Canceled)),
        ]
    );
    assert_eq!(
        about(&trail, &again),
        [
            (O::Retry, "window", Some(S::Queued)),
            (O::Cancel, "window", Some(S::Canceled)),
            (O::End, "window", Some(S::Canceled)),
        ]
    );
    assert_eq!(
        about(&trail, &listener),
        [
            (O::Start, "app", Some(S::Queued)),
            (O::Send, "terminal", Some(S::Running)),
            (O::Cancel, "window", Some(S::Running)),
            (O::End, "app", Some(S::Canceled)),
        ]
    );
    assert!(trail.iter().all(|entry| entry.operation != O::Read));
    close(engine).await;
    assert_eq!(assert_whole(folder.path()), trail.len() as u64);
}

#[tokio::test]
async fn an_end_that_is_a_failure_is_told_with_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let input = json!({ "to": 1, "fails": 9 });
    let options = StartOptions {
        max_attempts: Some(1),
        ..StartOptions::default()
    };
    let job_id = engine.start_with("count", input, options).await.unwrap();
    engine.permit(1);
    let error = engine.ended(&job_id).await.error.unwrap();
    let end = trail(&engine).await.pop().unwrap();
    assert_eq!(end.status, Some(JobStatus::Failed));
    assert_eq!(end.code, Some(error.code));
}

#[tokio::test]
async fn a_start_that_is_joined_to_a_job_is_told_beside_the_one_that_made_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let start = async |caller| {
        let options = StartOptions {
            idempotency_key: Some("key".into()),
            ..StartOptions::default()
        };
        let started = engine.api.start(caller, "count", json!({}), options).await;
        started.unwrap().job_id
    };
    let job_id = start(Caller::Window).await;
    engine.ended(&job_id).await;
    assert_eq!(start(Caller::Window).await, job_id);
    engine.count(0).await;
    let trail = trail(&engine).await;
    let starts: Vec<_> = trail
        .iter()
        .filter(|entry| entry.operation == O::Start && entry.job_id.as_ref() == Some(&job_id))
        .map(|entry| (entry.input_digest.is_some(), entry.subject.is_some()))
        .collect();
    assert_eq!(starts, [(true, false), (false, true)]);
}

#[tokio::test]
async fn the_trail_is_shown_to_people_alone_and_a_refusal_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let refused = engine.api.verify_audit(Caller::App).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    let note = AuditNote::new(Caller::Terminal, O::Secret, AuditDecision::Allowed);
    engine.api.audit_log().note(note.subject("TOKEN"));
    let job_id = engine.count(0).await;
    engine.ended(&job_id).await;
    let report = engine.api.verify_audit(Caller::Terminal).await.unwrap();
    assert_eq!((report.fault, report.checked), (None, 5));
    let trail = trail(&engine).await;
    let told: Vec<_> = trail
        .iter()
        .map(|entry| (entry.operation, entry.decision, entry.subject.as_deref()))
        .collect();
    use AuditDecision::{Allowed, Refused};
    assert_eq!(
        told[1..3],
        [
            (O::Read, Refused, Some("the audit trail")),
            (O::Secret, Allowed, Some("TOKEN"))
        ]
    );
    assert_eq!(trail[1].code, Some(ErrorCode::PermissionDenied));
    let in_memory = Engine::in_memory(1, 1).await;
    let nothing = in_memory.api.verify_audit(Caller::Window).await;
    assert_eq!(nothing.unwrap_err().code, ErrorCode::WrongState);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_while_the_engine_writes_and_moves_entries_into_files_sees_a_whole_trail() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits = limits(8, 1_000);
    config.history.as_mut().unwrap().options = StoreOptions {
        audit: AuditRotation {
            max_entries: 50,
            file_entries: 20,
        },
        ..StoreOptions::default()
    };
    let engine = Engine::open(config).await;
    let (done, path) = (AtomicBool::new(false), folder.path());
    let looks = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut looks = Vec::new();
            while !done.load(Ordering::Relaxed) {
                looks.push(assert_whole(path));
            }
            looks
        });
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                for _ in 0..200 {
                    let job_id = engine.count(0).await;
                    engine.ended(&job_id).await;
                }
            });
        });
        done.store(true, Ordering::Relaxed);
        looking.join().unwrap()
    });
    assert!(looks.is_sorted() && looks.len() > 1, "{looks:?}");
    close(engine).await;
    assert_eq!(assert_whole(folder.path()), 401);
    assert!(folder.path().join("audit/000010.jsonl").exists());
}
