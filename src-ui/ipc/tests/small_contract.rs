//! The generated client of the small contract, as it was reviewed, over the transport in memory:
//! every command, the event, the channel, and each way to fail. Those of the other contracts of
//! the generator's tests need only compile.

#![deny(warnings)]
#![allow(clippy::unwrap_used)] // a test
#![allow(unexpected_cfgs)] // the types are described where there is specta, which is not here

#[rustfmt::skip]
#[path = "../../../src-tauri/codegen/tests/snapshots/small_contract.rs"]
mod client;
#[rustfmt::skip]
#[path = "../../../src-tauri/codegen/tests/snapshots/empty_contract.rs"]
mod empty_client;
#[rustfmt::skip]
#[path = "../../../src-tauri/codegen/tests/snapshots/odd_contract.rs"]
mod odd_client;
#[path = "../../../src-tauri/codegen/tests/small_contract/types.rs"]
mod types;

mod odd_types {
    //! The one type that the odd contract has in a shared crate.

    /// A key that has an order and no hash.
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
    pub struct Key(pub String);
}

use std::sync::{Arc, Mutex};

use futures::{StreamExt, executor::block_on, future::join};
use proptest::{collection, option, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use toolroom_ipc::{Body, FakeTransport, IpcError, Rejection};

use client::Client;
use types::{Counts, Each, Facts, Page, Query, Refusal, Shape, Step, Stored};

fn connected() -> (FakeTransport, Client) {
    let backend = FakeTransport::default();
    let client = Client::new(Arc::new(backend.clone()));
    (backend, client)
}

/// What the backend's own serde makes of a value, there and back.
fn answers<T: Serialize + DeserializeOwned>(backend: &FakeTransport, command: &str, value: &T) {
    let text = serde_json::to_string(value).unwrap();
    backend.answer_with(command, move |_| Ok(Body::Json(text.clone())));
}

fn shapes() -> impl Strategy<Value = Shape> {
    let number = -1e300..1e300;
    prop_oneof![
        Just(Shape::Empty),
        number.clone().prop_map(Shape::Circle),
        (number.clone(), number).prop_map(|(width, height)| Shape::RightAngled { width, height }),
    ]
}

fn refusals() -> impl Strategy<Value = Refusal> {
    prop_oneof![
        Just(Refusal::Busy),
        any::<String>().prop_map(|name| Refusal::NotFound { name }),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn stored() -> impl Strategy<Value = Stored> {
    let facts = (
        any::<u64>(),
        collection::btree_map(any::<String>(), any::<String>(), 0..4),
    )
        .prop_map(|(size, labels)| Facts { size, labels });
    let place = option::of((-1e30_f32..1e30, -1e30_f32..1e30));
    (any::<String>(), facts, place, anything()).prop_map(|(r#type, facts, place, extra)| Stored {
        r#type,
        facts,
        place,
        extra,
    })
}

fn pages() -> impl Strategy<Value = Page<Stored>> {
    (collection::vec(stored(), 0..4), option::of(any::<String>()))
        .prop_map(|(items, next_cursor)| Page { items, next_cursor })
}

fn queries() -> impl Strategy<Value = Query> {
    (collection::vec(any::<String>(), 0..4), any::<u32>())
        .prop_map(|(words, limit)| Query { words, limit })
}

proptest! {
    #[test]
    fn arguments_and_answers_arrive_as_they_were_sent(query in queries(), page in pages()) {
        let (backend, client) = connected();
        answers(&backend, "find_things", &page);
        let answer = block_on(client.find_things(query.clone(), true));
        prop_assert_eq!(answer, Ok(page));
        prop_assert_eq!(
            backend.calls("find_things"),
            [json!({"query": query, "firstPage": true})]
        );
    }

    #[test]
    fn a_command_without_an_error_of_its_own_gives_maps(
        counts in collection::hash_map(any::<String>(), any::<u32>(), 0..5)
    ) {
        let (backend, client) = connected();
        let counts: Counts = counts;
        answers(&backend, "count_names", &counts);
        let names: Vec<_> = counts.keys().cloned().collect();
        let answer = block_on(client.count_names(names.clone()));
        prop_assert_eq!(answer, Ok(counts));
        prop_assert_eq!(backend.calls("count_names"), [json!({"names": names})]);
    }

    #[test]
    fn each_of_many_may_fail_by_itself(
        each in collection::vec(prop_oneof![
            shapes().prop_map(Ok),
            refusals().prop_map(Err),
        ], 0..5)
    ) {
        let (backend, client) = connected();
        let each: Each = each;
        answers(&backend, "try_each", &each);
        let shapes: Vec<_> = each.iter().flatten().cloned().collect();
        let answer = block_on(client.try_each(shapes.clone()));
        prop_assert_eq!(answer, Ok(each));
        prop_assert_eq!(backend.calls("try_each"), [json!({"shapes": shapes})]);
    }

    #[test]
    fn bytes_arrive_listed_or_raw(name: String, at: Option<u32>, bytes: Vec<u8>) {
        let (backend, client) = connected();
        answers(&backend, "read_bytes", &bytes);
        let answer = block_on(client.read_bytes(name.clone(), at));
        prop_assert_eq!(answer, Ok(bytes.clone()));
        prop_assert_eq!(backend.calls("read_bytes"), [json!({"name": name, "at": at})]);
        let raw = bytes.clone();
        backend.answer_with("read_bytes", move |_| Ok(Body::Raw(raw.clone())));
        let answer = block_on(client.read_bytes(name, at));
        prop_assert_eq!(answer, Ok(bytes));
    }

    #[test]
    fn a_refusal_arrives_as_the_commands_own_error(refusal in refusals()) {
        let (backend, client) = connected();
        let error = refusal.clone();
        backend.answer("try_each", move |_| Err(json!(error)));
        let answer = block_on(client.try_each(Vec::new()));
        prop_assert_eq!(answer, Err(IpcError::Command(refusal)));
    }
}

#[test]
#[allow(deprecated)]
fn every_way_to_fail_is_told_apart() {
    let (backend, client) = connected();
    let text = "Command old_way not found".to_owned();
    assert_eq!(
        block_on(client.old_way()),
        Err(IpcError::UnknownCommand(text))
    );

    let refused = |text: &'static str| {
        backend.answer("old_way", move |_| Err(json!(text)));
        block_on(client.old_way())
    };
    let text = "Command old_way not allowed by ACL";
    assert_eq!(refused(text), Err(IpcError::Denied(text.into())));
    let text = "invalid args `x` for command `old_way`: missing";
    assert_eq!(refused(text), Err(IpcError::BadArguments(text.into())));

    backend.answer("old_way", |_| Ok(json!("more than nothing")));
    assert!(matches!(
        block_on(client.old_way()),
        Err(IpcError::Decode(_))
    ));
    backend.answer_with("old_way", |_| Err(Rejection::Unreadable("a BigInt".into())));
    assert!(matches!(
        block_on(client.old_way()),
        Err(IpcError::Decode(_))
    ));
    backend.answer_with("old_way", |_| Err(Rejection::Unreachable("gone".into())));
    assert_eq!(
        block_on(client.old_way()),
        Err(IpcError::Transport("gone".into()))
    );

    backend.answer("old_way", |_| Ok(Value::Null));
    assert_eq!(block_on(client.old_way()), Ok(()));
}

#[test]
fn a_command_tells_of_its_steps_through_a_channel() {
    let (backend, client) = connected();
    let answering = backend.clone();
    backend.answer("watch_steps", move |args| {
        let steps = answering.channel(&args["onStep"]);
        for number in 0..args["count"].as_u64().unwrap() {
            steps.send(&json!({"number": number, "text": "on"}));
        }
        Ok(Value::Null)
    });
    let (on_step, steps) = client.channel::<Step>().unwrap();
    let numbers = steps.map(|step| step.unwrap().number).collect::<Vec<_>>();
    let (answer, numbers) = block_on(join(client.watch_steps(3, on_step), numbers));
    assert_eq!((answer, numbers), (Ok(()), vec![0, 1, 2]));
    assert_eq!(backend.channels(), 0);
}

#[test]
fn a_channel_ends_if_its_command_is_refused_by_the_framework_and_the_page_waits_for_nothing() {
    let (_, client) = connected();
    let (on_step, steps) = client.channel::<Step>().unwrap();
    let (answer, steps) = block_on(join(client.watch_steps(3, on_step), steps.count()));
    assert!(matches!(answer, Err(IpcError::UnknownCommand(_))));
    assert_eq!(steps, 0);
}

#[test]
fn an_event_is_heard_as_what_it_wraps_until_its_listener_is_dropped() {
    let (backend, client) = connected();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let keep = heard.clone();
    let listener = block_on(client.on_thing_stored(move |page| keep.lock().unwrap().push(page)));
    let page = Page::<Stored> {
        items: Vec::new(),
        next_cursor: Some("next".into()),
    };
    backend.emit("thing-stored", &page);
    backend.emit("thing-stored", &json!({"items": 7}));
    drop(listener.unwrap());
    backend.emit("thing-stored", &page);
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0], Ok(page));
    assert!(heard[1].is_err());
}

#[test]
#[allow(deprecated)]
fn a_plugins_command_is_called_by_its_name_on_the_wire() {
    let backend = FakeTransport::default();
    let client = odd_client::Client::new(Arc::new(backend.clone()));
    backend.answer("plugin:odd|match", |_| Ok(json!([7])));
    let answer = block_on(client.match_types("a".into(), 1, Some(0..3)));
    assert_eq!(answer, Ok((7,)));
    let args = json!({"type": "a", "count": 1, "jobId": {"start": 0, "end": 3}});
    assert_eq!(backend.calls("plugin:odd|match"), [args]);
}
