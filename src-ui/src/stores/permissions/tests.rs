//! What is granted and asked, with a backend in memory.

use std::sync::Arc;

use futures::executor::block_on;
use serde_json::json;
use toolroom_ipc::FakeTransport;
use toolroom_shared::Policy;

use super::*;
use crate::clock::Clock;

fn caller(text: &str) -> Caller {
    text.parse().unwrap()
}

fn question(id: u32) -> Question {
    Question {
        id: QuestionId(id),
        caller: caller("http:desk"),
        tool_name: "any-tool".into(),
        read: vec!["/data".into()],
        write: Vec::new(),
        spawn: false,
        asked_at: "2026-01-01T00:00:00Z".into(),
        waits_until: "2026-01-01T00:00:30Z".into(),
    }
}

fn asked(ids: &[u32]) -> PermissionsState {
    PermissionsState {
        policy: Policy::default(),
        questions: ids.iter().copied().map(question).collect(),
    }
}

fn store(backend: &FakeTransport) -> PermissionsStore {
    let client = Client::new(Arc::new(backend.clone()));
    let notices = NoticesStore::new(Clock::by_hand(&Arc::default()));
    PermissionsStore::new(client, LinkStore::default(), notices)
}

fn ids(store: &PermissionsStore) -> Vec<u32> {
    untrack(|| store.questions())
        .iter()
        .map(|q| q.id.0)
        .collect()
}

fn answers(backend: &FakeTransport, state: &PermissionsState) {
    let state = json!(state);
    backend.answer("get_permissions", move |_| Ok(state.clone()));
}

#[test]
fn a_question_that_was_answered_elsewhere_goes_by_itself() {
    let backend = FakeTransport::default();
    answers(&backend, &asked(&[1, 2]));
    let store = store(&backend);
    let _listener = block_on(store.listen()).unwrap();
    block_on(store.load_now());
    assert_eq!(ids(&store), [1, 2]);
    store.put_away(QuestionId(1));
    let shown = untrack(|| store.asked_now());
    assert_eq!(shown, [question(2)]);
    backend.emit("permissions-changed", &asked(&[1]));
    assert_eq!(ids(&store), [1]);
    assert!(untrack(|| store.asked_now()).is_empty());
    backend.emit("permissions-changed", &asked(&[]));
    // Should the number come again, it is another question.
    backend.emit("permissions-changed", &asked(&[1]));
    assert_eq!(untrack(|| store.asked_now()), [question(1)]);
}

#[test]
fn an_answer_takes_the_question_away_at_once_and_a_failed_one_brings_it_back() {
    let backend = FakeTransport::default();
    answers(&backend, &asked(&[7]));
    let store = store(&backend);
    block_on(store.load_now());
    let seen = store.clone();
    backend.answer("answer_question", move |_| {
        assert!(ids(&seen).is_empty());
        Err(json!(AppError::new(
            ErrorCode::Storage,
            "The disk is full."
        )))
    });
    let failed = block_on(store.answer_now(QuestionId(7), QuestionAnswer::AllowOnce));
    assert_eq!(texts::failure(&failed.unwrap_err()), "The disk is full.");
    assert_eq!(ids(&store), [7]);

    backend.answer("answer_question", |_| Ok(json!(null)));
    let answer = store.answer_now(QuestionId(7), QuestionAnswer::RefuseAlways);
    assert_eq!(block_on(answer), Ok(()));
    assert!(ids(&store).is_empty());
    let sent = json!({"questionId": 7, "answer": "refuse_always"});
    assert_eq!(backend.calls("answer_question")[1], sent);
}

#[test]
fn what_is_told_meanwhile_counts_for_more_than_the_answer_to_an_older_call() {
    let backend = FakeTransport::default();
    let store = store(&backend);
    let _listener = block_on(store.listen()).unwrap();
    let telling = backend.clone();
    backend.answer("get_permissions", move |_| {
        telling.emit("permissions-changed", &asked(&[2]));
        Ok(json!(asked(&[1])))
    });
    block_on(store.load_now());
    assert_eq!(ids(&store), [2]);
}

#[test]
fn a_change_is_sent_with_what_it_was_made_of_and_a_refusal_is_said_and_shows_what_is_so() {
    let backend = FakeTransport::default();
    answers(&backend, &asked(&[]));
    let store = store(&backend);
    block_on(store.load_now());
    let desk = caller("http:desk");
    let granted = Grant {
        all_tools: true,
        ..Grant::default()
    };
    let mut policy = Policy::default();
    *policy.grant_mut(&desk) = granted.clone();
    let answer = json!(policy);
    backend.answer("set_grant", move |_| Ok(answer.clone()));
    let done = block_on(store.set_now(desk.clone(), None, Some(granted.clone())));
    assert_eq!(done, Ok(()));
    assert_eq!(untrack(|| store.grant(&desk)), Some(granted.clone()));
    let sent = json!({"caller": {"http": {"name": "desk"}}, "before": null, "grant": granted});
    assert_eq!(backend.calls("set_grant"), [sent]);

    backend.answer("set_grant", |_| {
        let why = "It was changed elsewhere.";
        Err(json!(AppError::new(ErrorCode::WrongState, why)))
    });
    let refused = block_on(store.set_now(desk.clone(), Some(granted), None));
    assert_eq!(refused, Err("It was changed elsewhere.".to_owned()));
    // Asked anew: there it is granted nothing.
    assert_eq!(untrack(|| store.grant(&desk)), None);
}

#[test]
fn what_could_not_be_had_is_said() {
    let store = store(&FakeTransport::default());
    block_on(store.load_now());
    assert!(store.has_failed());
}
