//! Values that go to the backend and come back: as an answer, through a channel, as an event.

use futures::{StreamExt, channel::mpsc};
use toolroom_ipc_lab_types::Everything;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{client, told};

/// Sends a value, given as JSON, there and back, and gives what came back. An error if that isn't
/// equal to what was sent.
#[wasm_bindgen]
pub async fn as_answer(json: &str) -> Result<String, String> {
    let value: Everything = serde_json::from_str(json).map_err(told)?;
    let back = client()
        .echo_everything(value.clone())
        .await
        .map_err(told)?;
    same(&value, &back)
}

/// The same through a channel.
#[wasm_bindgen]
pub async fn through_channel(json: &str) -> Result<String, String> {
    let value: Everything = serde_json::from_str(json).map_err(told)?;
    let client = client();
    let (channel, mut values) = client.channel::<Everything>().map_err(told)?;
    let sent = client.echo_through_channel(value.clone(), channel).await;
    sent.map_err(told)?;
    let back = values.next().await.ok_or("the channel has ended")?;
    same(&value, &back.map_err(told)?)
}

/// The same as an event.
#[wasm_bindgen]
pub async fn as_event(json: &str) -> Result<String, String> {
    let value: Everything = serde_json::from_str(json).map_err(told)?;
    let client = client();
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
    same(&value, &back.map_err(told)?)
}

fn same(sent: &Everything, back: &Everything) -> Result<String, String> {
    if sent != back {
        return Err(format!("sent {sent:?}, and {back:?} came back"));
    }
    serde_json::to_string(back).map_err(told)
}
