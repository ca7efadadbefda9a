//! Values that go to the backend and come back: as an answer, through a channel, as an event.

use futures::{StreamExt, channel::mpsc};
use toolroom_ipc::{ChannelStream, DecodeError};
use toolroom_ipc_lab_types::Everything;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{bindings::Client, client, told};

/// Sends a value, given as JSON, there and back every way, and gives what came back on each, as
/// JSON by the way's name. An error where that isn't equal to what was sent.
#[wasm_bindgen]
pub async fn every_way(json: &str) -> Result<String, String> {
    let value: Everything = serde_json::from_str(json).map_err(told)?;
    let client = client();
    let answer = client.echo_everything(value.clone()).await;
    let plain_answer = client.echo_everything_plainly(value.clone()).await;
    let (channel, messages) = client.channel().map_err(told)?;
    let sent = client.echo_through_channel(value.clone(), channel).await;
    sent.map_err(told)?;
    let (channel, plain_messages) = client.channel().map_err(told)?;
    let sent = client
        .echo_through_channel_plainly(value.clone(), channel)
        .await;
    sent.map_err(told)?;
    let mut came = serde_json::Map::new();
    for (way, back) in [
        ("answer", answer.map_err(told)),
        ("plain answer", plain_answer.map_err(told)),
        ("message", only(messages).await.map_err(told)),
        ("plain message", only(plain_messages).await.map_err(told)),
        ("event", event(&client, &value).await),
    ] {
        let back = back.map_err(|why| format!("{way}: {why}"))?;
        if back != value {
            return Err(format!("{way}: sent {value:?}, and {back:?} came back"));
        }
        came.insert(way.to_owned(), serde_json::to_value(back).map_err(told)?);
    }
    serde_json::to_string(&came).map_err(told)
}

/// The one message of a channel.
async fn only(messages: ChannelStream<Everything>) -> Result<Everything, String> {
    let all: Vec<Result<_, DecodeError>> = messages.collect().await;
    let count = all.len();
    match <[_; 1]>::try_from(all) {
        Ok([message]) => message.map_err(told),
        Err(_) => Err(format!("{count} messages")),
    }
}

async fn event(client: &Client, value: &Everything) -> Result<Everything, String> {
    let (heard, mut values) = mpsc::unbounded();
    let listener = client
        .on_echo(move |value| {
            // Nobody waits any more once one has come.
            let _ = heard.unbounded_send(value);
        })
        .await
        .map_err(told)?;
    client.echo_as_event(value.clone()).await.map_err(told)?;
    let back = values.next().await.ok_or("nothing was heard")?;
    drop(listener);
    back.map_err(told)
}
