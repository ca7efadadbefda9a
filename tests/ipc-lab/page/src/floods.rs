//! Channels through which a lot comes, and some that are left in the middle.

use futures::{StreamExt, future::join};
use serde::de::DeserializeOwned;
use toolroom_ipc::ChannelStream;
use toolroom_ipc_lab_types::{Flood, Numbered};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{client, told};

/// Asks for `count` messages whose sizes go round, and gives the [`Flood`] that came, as JSON.
#[wasm_bindgen]
pub async fn flood(count: u32, sizes: Vec<u32>) -> Result<String, String> {
    let client = client();
    let (channel, messages) = client.channel().map_err(told)?;
    let (answer, flood) = join(
        client.flood(count, sizes.clone(), channel),
        read(messages, &sizes, Numbered::of_size),
    )
    .await;
    answer.map_err(told)?;
    serde_json::to_string(&flood).map_err(told)
}

/// The same as Tauri does it by itself.
#[wasm_bindgen]
pub async fn flood_plainly(count: u32, sizes: Vec<u32>) -> Result<String, String> {
    let client = client();
    let (channel, messages) = client.channel().map_err(told)?;
    let (answer, flood) = join(
        client.flood_plainly(count, sizes.clone(), channel),
        read(messages, &sizes, Numbered::of_size),
    )
    .await;
    answer.map_err(told)?;
    serde_json::to_string(&flood).map_err(told)
}

/// The same with raw messages.
#[wasm_bindgen]
pub async fn flood_raw(count: u32, sizes: Vec<u32>) -> Result<String, String> {
    let client = client();
    let (channel, messages) = client.channel().map_err(told)?;
    let (answer, flood) = join(
        client.flood_raw(count, sizes.clone(), channel),
        read(messages, &sizes, Numbered::raw),
    )
    .await;
    answer.map_err(told)?;
    serde_json::to_string(&flood).map_err(told)
}

/// Reads to the end.
async fn read<T: DeserializeOwned + PartialEq + 'static>(
    mut messages: ChannelStream<T>,
    sizes: &[u32],
    expected: impl Fn(u32, u32) -> T,
) -> Flood {
    let mut flood = Flood::default();
    let mut sizes = sizes.iter().cycle();
    while let Some(message) = messages.next().await {
        let size = sizes.next().copied().unwrap_or_default();
        match message {
            Ok(message) if message == expected(flood.received, size) => flood.in_place += 1,
            Ok(_) => {}
            Err(_) => flood.unreadable += 1,
        }
        flood.received += 1;
    }
    flood.ended = true;
    flood
}

/// Asks for `count` messages, and leaves after `read` of them. Gives how many were read by then.
#[wasm_bindgen]
pub async fn drop_early(count: u32, sizes: Vec<u32>, read: u32) -> Result<u32, String> {
    let client = client();
    let (channel, messages) = client.channel::<Numbered>().map_err(told)?;
    let leave = async {
        let some: Vec<_> = messages.take(read as usize).collect().await;
        some.len() as u32
    };
    let (answer, have_come) = join(client.flood_plainly(count, sizes, channel), leave).await;
    answer.map_err(told)?;
    Ok(have_come)
}
