//! Work whose speed is measured, through the typed client; `lab.js` does the same past it.
//!
//! Each function reads all that comes and gives a number for it, by which both sides show that they
//! did the same. What is large comes as the app's own does, in bytes, or plainly, as Tauri sends it
//! by itself.

use std::{cell::Cell, future::Future};

use futures::{StreamExt, TryStreamExt, future::try_join, stream::FuturesUnordered};
use serde::de::DeserializeOwned;
use toolroom_ipc::ChannelStream;
use toolroom_ipc_lab_types::{Numbered, Row};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{bindings::Client, client, told};

/// Makes `count` calls one after the other, each answered with so many rows.
#[wasm_bindgen]
pub async fn calls_in_a_row(rows: u32, count: u32, plainly: bool) -> Result<f64, String> {
    let client = client();
    let mut sum = 0.0;
    for number in 0..count {
        sum += one_call(&client, rows, number, plainly).await?;
    }
    Ok(sum)
}

/// Makes `count` calls, `at_once` of them at a time.
#[wasm_bindgen]
pub async fn calls_at_once(
    rows: u32,
    count: u32,
    at_once: u32,
    plainly: bool,
) -> Result<f64, String> {
    let client = client();
    let next = Cell::new(0);
    let worker = async || {
        let mut sum = 0.0;
        while next.get() < count {
            let number = next.replace(next.get() + 1);
            sum += one_call(&client, rows, number, plainly).await?;
        }
        Ok::<_, String>(sum)
    };
    // Each is woken by its own answer alone, as tasks of a page are.
    let workers: FuturesUnordered<_> = (0..at_once).map(|_| worker()).collect();
    workers.try_fold(0.0, async |all, sum| Ok(all + sum)).await
}

async fn one_call(client: &Client, rows: u32, number: u32, plainly: bool) -> Result<f64, String> {
    if rows == 1 {
        return Ok(client.get_row(number).await.map_err(told)?.touch());
    }
    let rows = match plainly {
        true => client.list_rows_plainly(rows).await,
        false => client.list_rows(rows).await,
    };
    Ok(rows.map_err(told)?.iter().map(Row::touch).sum())
}

/// Has `count` messages of `size` bytes of JSON sent through a channel.
#[wasm_bindgen]
pub async fn messages(count: u32, size: u32, plainly: bool) -> Result<f64, String> {
    let client = client();
    let (channel, messages) = client.channel().map_err(told)?;
    let answer = async {
        match plainly {
            true => client.flood_plainly(count, vec![size], channel).await,
            false => client.flood(count, vec![size], channel).await,
        }
    };
    let read = read(messages, count, |message: Numbered| {
        f64::from(message.number) + message.filling.len() as f64
    });
    all(answer, read).await
}

/// Has `count` raw messages of `size` bytes sent through a channel.
#[wasm_bindgen]
pub async fn raw_messages(count: u32, size: u32) -> Result<f64, String> {
    let client = client();
    let (channel, messages) = client.channel().map_err(told)?;
    let answer = client.flood_raw(count, vec![size], channel);
    let read = read(messages, count, |bytes: Vec<u8>| {
        let number = bytes
            .first_chunk()
            .map_or(0, |four| u32::from_le_bytes(*four));
        f64::from(number) + bytes.len() as f64
    });
    all(answer, read).await
}

async fn read<T: DeserializeOwned + 'static>(
    messages: ChannelStream<T>,
    count: u32,
    touch: impl Fn(T) -> f64,
) -> Result<f64, String> {
    let mut messages = messages.take(count as usize);
    let mut sum = 0.0;
    while let Some(message) = messages.next().await {
        sum += touch(message.map_err(told)?);
    }
    Ok(sum)
}

async fn all<E: std::fmt::Display>(
    answer: impl Future<Output = Result<(), E>>,
    read: impl Future<Output = Result<f64, String>>,
) -> Result<f64, String> {
    let answer = async { answer.await.map_err(told) };
    Ok(try_join(answer, read).await?.1)
}
