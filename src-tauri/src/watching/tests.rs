//! What a watcher is sent, from an engine with real jobs.

use tauri::ipc::InvokeResponseBody;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use toolroom_shared::{JobStatus, JobSummary};

use super::*;
use crate::test_engine::{engine, run, start};

/// A channel whose messages come out here.
fn channel<T: serde::de::DeserializeOwned + Send + 'static>()
-> (Channel<JsonText<T>>, UnboundedReceiver<T>) {
    let (sender, messages) = unbounded_channel();
    let channel = Channel::new(move |body| {
        let message = match &body {
            InvokeResponseBody::Json(text) => serde_json::from_str(text),
            InvokeResponseBody::Raw(text) => serde_json::from_slice(&text[1..]),
        };
        sender.send(message.unwrap()).unwrap();
        Ok(())
    });
    (channel, messages)
}

fn ids(jobs: &[JobSummary]) -> Vec<&JobId> {
    jobs.iter().map(|job| &job.job_id).collect()
}

/// Reads until `job` has ended: the number of the first event and that of the last, none of
/// those between missing.
async fn follow(
    messages: &mut UnboundedReceiver<JobsUpdate>,
    job: &JobId,
    mut last: EventSeq,
) -> EventSeq {
    loop {
        let JobsUpdate::Events { events } = messages.recv().await.unwrap() else {
            panic!("only events follow");
        };
        for event in events {
            assert_eq!(event.seq, last.0 + 1);
            last = EventSeq(event.seq);
            if event.job.job_id == *job && event.job.status.is_terminal() {
                return last;
            }
        }
    }
}

#[tokio::test]
async fn a_watch_begins_with_what_is_unfinished_and_goes_on_without_a_gap() {
    let api = engine(4_096);
    run(&*api).await;
    let waiting = start(&*api, true).await;
    let watch = JobsWatch::begin(api.clone(), None).await.unwrap();
    // Between the two nothing is lost.
    let first = run(&*api).await;
    let (to, mut messages) = channel();
    let watch = tokio::spawn(watch.follow(to)); // joined: below
    let Some(JobsUpdate::Snapshot { seq, jobs }) = messages.recv().await else {
        panic!("a snapshot comes first");
    };
    assert_eq!(ids(&jobs), [&waiting]);
    let seq = follow(&mut messages, &first, seq).await;
    let mut last = first;
    for _ in 0..20 {
        last = run(&*api).await;
    }
    follow(&mut messages, &last, seq).await;
    watch.abort();
    assert!(watch.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_watch_is_taken_up_where_it_was_left_or_says_what_is_missing() {
    let api = engine(6);
    run(&*api).await;
    let stream = api.subscribe(Caller::Window, None).await.unwrap();
    let seen = EventSeq(stream.last_seq());
    let soon = run(&*api).await;
    let (to, mut messages) = channel();
    let watch = JobsWatch::begin(api.clone(), Some(seen)).await.unwrap();
    let watch = tokio::spawn(watch.follow(to)); // joined: when the test's runtime ends
    follow(&mut messages, &soon, seen).await;
    drop(watch);

    let waiting = start(&*api, true).await;
    for _ in 0..5 {
        run(&*api).await;
    }
    let (to, mut messages) = channel();
    let watch = JobsWatch::begin(api.clone(), Some(seen)).await.unwrap();
    let watch = tokio::spawn(watch.follow(to)); // joined: when the test's runtime ends
    let Some(JobsUpdate::Gap { missed }) = messages.recv().await else {
        panic!("a gap is told");
    };
    assert!(missed > 6, "{missed}");
    let Some(JobsUpdate::Snapshot { jobs, .. }) = messages.recv().await else {
        panic!("a snapshot follows");
    };
    assert_eq!(ids(&jobs), [&waiting]);
    drop(watch);
}

#[tokio::test]
async fn one_job_is_followed_from_what_it_is_to_its_result() {
    let api = engine(4_096);
    let job = start(&*api, true).await;
    let (watch, first) = JobWatch::begin(api.clone(), job.clone()).await.unwrap();
    let (to, mut messages) = channel();
    let watch = tokio::spawn(watch.follow(first, to)); // joined: below
    let Some(JobUpdate::Snapshot { job: begun }) = messages.recv().await else {
        panic!("a snapshot comes first");
    };
    run(&*api).await;
    api.cancel(Caller::Window, &job).await.unwrap();
    let (mut revision, mut ended) = (begun.revision, None);
    while let Some(update) = messages.recv().await {
        assert!(ended.is_none(), "nothing comes after the end");
        match update {
            JobUpdate::Event { event } => {
                assert_eq!(event.job.job_id, job);
                assert!(event.job.revision > revision);
                revision = event.job.revision;
            }
            JobUpdate::Snapshot { job } => ended = Some(job),
        }
    }
    assert_eq!(ended.unwrap().status, JobStatus::Canceled);
    watch.await.unwrap();
}

#[tokio::test]
async fn a_job_that_has_ended_is_told_once_and_an_unknown_one_is_refused() {
    let api = engine(4_096);
    let job = run(&*api).await;
    let (watch, first) = JobWatch::begin(api.clone(), job).await.unwrap();
    let (to, mut messages) = channel();
    watch.follow(first, to).await;
    let Some(JobUpdate::Snapshot { job }) = messages.recv().await else {
        panic!("its snapshot is told");
    };
    assert_eq!(job.output, Some(serde_json::json!({ "done": true })));
    assert_eq!(messages.recv().await, None);
    let unknown = JobWatch::begin(api, JobId("none".into())).await;
    assert!(unknown.is_err());
}
