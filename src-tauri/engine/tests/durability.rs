//! What is on disk stays: across engines, in the order and with the ends that everyone was told.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use support::{Engine, close, config, limits};
use toolroom_engine::{EngineConfig, JobApi, JobReader, Retention};
use toolroom_shared::{Caller, ErrorCode, JobStatus, JobsQuery, StartOptions, TransitionKind};

#[tokio::test]
async fn what_has_ended_is_found_by_the_next_engine_with_all_that_was_kept_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let job_id = engine
        .try_start("count", json!({ "to": 3, "fails": 1, "name": "Käse" }))
        .await
        .unwrap();
    engine.permit(3);
    let job = engine.ended(&job_id).await;
    assert_eq!((job.status, job.attempt), (JobStatus::Succeeded, 2));
    let transitions = engine.api.transitions(Caller::App, &job_id).await.unwrap();
    let log = engine.api.log(Caller::App, &job_id, 0, 100).await.unwrap();
    assert_eq!(log.lines.len(), 4);
    close(engine).await;

    let reader = JobReader::open(folder.path()).unwrap().unwrap();
    assert_eq!(reader.get(&job_id).unwrap(), job);
    let engine = Engine::open(config(folder.path())).await;
    assert_eq!(engine.get(&job_id).await, job);
    let again = engine.api.transitions(Caller::App, &job_id).await.unwrap();
    assert_eq!(again, transitions);
    let kinds: Vec<_> = transitions.iter().map(|t| t.kind).collect();
    use TransitionKind as K;
    assert_eq!(
        kinds,
        [
            K::Queued,
            K::Started,
            K::RetryScheduled,
            K::Started,
            K::Succeeded
        ]
    );
    let again = engine.api.log(Caller::App, &job_id, 0, 100).await.unwrap();
    assert_eq!(again, log);
    let query = JobsQuery {
        search: Some("käs".into()),
        ..JobsQuery::default()
    };
    let found = engine.api.list(Caller::App, query).await.unwrap();
    assert_eq!(found.jobs[0].job_id, job_id);
}

#[tokio::test]
async fn what_waited_waits_again_and_what_ran_begins_again_only_where_that_is_safe() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig {
        limits: limits(2, 1_000),
        ..config(folder.path())
    })
    .await;
    let careful = engine.count(2).await;
    let mut again = engine
        .try_start("count-again", json!({ "to": 4 }))
        .await
        .unwrap();
    let queued = engine.count(0).await;
    let paused = engine.count(0).await;
    engine.api.pause(Caller::App, &paused).await.unwrap();
    assert_eq!(engine.get(&queued).await.status, JobStatus::Queued);
    close(engine).await;

    let engine = Engine::open(config(folder.path())).await;
    let job = engine.get(&careful).await;
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.error.unwrap().code, ErrorCode::Interrupted);
    assert_eq!(engine.get(&again).await.status, JobStatus::Running);
    engine.permit(4);
    for job_id in [&mut again, &mut queued.clone()] {
        assert_eq!(engine.ended(job_id).await.status, JobStatus::Succeeded);
    }
    let held = engine.get(&paused).await;
    assert_eq!((held.status, held.paused), (JobStatus::Queued, true));
}

#[tokio::test]
async fn work_that_closing_stops_leaves_nothing_in_the_way_of_its_end_in_the_next_engine() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(config(folder.path())).await;
    let input = json!({ "to": 2 });
    let job_id = engine.try_start("count-anew", input).await.unwrap();
    engine.permit(1);
    engine.until_done(&job_id, 1).await;
    close(engine).await;

    let engine = Engine::open(config(folder.path())).await;
    engine.permit(2);
    let job = engine.ended(&job_id).await;
    assert_eq!((job.status, job.attempt), (JobStatus::Succeeded, 2));
    assert_eq!(job.output.as_ref().unwrap()["counted"], 2);
    let reader = JobReader::open(folder.path()).unwrap().unwrap();
    assert_eq!(reader.get(&job_id).unwrap(), job);
}

#[tokio::test]
async fn an_engine_for_one_job_leaves_what_waits_to_one_that_lives_longer() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let running = engine.count(1).await;
    let waiting = engine.count(0).await;
    close(engine).await;

    let mut short = config(folder.path());
    short.history.as_mut().unwrap().run_left_over = false;
    let engine = Engine::open(short).await;
    let own = engine.count(0).await;
    assert_eq!(engine.ended(&own).await.status, JobStatus::Succeeded);
    assert_eq!(engine.get(&waiting).await.status, JobStatus::Queued);
    assert_eq!(engine.get(&running).await.status, JobStatus::Failed);
    close(engine).await;

    let engine = Engine::open(config(folder.path())).await;
    assert_eq!(engine.ended(&waiting).await.status, JobStatus::Succeeded);
}

#[tokio::test]
async fn a_key_stands_for_its_start_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = StartOptions {
        idempotency_key: Some("k".into()),
        ..StartOptions::default()
    };
    let engine = Engine::open(config(folder.path())).await;
    let first = engine
        .start_with("count", json!({ "name": "a" }), options.clone())
        .await
        .unwrap();
    engine.ended(&first).await;
    close(engine).await;
    let engine = Engine::open(config(folder.path())).await;
    let again = engine
        .start_with("count", json!({ "name": "a" }), options.clone())
        .await;
    assert_eq!(again.unwrap(), first);
    let other = engine
        .start_with("count", json!({ "name": "b" }), options)
        .await;
    assert_eq!(other.unwrap_err().code, ErrorCode::IdempotencyConflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_sent_by_many_at_once_is_one_job_however_soon_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Arc::new(Engine::open(config(folder.path())).await);
    let mut all = Vec::new();
    for round in 0..20 {
        let options = StartOptions {
            idempotency_key: Some(format!("round {round}")),
            ..StartOptions::default()
        };
        let starts = (0..16).map(|_| {
            let (engine, options) = (engine.clone(), options.clone());
            tokio::spawn(async move { engine.start_with("count", json!({}), options).await })
        });
        let mut ids = Vec::new();
        for start in starts.collect::<Vec<_>>() {
            ids.push(start.await.unwrap().unwrap());
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        all.extend(ids);
    }
    for job_id in &all {
        engine.ended(job_id).await;
    }
    let begun = engine.hand.begun.lock().unwrap();
    assert!(begun.len() == 20 && begun.values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_checkpoint_is_where_the_next_engine_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(config(folder.path())).await;
    let job_id = engine
        .try_start("count-again", json!({ "to": 5 }))
        .await
        .unwrap();
    engine.permit(3);
    engine.until_done(&job_id, 3).await;
    close(engine).await;
    let engine = Engine::open(config(folder.path())).await;
    // Two are enough if the three are not counted again.
    engine.permit(2);
    assert_eq!(engine.ended(&job_id).await.status, JobStatus::Succeeded);
}

#[tokio::test]
async fn a_large_output_is_a_file_that_is_read_by_page_and_forgotten_with_its_job() {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = || {
        std::fs::read_dir(folder.path().join("artifacts"))
            .unwrap()
            .count()
    };
    let engine = Engine::open(config(folder.path())).await;
    let job_id = engine
        .try_start("count", json!({ "bytes": 600_000 }))
        .await
        .unwrap();
    let job = engine.ended(&job_id).await;
    assert_eq!(job.output, None);
    assert_eq!(artifacts(), 1);
    close(engine).await;

    let mut small = config(folder.path());
    small.history.as_mut().unwrap().options.retention = Retention {
        max_jobs: 1,
        ..Retention::default()
    };
    let engine = Engine::open(small).await;
    let (mut text, mut next) = (String::new(), Some(0));
    while let Some(offset) = next {
        let page = engine.api.read_output(Caller::App, &job_id, offset).await;
        let page = page.unwrap();
        text.push_str(&page.text);
        next = page.next_offset;
    }
    let output: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(output["filling"].as_str().unwrap().len(), 600_000);
    let newer = engine.count(0).await;
    engine.ended(&newer).await;
    // The store forgets when nothing else is to be written.
    while artifacts() > 0 {
        tokio::task::yield_now().await;
    }
    close(engine).await;
    let reader = JobReader::open(folder.path()).unwrap().unwrap();
    assert_eq!(reader.get(&job_id).unwrap_err().code, ErrorCode::UnknownJob);
}

#[tokio::test]
async fn a_list_is_one_whether_its_jobs_are_in_memory_or_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(folder.path())).await;
    let mut expected = Vec::new();
    for index in 0..25 {
        let job_id = engine
            .try_start("count", json!({ "name": format!("n{index}") }))
            .await
            .unwrap();
        engine.ended(&job_id).await;
        expected.push(job_id);
    }
    expected.push(engine.count(1).await);
    for _ in 0..4 {
        expected.push(engine.count(0).await);
    }
    expected.reverse();
    let mut query = JobsQuery {
        limit: Some(7),
        ..JobsQuery::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = engine.api.list(Caller::App, query.clone()).await.unwrap();
        assert_eq!(page.total, 30);
        seen.extend(page.jobs.into_iter().map(|job| job.job_id));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    let count = |statuses: Vec<JobStatus>| {
        let query = JobsQuery {
            statuses: Some(statuses),
            ..JobsQuery::default()
        };
        engine.api.list(Caller::App, query)
    };
    assert_eq!(count(vec![JobStatus::Queued]).await.unwrap().total, 4);
    assert_eq!(count(vec![JobStatus::Succeeded]).await.unwrap().total, 25);
    let both = vec![JobStatus::Running, JobStatus::Succeeded];
    assert_eq!(count(both).await.unwrap().total, 26);
}

#[tokio::test]
async fn numbers_of_events_never_come_twice_with_one_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(config(folder.path())).await;
    let job_id = engine.count(0).await;
    let last = engine.until_end(&job_id).await.pop().unwrap().seq;
    close(engine).await;
    let engine = Engine::open(config(folder.path())).await;
    let back = engine.api.subscribe(Caller::App, Some(last)).await.unwrap();
    assert!(back.last_seq() > last);
}
