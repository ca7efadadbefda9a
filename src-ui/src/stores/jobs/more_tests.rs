//! The store's pieces, searches, logs and questions against a backend in memory.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures::executor::block_on;
use serde_json::{Value, json};
use toolroom_ipc::FakeTransport;
use toolroom_shared::JobStatus;

use super::*;
use crate::stores::test_job::a_job;

fn store(transport: &FakeTransport) -> JobsStore {
    let clock = Clock::by_hand(&std::sync::Arc::new(AtomicU64::new(10_000)));
    JobsStore::new(
        Client::new(Arc::new(transport.clone())),
        clock.clone(),
        LinkStore::default(),
        NoticesStore::new(clock),
    )
}

fn id(text: &str) -> JobId {
    JobId(text.into())
}

fn io_error() -> Value {
    json!({"code": "io_error", "message": "The file is gone.", "details": null, "retryable": false})
}

/// A store in which the job `a` has ended with `text` as its output, which comes `step` bytes at
/// a time.
fn with_large_output(text: &'static str, step: usize) -> (FakeTransport, JobsStore) {
    let transport = FakeTransport::default();
    transport.answer("read_job_output", move |args| {
        let offset = usize::try_from(args["offset"].as_u64().unwrap()).unwrap();
        let end = (offset + step).min(text.len());
        Ok(json!({
            "text": &text[offset..end],
            "next_offset": (end < text.len()).then_some(end),
            "total_bytes": text.len(),
        }))
    });
    let store = store(&transport);
    let mut job = a_job("a", 4, JobStatus::Succeeded);
    job.output = None;
    job.output_bytes = Some(text.len() as u64);
    store.put_summary(JobSummary::from(&job));
    store.view_output(&id("a"));
    store.keep_output(&id("a"));
    store.put_snapshot(&job);
    (transport, store)
}

fn output(store: &JobsStore) -> Output {
    store.job(&id("a")).unwrap().get_untracked().output
}

#[test]
fn an_output_that_is_wanted_while_an_older_answer_is_on_its_way_is_asked_for_again() {
    let transport = FakeTransport::default();
    let store = store(&transport);
    let running = a_job("a", 2, JobStatus::Running);
    let ended = a_job("a", 3, JobStatus::Succeeded);
    store.put_summary(JobSummary::from(&running));
    let page = store.clone();
    let asked = AtomicBool::default();
    transport.answer("get_job", move |_| {
        if asked.swap(true, Ordering::Relaxed) {
            return Ok(json!(ended));
        }
        // The job ends after this answer was made, and a view shows it before the answer comes.
        page.put_summary(JobSummary::from(&ended));
        page.keep_output(&id("a"));
        assert!(!page.put_in_queue(&id("a")));
        Ok(json!(running))
    });
    store.state().details.under_way = 1;
    assert!(store.put_in_queue(&id("a")));
    block_on(store.work_off());
    assert!(matches!(output(&store), Output::Here(_)));
    assert_eq!(transport.calls("get_job").len(), 2);
    assert_eq!(store.state().details.under_way, 0);
}

#[test]
fn a_large_output_is_put_together_from_its_pieces_and_read_once() {
    let (transport, store) = with_large_output(r#"{"files": ["a", "b"]}"#, 5);
    assert_eq!(output(&store), Output::Large(21));
    block_on(store.load_output_now(&id("a")));
    assert!(matches!(output(&store), Output::Here(v) if *v == json!({"files": ["a", "b"]})));
    assert_eq!(transport.calls("read_job_output").len(), 5);
    block_on(store.load_output_now(&id("a")));
    assert_eq!(transport.calls("read_job_output").len(), 5);
}

#[test]
fn a_large_output_that_fails_says_why_and_can_be_tried_again() {
    let (transport, store) = with_large_output(r#"["a"]"#, 9);
    transport.answer("read_job_output", |_| Err(io_error()));
    block_on(store.load_output_now(&id("a")));
    let reason = "The file is gone.".to_owned();
    assert_eq!(output(&store), Output::Failed { total: 5, reason });
    transport.answer("read_job_output", |_| {
        Ok(json!({"text": r#"["a"]"#, "next_offset": null, "total_bytes": 5}))
    });
    block_on(store.load_output_now(&id("a")));
    assert!(matches!(output(&store), Output::Here(_)));
}

#[test]
fn pieces_that_lead_nowhere_or_make_no_json_are_a_failure() {
    let (transport, store) = with_large_output(r#"["a"]"#, 9);
    for answer in [
        json!({"text": "[", "next_offset": 0, "total_bytes": 5}),
        json!({"text": "[", "next_offset": null, "total_bytes": 5}),
    ] {
        transport.answer("read_job_output", move |_| Ok(answer.clone()));
        block_on(store.load_output_now(&id("a")));
        assert!(matches!(output(&store), Output::Failed { .. }));
    }
}

#[test]
fn a_large_output_that_nobody_looks_at_is_not_kept() {
    let (_, store) = with_large_output(r#"["a"]"#, 2);
    store.view_output(&id("a"));
    block_on(store.load_output_now(&id("a")));
    store.leave_output(&id("a"));
    assert!(matches!(output(&store), Output::Here(_)), "one still looks");
    store.leave_output(&id("a"));
    assert_eq!(output(&store), Output::Large(5));
}

#[test]
fn a_loading_that_is_left_is_given_up() {
    let (transport, store) = with_large_output(r#"["a"]"#, 2);
    let leaving = store.clone();
    transport.answer("read_job_output", move |_| {
        leaving.leave_output(&id("a"));
        Ok(json!({"text": "[", "next_offset": 1, "total_bytes": 5}))
    });
    block_on(store.load_output_now(&id("a")));
    assert_eq!(output(&store), Output::Large(5));
    assert_eq!(transport.calls("read_job_output").len(), 1);
}

#[test]
fn a_log_is_read_to_its_end_and_then_only_what_is_new() {
    let transport = FakeTransport::default();
    let written = Arc::new(AtomicU64::new(1_200));
    let last = written.clone();
    transport.answer("read_job_log", move |args| {
        let last = last.load(Ordering::Relaxed);
        let after = args["after"].as_u64().unwrap().max(200);
        let end = (after + args["limit"].as_u64().unwrap()).min(last);
        let lines: Vec<_> = (after + 1..=end)
            .map(|n| json!({"number": n, "at": "2026-11-21T13:02:11Z", "text": "x"}))
            .collect();
        Ok(json!({"lines": lines, "dropped": 200, "more": end < last}))
    });
    let store = store(&transport);
    let log = ArcRwSignal::default();
    block_on(store.read_log_now(&id("a"), &log));
    let shown = |log: &ArcRwSignal<Log>| log.with_untracked(|log| (log.lines.len(), log.dropped));
    assert_eq!(shown(&log), (1_000, 200));
    written.store(1_201, Ordering::Relaxed);
    block_on(store.read_log_now(&id("a"), &log));
    assert_eq!(shown(&log), (1_001, 200));
    assert_eq!(transport.calls("read_job_log").len(), 3);
    transport.answer("read_job_log", |_| Err(io_error()));
    block_on(store.read_log_now(&id("a"), &log));
    assert_eq!(shown(&log).0, 1_001, "what was there stays");
    assert!(log.get_untracked().failure.is_some());
}

#[test]
fn what_happened_is_asked_for_until_the_history_has_it() {
    let transport = FakeTransport::default();
    let asked = AtomicU64::new(0);
    transport.answer("list_job_transitions", move |_| {
        let revision = |n, status| {
            json!({"revision": n, "kind": "queued", "status": status, "attempt": 1,
                   "caller": "window", "cause": "", "at": "2026-11-21T13:02:11Z"})
        };
        let mut all = vec![revision(1, "Queued")];
        if asked.fetch_add(1, Ordering::Relaxed) >= 2 {
            all.push(revision(2, "Canceled"));
        }
        Ok(json!(all))
    });
    let store = store(&transport);
    store.put_summary(JobSummary::from(&a_job("a", 2, JobStatus::Canceled)));
    let state = ArcRwSignal::default();
    block_on(store.read_transitions_now(&id("a"), &state));
    assert!(matches!(state.get_untracked(), Transitions::Ready(all) if all.len() == 2));
    assert_eq!(transport.calls("list_job_transitions").len(), 3);
}

/// A store whose backend knows the job `a`, with a log, and never gives the first answer to any of
/// these calls.
fn with_lost_answers(commands: &[&str]) -> (FakeTransport, JobsStore) {
    let (transport, store) = with_large_output(r#"["a"]"#, 2);
    transport.answer("get_job", |_| {
        Ok(json!(a_job("b", 3, JobStatus::Succeeded)))
    });
    transport.answer("list_jobs", |_| {
        let job = JobSummary::from(&a_job("b", 3, JobStatus::Succeeded));
        Ok(json!({"jobs": [job], "total": 1, "next_cursor": null}))
    });
    transport.answer("read_job_log", |_| {
        let line = json!({"number": 1, "at": "2026-11-21T13:02:11Z", "text": "x"});
        Ok(json!({"lines": [line], "dropped": 0, "more": false}))
    });
    transport.answer("list_job_transitions", |_| {
        Ok(
            json!([{"revision": 9, "kind": "queued", "status": "Queued", "attempt": 1,
                   "caller": "window", "cause": "", "at": "2026-11-21T13:02:11Z"}]),
        )
    });
    transport.answer("start_tool_job", |_| Ok(json!({"job_id": "b"})));
    for command in commands {
        transport.lose(command, 1);
    }
    (transport, store)
}

#[test]
fn an_answer_that_never_comes_is_asked_for_again_and_the_view_fills() {
    let (transport, store) = with_lost_answers(&[
        "get_job",
        "list_jobs",
        "read_job_log",
        "list_job_transitions",
        "read_job_output",
    ]);
    let details = ArcRwSignal::default();
    block_on(store.look_at_now(&id("b"), &details));
    assert_eq!(details.get_untracked(), Details::Ready);
    let log: ArcRwSignal<Log> = ArcRwSignal::default();
    block_on(store.read_log_now(&id("b"), &log));
    assert_eq!(log.get_untracked().lines.len(), 1);
    let happened = ArcRwSignal::default();
    block_on(store.read_transitions_now(&id("b"), &happened));
    assert!(matches!(happened.get_untracked(), Transitions::Ready(_)));
    block_on(store.load_output_now(&id("a")));
    assert!(matches!(output(&store), Output::Here(_)));
    block_on(store.load_more_now(&ListKey::default()));
    assert!(
        untrack(|| store.rows(&ListKey::default()))
            .ids
            .contains(&id("b"))
    );
    assert_eq!(transport.calls("read_job_log").len(), 2);
    assert_eq!(untrack(|| store.link.get()), crate::stores::Link::Answering);
}

#[test]
fn a_start_that_is_sent_again_has_the_same_key() {
    let (transport, store) = with_lost_answers(&["start_tool_job"]);
    let started = block_on(store.start("any-tool".into(), json!({})));
    assert_eq!(started.unwrap(), id("b"));
    let calls = transport.calls("start_tool_job");
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0], calls[1]);
}

#[test]
fn a_feed_whose_beginning_is_not_answered_is_begun_anew() {
    let transport = FakeTransport::default();
    let feed = transport.clone();
    transport.answer("watch_jobs", move |args| {
        drop(feed.channel(&args["onEvent"]));
        Ok(json!(1))
    });
    transport.lose("watch_jobs", 1);
    let store = store(&transport);
    assert!(block_on(store.follow()).is_err());
    assert_eq!(untrack(|| store.link.get()), crate::stores::Link::Silent);
    assert_eq!(transport.channels(), 0, "no channel is left");
    block_on(store.follow()).unwrap();
}
