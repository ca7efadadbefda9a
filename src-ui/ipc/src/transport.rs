//! What a client needs of the way to the backend.

use std::{future::Future, pin::Pin, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{DecodeError, IpcError, Listener};

/// A future that stays on its thread, as everything in a page does.
pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Takes an event's payload.
pub type EventHandler = Box<dyn Fn(Value) + Send + Sync>;

/// What a call is answered with when it gives no result.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// The backend answered with this.
    Answered(Value),
    /// No answer came; the reason in words.
    Unreachable(String),
}

/// A way to the backend.
pub trait Transport: Send + Sync {
    /// Calls `command`. `args` is an object, its keys in lowerCamelCase.
    fn invoke(
        &self,
        command: &'static str,
        args: Value,
    ) -> LocalBoxFuture<Result<Value, Rejection>>;

    /// Hands the payload of every later `event` to `handler`, until the listener is dropped.
    fn listen(
        &self,
        event: &'static str,
        handler: EventHandler,
    ) -> LocalBoxFuture<Result<Listener, Rejection>>;
}

/// One typed call; what the generated client is made of.
pub(crate) async fn call<T, E>(
    transport: Arc<dyn Transport>,
    command: &'static str,
    args: impl Serialize,
) -> Result<T, IpcError<E>>
where
    T: DeserializeOwned,
    E: DeserializeOwned,
{
    let args = serde_json::to_value(args)
        .map_err(|why| IpcError::BadArguments(format!("{command}: {why}.")))?;
    let answer = transport
        .invoke(command, args)
        .await
        .map_err(IpcError::from_rejection)?;
    T::deserialize(&answer).map_err(|why| IpcError::Decode(format!("{command}: {why}.")))
}

/// One typed subscription; what the generated client is made of.
pub(crate) async fn listen<T>(
    transport: Arc<dyn Transport>,
    event: &'static str,
    handler: impl Fn(Result<T, DecodeError>) + Send + Sync + 'static,
) -> Result<Listener, IpcError<Value>>
where
    T: DeserializeOwned,
{
    let decode = move |payload: Value| {
        handler(T::deserialize(&payload).map_err(|why| DecodeError {
            event,
            reason: why.to_string(),
        }));
    };
    transport
        .listen(event, Box::new(decode))
        .await
        .map_err(IpcError::from_rejection)
}
