//! What is told of jobs: progress, logs, the stream of events, and searches.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod support;

use serde_json::json;
use support::Engine;
use toolroom_engine::{JobApi, StreamItem};
use toolroom_shared::{Caller, JobsQuery, TransitionKind};

#[tokio::test(start_paused = true)]
async fn progress_is_told_at_most_ten_times_a_second_and_the_last_of_it_always() {
    let mut engine = Engine::in_memory(1, 10).await;
    let begun = tokio::time::Instant::now();
    let job_id = engine
        .try_start("count", json!({ "to": 3_000, "pace_ms": 1 }))
        .await
        .unwrap();
    let told: Vec<_> = engine
        .until_end(&job_id)
        .await
        .into_iter()
        .filter(|event| event.kind == TransitionKind::Progress)
        .collect();
    let seconds = begun.elapsed().as_secs_f64();
    assert!(seconds >= 3.0, "{seconds}");
    // The first is told at once, and the last whenever it comes.
    let most = seconds * 10.0 + 2.0;
    assert!(
        told.len() > 20 && (told.len() as f64) <= most,
        "{}",
        told.len()
    );
    assert_eq!(told.last().unwrap().job.progress.done, 3_000);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_floods_its_log_loses_the_oldest_lines_and_is_told_how_many() {
    let engine = Engine::in_memory(1, 10).await;
    let job_id = engine
        .try_start("count", json!({ "lines": 25_000 }))
        .await
        .unwrap();
    let job = engine.ended(&job_id).await;
    // Where the machine is busy, one more says that so many lines held up a worker.
    let more = job.log_lines - 25_000;
    assert!(more <= 1);
    let log = engine.api.log(Caller::App, &job_id, 0, 1_000).await;
    let log = log.unwrap();
    assert_eq!(log.dropped, 24_000 + more);
    assert_eq!(log.lines.first().unwrap().number, 24_001 + more);
    let last = &log.lines[999 - more as usize];
    assert_eq!((last.number, &*last.text), (25_000, "line 25000"));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_never_reads_slows_nobody() {
    let mut engine = Engine::in_memory(4, 100_000).await;
    let mut lazy = engine.api.subscribe(Caller::App, None).await.unwrap();
    let mut last = None;
    for _ in 0..5_000 {
        last = Some(engine.count(0).await);
    }
    engine.ended(&last.unwrap()).await;
    let StreamItem::Gap(missed) = lazy.next().await.unwrap() else {
        panic!("so many events were never kept");
    };
    assert!(missed > 10_000, "{missed}");
    match lazy.next().await.unwrap() {
        StreamItem::Event(event) => assert_eq!(event.seq, missed + 1),
        StreamItem::Gap(missed) => panic!("{missed} more missed"),
    }
    // Neither is the other reader here told anything else.
    assert!(matches!(
        engine.events.next().await,
        Some(StreamItem::Gap(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn who_subscribes_late_is_given_what_is_unfinished() {
    let engine = Engine::in_memory(1, 10).await;
    let done = engine.count(0).await;
    engine.ended(&done).await;
    let running = engine.count(1).await;
    let mut late = engine.api.subscribe(Caller::Window, None).await.unwrap();
    let snapshot: Vec<_> = late.snapshot.iter().map(|job| job.job_id.clone()).collect();
    assert_eq!(snapshot, std::slice::from_ref(&running));
    engine.permit(1);
    let after = late.snapshot[0].revision;
    match late.next().await.unwrap() {
        StreamItem::Event(event) => assert_eq!(event.job.revision, after + 1),
        StreamItem::Gap(missed) => panic!("{missed} events missed"),
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_is_given_what_was_missed_or_told_how_much_is_gone() {
    let mut engine = Engine::in_memory(1, 10).await;
    let first = engine.count(0).await;
    let last = engine.until_end(&first).await.pop().unwrap();
    let second = engine.count(0).await;
    engine.ended(&second).await;
    let mut back = engine
        .api
        .subscribe(Caller::Window, Some(last.seq))
        .await
        .unwrap();
    assert!(back.snapshot.is_empty());
    match back.next().await.unwrap() {
        StreamItem::Event(event) => assert_eq!(event.seq, last.seq + 1),
        StreamItem::Gap(missed) => panic!("{missed} events missed"),
    }
    // A number that this engine has never given.
    let running = engine.count(1).await;
    let mut stranger = engine
        .api
        .subscribe(Caller::Window, Some(1 << 40))
        .await
        .unwrap();
    assert_eq!(stranger.snapshot[0].job_id, running);
    assert!(matches!(stranger.next().await, Some(StreamItem::Gap(_))));
}

#[tokio::test(start_paused = true)]
async fn a_job_is_found_by_the_words_in_it() {
    let engine = Engine::in_memory(1, 100).await;
    for name in ["Holiday-photos", "tax return 2025", "holiday plans"] {
        let job_id = engine.try_start("count", json!({ "name": name })).await;
        engine.ended(&job_id.unwrap()).await;
    }
    let found = async |search: &str| {
        let query = JobsQuery {
            search: Some(search.into()),
            ..JobsQuery::default()
        };
        engine.api.list(Caller::App, query).await.unwrap().total
    };
    assert_eq!(found("holiday").await, 2);
    assert_eq!(found("holi").await, 2);
    assert_eq!(found("PHOTOS hol").await, 1);
    assert_eq!(found("2025").await, 1);
    assert_eq!(found("nothing").await, 0);
    assert_eq!(found("...").await, 0);
}
