//! Listeners and answers over a backend that is as slow as it can be.

use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::executor::block_on;
use serde_json::json;

use super::{Step, poll_once};
use crate::{Body, DecodeError, FakeTransport, IpcError, Listener, Never, call, listen};

thread_local! {
    /// What a handler lets go of.
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Counts what is heard of the event `heard`.
async fn counting(backend: &FakeTransport, count: &Arc<AtomicUsize>) -> Listener {
    let count = count.clone();
    let count_up = move |heard: Result<Step, DecodeError>| {
        count.fetch_add(heard.unwrap().number, Ordering::Relaxed);
    };
    listen(backend, "heard", count_up).await.unwrap()
}

#[test]
fn a_dropped_listener_hears_nothing_more_and_leaves_nothing_behind() {
    let backend = FakeTransport::default();
    let sum = Arc::new(AtomicUsize::new(0));
    let listener = block_on(counting(&backend, &sum));
    backend.emit("heard", &Step { number: 1 });
    backend.emit("other", &Step { number: 10 });
    drop(listener);
    backend.emit("heard", &Step { number: 100 });
    assert_eq!(sum.load(Ordering::Relaxed), 1);
    assert_eq!(backend.listeners("heard"), 0);
}

#[test]
fn a_listener_that_is_given_up_on_its_way_leaves_nothing_behind() {
    let backend = FakeTransport::default();
    let sum = Arc::new(AtomicUsize::new(0));
    backend.hold("heard");
    let mut given_up = Box::pin(counting(&backend, &sum));
    assert!(poll_once(&mut given_up).is_none());
    assert_eq!(backend.listeners("heard"), 1);
    drop(given_up);
    assert_eq!(backend.listeners("heard"), 0);
    backend.release("heard");
    backend.emit("heard", &Step { number: 1 });
    assert_eq!(sum.load(Ordering::Relaxed), 0);
    assert_eq!(backend.listeners("heard"), 0);
}

#[test]
fn a_listener_hears_from_when_it_is_registered_and_not_before() {
    let backend = FakeTransport::default();
    let sum = Arc::new(AtomicUsize::new(0));
    backend.hold("heard");
    let mut waiting = Box::pin(counting(&backend, &sum));
    assert!(poll_once(&mut waiting).is_none());
    backend.emit("heard", &Step { number: 1 });
    backend.release("heard");
    backend.emit("heard", &Step { number: 10 });
    let _listener = poll_once(&mut waiting).unwrap();
    backend.emit("heard", &Step { number: 100 });
    assert_eq!(sum.load(Ordering::Relaxed), 110);
}

#[test]
fn a_listener_may_be_dropped_within_its_own_handler_or_that_of_another() {
    let backend = FakeTransport::default();
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    let drops_all = move |_: Result<Step, DecodeError>| {
        count.fetch_add(1, Ordering::Relaxed);
        drop(LISTENER.take());
    };
    LISTENER.set(Some(
        block_on(listen(&backend, "heard", drops_all.clone())).unwrap(),
    ));
    backend.emit("heard", &Step { number: 0 });
    backend.emit("heard", &Step { number: 0 });
    assert_eq!(heard.load(Ordering::Relaxed), 1);

    let _first = block_on(listen(&backend, "heard", drops_all.clone())).unwrap();
    LISTENER.set(Some(
        block_on(listen(&backend, "heard", drops_all)).unwrap(),
    ));
    backend.emit("heard", &Step { number: 0 });
    assert_eq!(heard.load(Ordering::Relaxed), 2);
    assert_eq!(backend.listeners("heard"), 1);
}

#[test]
fn an_event_of_another_shape_is_an_error_and_not_a_default() {
    let backend = FakeTransport::default();
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = told.clone();
    let _listener = block_on(listen::<Step>(&backend, "heard", move |event| {
        keep.lock().unwrap().push(event.map_err(|error| error.what));
    }))
    .unwrap();
    backend.emit("heard", &json!({"number": -1}));
    let told = told.lock().unwrap();
    assert_eq!(*told, [Err("The event heard".to_owned())]);
}

#[test]
fn an_answer_is_held_back_until_it_is_released() {
    let backend = FakeTransport::default();
    backend.answer("read", |_| Ok(json!(7)));
    backend.hold("read");
    let mut answer = Box::pin(call::<u32, Never>(&backend, "read", &()));
    assert!(poll_once(&mut answer).is_none());
    assert_eq!(backend.calls("read").len(), 1);
    backend.release("read");
    assert_eq!(block_on(answer), Ok(7));
}

#[test]
fn a_command_that_nobody_answers_is_unknown_and_raw_bytes_come_whole() {
    let backend = FakeTransport::default();
    let answer = block_on(call::<Vec<u8>, Never>(&backend, "read", &json!({})));
    let unknown = "Command read not found".to_owned();
    assert_eq!(answer, Err(IpcError::UnknownCommand(unknown)));
    backend.answer_with("read", |_| Ok(Body::Raw(vec![0, 255])));
    let answer = block_on(call::<Vec<u8>, Never>(&backend, "read", &json!({})));
    assert_eq!(answer, Ok(vec![0, 255]));
}
