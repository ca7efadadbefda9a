//! The typed IPC in a real window: everything that crosses the wire, in the lab.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Value, json};
use tokio::{runtime::Handle, task::block_in_place};
use toolroom_ipc_lab_types::{Everything, Flood};
use toolroom_shared::AppError;
use toolroom_tests::{
    any,
    lab::{Lab, Side},
};

/// Has one window look at many values; the one that is told of is the smallest that goes wrong.
fn for_all<V: std::fmt::Debug>(
    cases: u32,
    values: impl Strategy<Value = V>,
    look: impl AsyncFn(V) -> anyhow::Result<()>,
) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 500,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&values, |value| {
        block_in_place(|| Handle::current().block_on(look(value)))
            .map_err(|error| TestCaseError::fail(format!("{error:#}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// How a value can come back. Large ones are sent as bytes by the app, and otherwise by Tauri
/// itself.
const WAYS: [&str; 5] = [
    "answer",
    "plain answer",
    "message",
    "plain message",
    "event",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_type_comes_back_as_it_was_sent_whichever_way_it_goes() {
    let lab = Lab::open().await.unwrap();
    let before = lab.state().await.unwrap().callbacks;
    for_all(200, any::everything(), async |value| {
        let text = serde_json::to_string(&value)?;
        let mut came = lab.typed("every_way", json!([text])).await?;
        for way in WAYS {
            let back: Everything = serde_json::from_value(came[way].take())?;
            anyhow::ensure!(back == value, "{way}: {back:?} came back");
        }
        Ok(())
    });
    // Where no script is involved, every field keeps its name.
    let named = json!({ "__proto__": { "__proto__": 1 }, "constructor": null });
    let odd = any::error().prop_map(move |error| AppError {
        details: named.clone(),
        ..error
    });
    for_all(
        100,
        prop_oneof![9 => any::error(), 1 => odd],
        async |error| {
            let text = serde_json::to_string(&error)?;
            let back: AppError =
                serde_json::from_value(lab.typed("fail_with", json!([text])).await?)?;
            anyhow::ensure!(back == error, "{back:?} came back");
            Ok(())
        },
    );
    lab.wait_for_callbacks(before).await.unwrap();
    let state = lab.state().await.unwrap();
    assert_eq!(state.errors, [""; 0]);
    lab.close().await.unwrap();
}

/// Tauri sends a message of JSON of 8,192 bytes and more, and one of 1,024 bytes of anything else,
/// another way than smaller ones, by which they overtake each other. What the app sends itself has
/// one byte more in front.
const AROUND_JSON: &[u32] = &[
    100, 8_191, 200, 60, 8_192, 100, 100, 60, 8_193, 8_191, 300, 100, 20_000, 60, 60, 100, 1_000,
    200, 60, 100, 100, 8_190, 60, 60, 60, 100, 100, 60, 60, 100, 2_000, 60, 60, 60, 60, 60, 80, 60,
    60, 60, 60, 100, 60, 60, 60, 60, 300, 60,
];
const AROUND_BYTES: &[u32] = &[
    60, 1_023, 100, 1_024, 60, 60, 60, 100, 1_025, 60, 5_000, 1_022, 60, 60, 60, 1_024, 60, 60, 60,
    60, 60, 200, 60, 1_023, 60, 60, 60, 60, 300, 60,
];

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_messages_come_in_order_and_leave_nothing_behind() {
    let lab = Lab::open().await.unwrap();
    let before = lab.state().await.unwrap();
    // In turns: the backend doesn't wait for the page, so what is on its way takes memory.
    for (function, sizes, turns) in [
        ("flood_plainly", AROUND_JSON, 5),
        ("flood", AROUND_BYTES, 4),
        ("flood_raw", AROUND_BYTES, 1),
    ] {
        for _ in 0..turns {
            let count = 10_000;
            let came = lab.typed(function, json!([count, sizes])).await.unwrap();
            let flood: Flood = serde_json::from_value(came).unwrap();
            let whole = Flood {
                received: count,
                in_place: count,
                unreadable: 0,
                ended: true,
            };
            assert_eq!(flood, whole, "{function}");
        }
    }
    assert_eq!(lab.state().await.unwrap(), before);
    lab.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_left_in_the_middle_leaves_nothing_behind() {
    let lab = Lab::open().await.unwrap();
    let before = lab.state().await.unwrap().callbacks;
    for read in [0, 1, 5, 13, 99, 100] {
        let args = json!([100, AROUND_JSON, read]);
        let done = lab.run(Side::Typed, "drop_early", args).await.unwrap();
        assert_eq!(done.value, json!(read));
        // Whatever was on its way still comes, to nobody.
        lab.wait_for_callbacks(before).await.unwrap();
    }
    let flood = lab.typed("flood", json!([10, [100, 2_000]])).await.unwrap();
    assert_eq!(flood["in_place"], 10);
    let state = lab.state().await.unwrap();
    assert_eq!((state.callbacks, state.errors), (before, Vec::new()));
    lab.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn listeners_that_are_dropped_at_odd_moments_are_gone_on_both_sides() {
    let lab = Lab::open().await.unwrap();
    let before = lab.state().await.unwrap().callbacks;
    lab.run(Side::Typed, "listen_and_drop", json!([100]))
        .await
        .unwrap();
    lab.wait_for_callbacks(before).await.unwrap();
    lab.state().await.unwrap();
    // If the backend still knew of a listener that the page has dropped, it would call it now.
    let heard = lab.typed("hear", json!([20])).await.unwrap();
    assert_eq!(heard, json!(Vec::from_iter(0..20)));
    lab.wait_for_callbacks(before).await.unwrap();
    let state = lab.state().await.unwrap();
    assert_eq!((state.unheard, state.errors), (0, Vec::new()));
    lab.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_of_the_framework_is_an_error_of_its_own() {
    let lab = Lab::open().await.unwrap();
    let before = lab.state().await.unwrap();
    let refusals = lab.typed("refusals", json!([])).await.unwrap();
    for (what, kind, said) in [
        ("not granted", "Denied", "not_granted"),
        ("not handled", "UnknownCommand", "not_handled"),
        // Nobody can have granted what isn't there.
        ("not in the contract", "Denied", "no_such_command"),
        ("no argument", "BadArguments", "value"),
        ("argument of another type", "BadArguments", "number"),
        ("answer of another type", "Decode", "get_row"),
        ("another plugin", "Denied", "emit"),
    ] {
        let [came, text]: [String; 2] = serde_json::from_value(refusals[what].clone()).unwrap();
        assert_eq!(came, kind, "{what}: {text}");
        assert!(text.contains(said), "{what}: {text}");
    }
    assert_eq!(refusals["sent through the channel"], Value::from(0));
    assert_eq!(lab.state().await.unwrap(), before);
    lab.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_typed_and_the_official_way_give_the_same() {
    let lab = Lab::open().await.unwrap();
    for (function, args) in [
        ("calls_in_a_row", vec![1, 20]),
        ("calls_in_a_row", vec![1_000, 3]),
        ("calls_at_once", vec![1, 100, 16]),
        ("calls_at_once", vec![1_000, 20, 16]),
        ("messages", vec![300, 200]),
        ("messages", vec![100, 20_000]),
        ("raw_messages", vec![50, 2_000]),
    ] {
        let bare = lab.run(Side::Bare, function, json!(args)).await.unwrap();
        for plainly in [false, true] {
            let mut args: Vec<Value> = args.iter().copied().map(Value::from).collect();
            args.push(Value::from(plainly));
            let typed = lab.run(Side::Typed, function, json!(args)).await.unwrap();
            assert_eq!(typed.value, bare.value, "{function} {args:?}");
        }
    }
    lab.close().await.unwrap();
}
