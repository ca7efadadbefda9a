//! Whole lives of jobs, through `JobApi` as every door speaks to it, with nothing on disk.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use serde_json::{Value, json};
use support::Engine;
use toolroom_engine::JobApi;
use toolroom_shared::{Caller, ErrorCode, JobStatus, JobsQuery, StartOptions, TransitionKind};

#[tokio::test(start_paused = true)]
async fn a_job_goes_from_queued_through_progress_to_its_output() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine.count(3).await;
    engine.permit(3);
    let seen = engine.until_end(&job_id).await;

    let numbers: Vec<_> = seen.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=seen.len() as u64).collect::<Vec<_>>());
    let revisions: Vec<_> = seen.iter().map(|event| event.job.revision).collect();
    assert_eq!(
        revisions,
        (1..=u32::try_from(seen.len()).unwrap()).collect::<Vec<_>>()
    );
    assert_eq!(seen.first().unwrap().kind, TransitionKind::Queued);
    assert_eq!(seen.first().unwrap().job.status, JobStatus::Queued);
    assert_eq!(seen.last().unwrap().kind, TransitionKind::Succeeded);
    // The last progress is told however quickly the end follows.
    let last_progress = seen
        .iter()
        .rfind(|event| event.kind == TransitionKind::Progress)
        .unwrap();
    assert_eq!(last_progress.job.progress.done, 3);

    let job = engine.get(&job_id).await;
    assert_eq!(job.status, JobStatus::Succeeded);
    assert_eq!(job.output, Some(json!({ "counted": 3, "filling": "" })));
    assert_eq!(job.progress_pct, 100);
    assert_eq!(job.attempt, 1);
    let told = engine.api.transitions(Caller::App, &job_id).await.unwrap();
    let kinds: Vec<_> = told.iter().map(|transition| transition.kind).collect();
    assert_eq!(
        kinds,
        [
            TransitionKind::Queued,
            TransitionKind::Started,
            TransitionKind::Succeeded
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_refuses_at_once_and_says_that_it_may_pass() {
    let engine = Engine::in_memory(1, 1).await;
    engine.count(1).await;
    engine.count(1).await;
    let refused = engine
        .try_start("count", json!({ "to": 1 }))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::QueueFull);
    assert!(refused.retryable);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_is_sent_twice_with_one_key_runs_once() {
    let engine = Engine::in_memory(2, 10).await;
    let options = StartOptions {
        idempotency_key: Some("k".into()),
        ..StartOptions::default()
    };
    let start = |to: u64| engine.start_with("count", json!({ "to": to }), options.clone());
    let first = start(1).await.unwrap();
    assert_eq!(start(1).await.unwrap(), first);
    engine.permit(1);
    engine.ended(&first).await;
    assert_eq!(start(1).await.unwrap(), first);
    let other = start(2).await.unwrap_err();
    assert_eq!(other.code, ErrorCode::IdempotencyConflict);
    let page = engine.api.list(Caller::App, JobsQuery::default()).await;
    assert_eq!(page.unwrap().total, 1);
}

#[tokio::test(start_paused = true)]
async fn identical_inputs_are_joined_refused_or_queued_as_the_tool_says() {
    let engine = Engine::in_memory(5, 10).await;
    let input = json!({ "to": 1, "name": "same" });
    let queued = [
        engine.try_start("count", input.clone()).await.unwrap(),
        engine.try_start("count", input.clone()).await.unwrap(),
    ];
    assert_ne!(queued[0], queued[1]);
    let joined = engine.try_start("count-joined", input.clone()).await;
    let joined = joined.unwrap();
    let again = engine.try_start("count-joined", input.clone()).await;
    assert_eq!(again.unwrap(), joined);
    let alone = engine.try_start("count-alone", input.clone()).await;
    let refused = engine.try_start("count-alone", input.clone()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::DuplicateInput);
    assert_eq!(refused.details["job_id"], json!(alone.clone().unwrap()));
    engine.permit(4);
    engine.ended(&alone.unwrap()).await;
    engine.ended(&joined).await;
    let anew = engine.try_start("count-joined", input.clone()).await;
    assert_ne!(anew.unwrap(), joined);
}

#[tokio::test(start_paused = true)]
async fn a_tool_runs_no_more_jobs_at_once_than_it_allows_and_holds_up_no_other() {
    let mut engine = Engine::in_memory(3, 10).await;
    let first = engine
        .try_start("count-alone", json!({ "to": 1, "name": "a" }))
        .await
        .unwrap();
    let second = engine
        .try_start("count-alone", json!({ "to": 1, "name": "b" }))
        .await
        .unwrap();
    let other = engine.count(0).await;
    engine.until(&other, TransitionKind::Succeeded).await;
    assert_eq!(engine.get(&second).await.status, JobStatus::Queued);
    engine.permit(1);
    engine.ended(&first).await;
    engine.permit(1);
    assert_eq!(engine.ended(&second).await.status, JobStatus::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_panics_fails_its_job_and_no_other() {
    let engine = Engine::in_memory(1, 10).await;
    let input: Value = json!({ "to": 1, "fault": true });
    let broken = engine.try_start("count", input).await.unwrap();
    let sound = engine.count(0).await;
    assert_eq!(engine.ended(&sound).await.status, JobStatus::Succeeded);
    let job = engine.get(&broken).await;
    assert_eq!(job.status, JobStatus::Failed);
    let error = job.error.unwrap();
    assert_eq!(error.code.as_str(), "panic");
    assert!(!error.message.contains("asked for"));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_takes_too_long_is_stopped_and_fails_with_timeout() {
    let engine = Engine::in_memory(1, 10).await;
    let options = StartOptions {
        timeout_seconds: Some(5),
        ..StartOptions::default()
    };
    let job_id = engine
        .start_with("count", json!({ "to": 3 }), options)
        .await
        .unwrap();
    engine.permit(1);
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.error.unwrap().code, ErrorCode::Timeout);
    assert_eq!(job.output.unwrap()["counted"], 1);
    assert!(job.partial);
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_and_the_waiting_can_be_seen() {
    let mut engine = Engine::in_memory(1, 10).await;
    let job_id = engine
        .try_start("count", json!({ "fails": 2 }))
        .await
        .unwrap();
    let waiting = engine.until(&job_id, TransitionKind::RetryScheduled).await;
    assert_eq!(waiting.job.status, JobStatus::Queued);
    assert!(waiting.job.next_attempt_at.is_some());
    assert_eq!(waiting.job.error.unwrap().code, ErrorCode::Io);
    // It holds no place meanwhile.
    let other = engine.count(0).await;
    engine.ended(&other).await;
    let job = engine.ended(&job_id).await;
    assert_eq!(job.status, JobStatus::Succeeded);
    assert_eq!((job.attempt, job.error), (3, None));
    let log = engine.api.log(Caller::App, &job_id, 0, 10).await.unwrap();
    let lines: Vec<_> = log.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, ["attempt 1 fails", "attempt 2 fails"]);
    assert_eq!(job.log_lines, 2);
}

#[tokio::test(start_paused = true)]
async fn a_job_is_not_tried_more_often_than_it_may_be() {
    let engine = Engine::in_memory(1, 10).await;
    for (max_attempts, attempts) in [(None, 3), (Some(1), 1), (Some(5), 5)] {
        let options = StartOptions {
            max_attempts,
            ..StartOptions::default()
        };
        let job_id = engine
            .start_with("count", json!({ "fails": 9 }), options)
            .await
            .unwrap();
        let job = engine.ended(&job_id).await;
        assert_eq!((job.status, job.attempt), (JobStatus::Failed, attempts));
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_output_is_read_by_page() {
    let engine = Engine::in_memory(1, 10).await;
    let job_id = engine
        .try_start("count", json!({ "bytes": 700_000 }))
        .await
        .unwrap();
    let job = engine.ended(&job_id).await;
    assert_eq!(job.output, None);
    let total = job.output_bytes.unwrap();
    let (mut text, mut next) = (String::new(), Some(0));
    let mut pages = 0;
    while let Some(offset) = next {
        let page = engine.api.read_output(Caller::App, &job_id, offset).await;
        let page = page.unwrap();
        assert_eq!(page.total_bytes, total);
        text.push_str(&page.text);
        next = page.next_offset;
        pages += 1;
    }
    assert_eq!(text.len() as u64, total);
    assert_eq!(pages, 3);
    let output: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(output["filling"].as_str().unwrap().len(), 700_000);
}

#[tokio::test(start_paused = true)]
async fn an_input_that_does_not_fit_is_refused_at_the_edge_and_leaves_nothing_behind() {
    let mut engine = Engine::in_memory(1, 10).await;
    let refused = engine.try_start("count", json!({ "to": "three" })).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert_eq!(refused.input_problems()[0].pointer, "/to");
    let unknown = engine.try_start("discount", json!({})).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::UnknownTool);
    let page = engine.api.list(Caller::App, JobsQuery::default()).await;
    assert_eq!(page.unwrap().total, 0);
    // Nor did anybody hear of it.
    let first = engine.count(0).await;
    assert_eq!(engine.next().await.job.job_id, first);
}

#[tokio::test]
async fn an_input_larger_than_its_tool_takes_is_refused_before_there_is_a_job() {
    let engine = Engine::in_memory(1, 10).await;
    let most = toolroom_shared::ToolLimits::INPUT_BYTES as usize;
    let input = json!({ "name": "x".repeat(most) });
    let refused = engine.try_start("count", input.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputTooLarge);
    assert_eq!(refused.details["most_bytes"], most);
    let problems = engine.api.check_input(Caller::App, "count", &input).await;
    assert_eq!(problems.unwrap()[0].message, refused.message);
    let fits = json!({ "name": "x".repeat(most - 20) });
    let job_id = engine.try_start("count", fits).await.unwrap();
    assert_eq!(engine.ended(&job_id).await.status, JobStatus::Succeeded);
}
