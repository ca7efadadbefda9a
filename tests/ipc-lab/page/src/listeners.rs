//! Listeners that are dropped at odd moments.

use std::cell::RefCell;

use futures::{
    StreamExt,
    channel::mpsc,
    future::{join, poll_immediate},
};
use toolroom_ipc::Listener;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{client, told};

thread_local! {
    /// A listener that its own handler drops: what a handler holds must be sendable, and a listener
    /// isn't.
    static HELD: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Listens `count` times, and drops the listener at another moment each time, while events come.
#[wasm_bindgen]
pub async fn listen_and_drop(count: u32) -> Result<(), String> {
    for number in 0..count {
        let client = client();
        let (emitted, dropped) = join(client.emit_many(3), drop_at(number)).await;
        emitted.map_err(told)?;
        dropped?;
    }
    Ok(())
}

async fn drop_at(moment: u32) -> Result<(), String> {
    let client = client();
    let mut listen = Box::pin(client.on_tick(|_| {}));
    match moment % 5 {
        // Before it has begun.
        0 => drop(listen),
        // Before the backend knows of it.
        1 => {
            poll_immediate(&mut listen).await;
            drop(listen);
        }
        // After a while, with the backend's answer on its way.
        2 => {
            poll_immediate(&mut listen).await;
            client.emit_many(1).await.map_err(told)?;
            drop(listen);
        }
        // Once it is there.
        3 => drop(listen.await.map_err(told)?),
        // While it hears something.
        _ => drop_within_handler().await?,
    }
    Ok(())
}

async fn drop_within_handler() -> Result<(), String> {
    let client = client();
    let (heard, mut ticks) = mpsc::unbounded();
    let listener = client
        .on_tick(move |_| {
            HELD.take();
            // Nobody waits any more once one has come.
            let _ = heard.unbounded_send(());
        })
        .await
        .map_err(told)?;
    HELD.set(Some(listener));
    client.emit_many(1).await.map_err(told)?;
    ticks.next().await.ok_or_else(|| told("nothing was heard"))
}

/// Listens until `count` events have come, and gives their numbers as JSON.
#[wasm_bindgen]
pub async fn hear(count: u32) -> Result<String, String> {
    let client = client();
    let (heard, ticks) = mpsc::unbounded();
    let listener = client
        .on_tick(move |tick| {
            // Nobody waits any more once all have come.
            let _ = heard.unbounded_send(tick);
        })
        .await
        .map_err(told)?;
    client.emit_many(count).await.map_err(told)?;
    let ticks: Vec<_> = ticks.take(count as usize).collect().await;
    drop(listener);
    let numbers: Result<Vec<u32>, _> = ticks
        .into_iter()
        .map(|tick| tick.map(|tick| tick.number))
        .collect();
    serde_json::to_string(&numbers.map_err(told)?).map_err(told)
}
