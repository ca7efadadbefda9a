//! What people do to jobs on their way: cancel, pause, move, retry, and close the app.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use std::time::Duration;

use serde_json::json;
use support::Engine;
use toolroom_engine::{ClosingLimits, JobApi};
use toolroom_shared::{
    Caller, ErrorCode, JobPriority, JobStatus, JobsQuery, QueuePosition, StartOptions,
    TransitionKind,
};

const CLOSING: ClosingLimits = ClosingLimits {
    let_run: Duration::from_secs(2),
    stop: Duration::from_secs(10),
    services: Duration::from_secs(3),
    store: Duration::from_secs(5),
};

#[tokio::test(start_paused = true)]
async fn a_running_job_that_is_canceled_keeps_what_it_had() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine.count(5).await;
    engine.permit(2);
    engine.until_done(&job_id, 2).await;
    engine.api.cancel(Caller::App, &job_id).await.unwrap();
    let asked = engine.until(&job_id, TransitionKind::CancelRequested).await;
    assert!(asked.job.cancel_requested);
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Canceled);
    assert!(job.partial);
    assert_eq!(job.output.unwrap()["counted"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_queued_job_that_is_canceled_never_runs_and_frees_its_place() {
    let engine = Engine::in_memory(1, 1).await;
    let first = engine.count(1).await;
    let second = engine.count(1).await;
    engine.api.cancel(Caller::App, &second).await.unwrap();
    let third = engine.count(1).await;
    engine.permit(2);
    for job_id in [&first, &third] {
        assert_eq!(engine.ended(job_id).await.status, JobStatus::Succeeded);
    }
    let job = engine.get(&second).await;
    assert_eq!(job.status, JobStatus::Canceled);
    assert_eq!(job.attempt, 0);
}

#[tokio::test(start_paused = true)]
async fn a_higher_priority_goes_first_and_a_moved_job_where_it_was_put() {
    let mut engine = Engine::in_memory(1, 10).await;
    let running = engine.count(1).await;
    let a = engine.count(0).await;
    let b = engine.count(0).await;
    let c = engine.count(0).await;
    let d = engine.count(0).await;
    let high = StartOptions {
        priority: Some(JobPriority::High),
        ..StartOptions::default()
    };
    let high = engine.start_with("count", json!({}), high).await.unwrap();
    let moves = [
        (&d, QueuePosition::First),
        (&a, QueuePosition::Last),
        (&c, QueuePosition::Before(b.clone())),
    ];
    for (job_id, position) in moves {
        let moved = engine.api.reorder(Caller::App, job_id, position).await;
        moved.unwrap();
    }
    let refused = engine
        .api
        .reorder(Caller::App, &running, QueuePosition::First)
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::WrongState);
    engine.permit(1);
    let ended: Vec<_> = engine
        .until_end(&a)
        .await
        .into_iter()
        .filter(|event| event.job.status.is_terminal())
        .map(|event| event.job.job_id)
        .collect();
    assert_eq!(ended, [running, high, d, c, b, a]);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_retry_can_be_canceled() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine
        .try_start("count", json!({ "fails": 1 }))
        .await
        .unwrap();
    engine.until(&job_id, TransitionKind::RetryScheduled).await;
    engine.api.cancel(Caller::App, &job_id).await.unwrap();
    let job = engine.get(&job_id).await;
    assert_eq!((job.status, job.attempt), (JobStatus::Canceled, 1));
    // Nothing is left that would wake it.
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(engine.get(&job_id).await.attempt, 1);
}

#[tokio::test(start_paused = true)]
async fn a_paused_job_frees_its_place_and_goes_on_where_it_was() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine
        .try_start("count-again", json!({ "to": 5 }))
        .await
        .unwrap();
    engine.permit(3);
    engine.until_done(&job_id, 3).await;
    engine.api.pause(Caller::App, &job_id).await.unwrap();
    let paused = engine.until(&job_id, TransitionKind::Paused).await;
    assert_eq!(paused.job.status, JobStatus::Queued);
    let other = engine.count(0).await;
    engine.ended(&other).await;
    assert!(engine.get(&job_id).await.paused);
    engine.api.resume(Caller::App, &job_id).await.unwrap();
    engine.permit(2);
    let job = engine.ended(&job_id).await;
    // Five permits were enough for five steps.
    assert_eq!((job.status, job.attempt), (JobStatus::Succeeded, 2));
}

#[tokio::test(start_paused = true)]
async fn a_tool_without_checkpoints_is_paused_while_it_waits_and_not_while_it_runs() {
    let engine = Engine::in_memory(1, 10).await;
    let running = engine.count(1).await;
    let waiting = engine.count(0).await;
    let refused = engine.api.pause(Caller::App, &running).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongState);
    engine.api.pause(Caller::App, &waiting).await.unwrap();
    engine.permit(1);
    engine.ended(&running).await;
    let last = engine.count(0).await;
    engine.ended(&last).await;
    assert_eq!(engine.get(&waiting).await.status, JobStatus::Queued);
    engine.api.resume(Caller::App, &waiting).await.unwrap();
    assert_eq!(engine.ended(&waiting).await.status, JobStatus::Succeeded);
    let refused = engine.api.resume(Caller::App, &waiting).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongState);
}

#[tokio::test(start_paused = true)]
async fn many_jobs_are_canceled_at_once_by_what_they_have_in_common() {
    let engine = Engine::in_memory(1, 100).await;
    let running = engine.count(1).await;
    let mut others = Vec::new();
    for index in 0..20 {
        let tool = if index % 2 == 0 {
            "count"
        } else {
            "count-again"
        };
        let input = json!({ "to": 1, "name": format!("n{index}") });
        others.push((tool, engine.try_start(tool, input).await.unwrap()));
    }
    let query = JobsQuery {
        tool_name: Some("count-again".into()),
        ..JobsQuery::default()
    };
    let count = engine.api.cancel_all(Caller::App, query).await.unwrap();
    assert_eq!(count, 10);
    for (tool, job_id) in &others {
        let canceled = engine.get(job_id).await.status == JobStatus::Canceled;
        assert_eq!(canceled, *tool == "count-again");
    }
    assert_eq!(engine.get(&running).await.status, JobStatus::Running);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_has_ended_is_done_again_as_another() {
    let engine = Engine::in_memory(1, 10).await;
    let first = engine
        .try_start("count", json!({ "fault": true, "name": "x" }))
        .await
        .unwrap();
    engine.ended(&first).await;
    let again = engine.api.retry(Caller::App, &first).await.unwrap().job_id;
    let job = engine.ended(&again).await;
    assert_eq!(job.retry_of, Some(first.clone()));
    assert_eq!(job.input, engine.get(&first).await.input);
    let running = engine.count(1).await;
    let refused = engine.api.retry(Caller::App, &running).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongState);
}

#[tokio::test(start_paused = true)]
async fn closing_lets_what_is_nearly_done_end_and_stops_the_rest_without_calling_it_canceled() {
    let engine = Engine::in_memory(3, 10).await;
    let short = engine.count(1).await;
    let long = engine.count(9).await;
    let resumable = engine
        .try_start("count-again", json!({ "to": 9 }))
        .await
        .unwrap();
    let queued = engine.count(3).await;
    let api = engine.api.clone();
    let closing = tokio::spawn(async move { api.shut_down(CLOSING).await });
    tokio::task::yield_now().await;
    engine.permit(1);
    assert!(closing.await.unwrap());
    assert_eq!(engine.get(&short).await.status, JobStatus::Succeeded);
    let long = engine.get(&long).await;
    assert_eq!(long.status, JobStatus::Failed);
    assert_eq!(long.error.unwrap().code, ErrorCode::Interrupted);
    assert!(long.partial);
    assert_eq!(engine.get(&resumable).await.status, JobStatus::Queued);
    assert_eq!(engine.get(&queued).await.status, JobStatus::Queued);
    let refused = engine.try_start("count", json!({})).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ShuttingDown);
    let waits = engine.api.wait(Caller::App, &queued).await.unwrap_err();
    assert_eq!(waits.code, ErrorCode::ShuttingDown);
}

#[tokio::test(start_paused = true)]
async fn closing_does_not_wait_for_ever_for_a_tool_that_does_not_hear() {
    let engine = Engine::in_memory(1, 10).await;
    engine
        .try_start("count", json!({ "to": 1, "deaf": true }))
        .await
        .unwrap();
    assert!(!engine.api.shut_down(CLOSING).await);
}
