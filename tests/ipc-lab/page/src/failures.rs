//! Calls that fail, each in another way.

use futures::StreamExt;
use serde_json::{Value, json};
use toolroom_ipc::{IpcError, TauriTransport, call};
use toolroom_ipc_lab_types::{Everything, Numbered, Row};
use toolroom_shared::AppError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{client, told};

/// Has a command fail with an error, given as JSON, and gives back what it failed with.
#[wasm_bindgen]
pub async fn fail_with(json: &str) -> Result<String, String> {
    let error: AppError = serde_json::from_str(json).map_err(told)?;
    match client().fail_with(error).await {
        Err(IpcError::Command(back)) => serde_json::to_string(&back).map_err(told),
        other => Err(format!("{other:?}")),
    }
}

/// Makes calls that the framework refuses or whose answer can't be read. Gives for each what kind
/// of error came and what it says, as JSON.
#[wasm_bindgen]
pub async fn refusals() -> Result<String, String> {
    let client = client();
    let (channel, messages) = client.channel::<Numbered>().map_err(told)?;
    let denied = client.not_granted(channel).await;
    // It ends without the backend, which was never told of it.
    let sent: Vec<_> = messages.collect().await;
    let refusals = json!({
        "not granted": kind(denied),
        "sent through the channel": sent.len(),
        "not handled": kind(client.not_handled().await),
        "not in the contract": kind(by_hand::<()>("no_such_command", json!({})).await),
        "no argument": kind(by_hand::<Everything>("echo_everything", json!({})).await),
        "argument of another type": kind(by_hand::<Row>("get_row", json!({ "number": -1 })).await),
        "answer of another type": kind(by_hand::<Vec<Row>>("get_row", json!({ "number": 1 })).await),
        "another plugin": kind(by_hand::<()>("plugin:event|emit", json!({ "event": "x" })).await),
    });
    serde_json::to_string(&refusals).map_err(told)
}

/// A call that no generated client makes.
async fn by_hand<T: serde::de::DeserializeOwned + 'static>(
    command: &'static str,
    args: Value,
) -> Result<T, IpcError<AppError>> {
    call(&TauriTransport, command, &args).await
}

fn kind<T, E: std::fmt::Display>(result: Result<T, IpcError<E>>) -> [String; 2] {
    let Err(error) = result else {
        return ["Ok", ""].map(str::to_owned);
    };
    let kind = match &error {
        IpcError::Command(_) => "Command",
        IpcError::Denied(_) => "Denied",
        IpcError::BadArguments(_) => "BadArguments",
        IpcError::UnknownCommand(_) => "UnknownCommand",
        IpcError::Decode(_) => "Decode",
        IpcError::Transport(_) => "Transport",
    };
    [kind.to_owned(), error.to_string()]
}
