//! Channels over a backend that is as disorderly as it can be.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::{
    StreamExt,
    executor::block_on,
    future::join,
    stream::FusedStream,
    task::{ArcWake, waker},
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{Step, poll_once};
use crate::{
    Body, Channel, ChannelStream, FakeChannel, FakeTransport, IpcError, Never, Received, call,
    channel,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Args {
    on_step: Channel<Step>,
}

/// A channel that a command was called with, and both of its ends.
fn opened<T>(backend: &FakeTransport) -> (FakeChannel, ChannelStream<T>)
where
    T: DeserializeOwned + 'static,
{
    let (argument, stream) = channel::<T>(backend).unwrap();
    let args = serde_json::to_value(&argument).unwrap();
    (backend.channel(&args), stream)
}

fn step(number: usize) -> Received {
    Ok(Body::json(&Step { number }).unwrap())
}

async fn watch(backend: &FakeTransport, on_step: Channel<Step>) -> Result<(), IpcError<Never>> {
    let args = Args { on_step };
    let answer = call(backend, "watch_steps", &args).await;
    args.on_step.settle(&answer);
    answer
}

proptest! {
    #[test]
    fn a_channel_gives_each_message_once_in_order_whatever_comes_first(
        (order, end) in (0..30_usize).prop_flat_map(|count| {
            (Just((0..count).collect::<Vec<_>>()).prop_shuffle(), 0..=count)
        })
    ) {
        let backend = FakeTransport::default();
        let (there, mut here) = opened::<Step>(&backend);
        for (turn, number) in order.iter().enumerate() {
            if turn == end {
                there.end_at(order.len());
            }
            there.send_at(*number, step(*number));
            there.send_at(*number, step(99));
        }
        drop(there);
        let heard: Vec<_> = block_on(here.by_ref().map(|step| step.unwrap().number).collect());
        prop_assert!(heard.iter().copied().eq(0..order.len()));
        prop_assert!(here.is_terminated());
        prop_assert_eq!(backend.channels(), 0);
    }
}

#[test]
fn a_command_sends_while_it_runs_and_its_end_ends_the_stream() {
    let backend = FakeTransport::default();
    let answering = backend.clone();
    backend.answer("watch_steps", move |args| {
        let steps = answering.channel(&args["onStep"]);
        steps.send(&Step { number: 0 });
        steps.send(&Step { number: 1 });
        Ok(json!(null))
    });
    let (on_step, steps) = channel::<Step>(&backend).unwrap();
    let heard = steps.map(|step| step.unwrap().number).collect::<Vec<_>>();
    let (answer, heard) = block_on(join(watch(&backend, on_step), heard));
    assert_eq!((answer, heard), (Ok(()), vec![0, 1]));
}

#[test]
fn a_stream_wakes_its_reader_for_what_can_be_read_and_not_before() {
    struct Count(AtomicUsize);
    impl ArcWake for Count {
        fn wake_by_ref(count: &Arc<Self>) {
            count.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let backend = FakeTransport::default();
    let (there, mut here) = opened::<Step>(&backend);
    let count = Arc::new(Count(AtomicUsize::new(0)));
    let reader = waker(count.clone());
    let mut context = std::task::Context::from_waker(&reader);
    let woken = || count.0.load(Ordering::Relaxed);
    assert!(here.poll_next_unpin(&mut context).is_pending());
    there.send_at(1, step(1));
    assert_eq!(woken(), 0);
    there.send_at(0, step(0));
    assert_eq!(woken(), 1);
    assert!(here.poll_next_unpin(&mut context).is_ready());
    // Nobody waits now, and what comes is read all the same.
    there.send_at(2, step(2));
    assert_eq!(woken(), 1);
    assert!(here.poll_next_unpin(&mut context).is_ready());
    assert!(here.poll_next_unpin(&mut context).is_ready());
    assert!(here.poll_next_unpin(&mut context).is_pending());
    drop(there);
    assert_eq!(woken(), 2);
}

#[test]
fn messages_are_kept_until_they_are_read_and_the_channel_only_until_it_is_complete() {
    let backend = FakeTransport::default();
    let (there, mut here) = opened::<Step>(&backend);
    there.end_at(2);
    there.send_at(1, step(1));
    assert_eq!(backend.channels(), 1);
    there.send_at(0, step(0));
    assert_eq!(block_on(here.next()), Some(Ok(Step { number: 0 })));
    assert_eq!(backend.channels(), 0);
    assert_eq!(block_on(here.next()), Some(Ok(Step { number: 1 })));
    assert_eq!(block_on(here.next()), None);
    assert_eq!(block_on(here.next()), None);
}

#[test]
fn a_message_that_cannot_be_read_is_an_error_in_its_place() {
    let backend = FakeTransport::default();
    let (there, here) = opened::<Step>(&backend);
    there.send(&Step { number: 0 });
    there.send(&"no step");
    there.send_at(2, Err("a BigInt".into()));
    there.send(&Step { number: 3 });
    drop(there);
    let heard: Vec<_> = block_on(here.map(|step| step.map_err(|error| error.what)).collect());
    let unreadable = |number| Err(format!("Message {number} of a channel"));
    assert_eq!(
        heard,
        [
            Ok(Step { number: 0 }),
            unreadable(1),
            unreadable(2),
            Ok(Step { number: 3 })
        ]
    );
}

#[test]
fn a_channel_of_raw_bytes_hands_them_on_as_they_are() {
    let backend = FakeTransport::default();
    let (there, here) = opened::<Vec<u8>>(&backend);
    there.send_raw(vec![0, 255]);
    there.send_raw(Vec::new());
    there.send(&[1, 2]);
    drop(there);
    let heard: Vec<_> = block_on(here.map(Result::unwrap).collect());
    assert_eq!(heard, [vec![0, 255], vec![], vec![1, 2]]);
}

#[test]
fn dropping_a_stream_closes_its_channel_at_any_time() {
    let backend = FakeTransport::default();
    let (there, mut here) = opened::<Step>(&backend);
    there.send(&Step { number: 0 });
    there.send_at(2, step(2));
    assert_eq!(poll_once(here.next()), Some(Some(Ok(Step { number: 0 }))));
    drop(here);
    assert_eq!(backend.channels(), 0);
    // What is still on its way goes nowhere.
    there.send_at(1, step(1));
    drop(there);
    let unread = channel::<Step>(&backend).unwrap();
    assert_eq!(backend.channels(), 1);
    drop(unread);
    assert_eq!(backend.channels(), 0);
}

thread_local! {
    /// What the reader lets go of.
    static STREAM: RefCell<Option<ChannelStream<Step>>> = const { RefCell::new(None) };
}

#[test]
fn a_stream_may_be_dropped_by_whom_its_own_message_wakes() {
    struct Dropping;
    impl ArcWake for Dropping {
        fn wake_by_ref(_: &Arc<Self>) {
            drop(STREAM.take());
        }
    }
    let backend = FakeTransport::default();
    let (there, mut here) = opened::<Step>(&backend);
    let reader = waker(Arc::new(Dropping));
    let mut context = std::task::Context::from_waker(&reader);
    assert!(here.poll_next_unpin(&mut context).is_pending());
    STREAM.set(Some(here));
    there.send(&Step { number: 0 });
    assert_eq!(backend.channels(), 0);
}

#[test]
fn a_channel_that_never_reaches_its_command_ends() {
    let backend = FakeTransport::default();
    let (unsent, mut steps) = channel::<Step>(&backend).unwrap();
    assert_eq!(poll_once(steps.next()), None);
    drop(unsent);
    assert_eq!(poll_once(steps.next()), Some(None));

    for refusal in [
        json!("Command watch_steps not found"),
        json!("watch_steps not allowed. …"),
        json!("invalid args `onStep` for command `watch_steps`: …"),
    ] {
        backend.answer("watch_steps", move |_| Err(refusal.clone()));
        let (on_step, mut steps) = channel::<Step>(&backend).unwrap();
        let answer = block_on(watch(&backend, on_step));
        assert!(answer.is_err());
        assert_eq!(poll_once(steps.next()), Some(None), "{answer:?}");
    }
}

#[test]
fn a_command_that_refuses_drops_the_channels_that_it_has_not_kept() {
    let backend = FakeTransport::default();
    backend.answer("watch_steps", |_| Err(json!({"code": "busy"})));
    let (on_step, steps) = channel::<Step>(&backend).unwrap();
    let args = Args { on_step };
    let answer = block_on(call::<(), serde_json::Value>(
        &backend,
        "watch_steps",
        &args,
    ));
    args.on_step.settle(&answer);
    assert!(matches!(answer, Err(IpcError::Command(_))));
    assert_eq!(block_on(steps.count()), 0);
}

#[test]
fn a_channel_whose_command_ran_stays_open_whatever_it_answered() {
    let backend = FakeTransport::default();
    backend.answer("watch_steps", |_| Ok(json!("no unit")));
    let (on_step, mut steps) = channel::<Step>(&backend).unwrap();
    assert!(matches!(
        block_on(watch(&backend, on_step)),
        Err(IpcError::Decode(_))
    ));
    assert_eq!(poll_once(steps.next()), None);
    let argument = &backend.calls("watch_steps")[0]["onStep"];
    backend.channel(argument).send(&Step { number: 0 });
    assert_eq!(block_on(steps.next()), Some(Ok(Step { number: 0 })));
    assert_eq!(block_on(steps.next()), None);
}
