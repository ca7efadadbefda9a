//! The way to the backend inside a Tauri window.
//!
//! The one place that knows Tauri's page-side interface: everything else goes through
//! [`Transport`].

mod call;
mod callback;
mod received;

use futures::{FutureExt, future::Shared};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use self::{
    call::{Settlement, call},
    callback::{Callback, register},
    received::{received, received_alone},
};
use crate::{
    Body, ChannelHandler, ChannelMessage, EventHandler, Listener, Listening, LocalBoxFuture,
    OpenChannel, Rejection, Transport, TransportError,
};

/// What a call is answered with.
type Answer = Result<Body, Rejection>;

/// What stands before a channel's number where a call passes it.
const CHANNEL: &str = "__CHANNEL__:";

/// Speaks to the Tauri app whose window this page is in. Elsewhere, whatever is asked of it is an
/// error that says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct TauriTransport;

impl Transport for TauriTransport {
    fn invoke(
        &self,
        command: &'static str,
        args: String,
    ) -> LocalBoxFuture<Result<Body, Rejection>> {
        answer(command, &args)
    }

    fn listen(&self, event: &'static str, handler: EventHandler) -> Listening {
        match register("payload", move |arrival| handler(arrival.body)) {
            Ok(callback) => listen_with(event, callback),
            Err(error) => Listening {
                listener: Listener::none(),
                registered: Box::pin(async { Err(Rejection::Unreachable(error.reason)) }),
            },
        }
    }

    fn open_channel(&self, handler: ChannelHandler) -> Result<OpenChannel, TransportError> {
        let callback = register("message", move |arrival| {
            let Some(index) = arrival.index else {
                // Only the framework calls this, and it numbers everything.
                return;
            };
            handler(match arrival.is_end {
                true => ChannelMessage::End { count: index },
                false => ChannelMessage::Message {
                    index,
                    body: arrival.body,
                },
            });
        })?;
        Ok(OpenChannel {
            argument: format!("{CHANNEL}{}", callback.id),
            listener: Listener::new(move || drop(callback)),
        })
    }
}

fn listen_with(event: &'static str, callback: Callback) -> Listening {
    let args = format!(
        r#"{{"event":"{event}","target":{{"kind":"Any"}},"handler":{}}}"#,
        callback.id
    );
    // Heard by who waits for it, and by who takes it back.
    let registration = answer("plugin:event|listen", &args).shared();
    let registered = registration.clone().map(|answer| answer.map(|_| ()));
    Listening {
        listener: Listener::new(move || {
            drop(callback);
            spawn_local(unlisten(event, registration));
        }),
        registered: Box::pin(registered),
    }
}

/// Takes the backend's side of a subscription away, as soon as there is one.
async fn unlisten(event: &'static str, registration: Shared<LocalBoxFuture<Answer>>) {
    if let Ok(Body::Json(id)) = registration.await {
        let args = format!(r#"{{"event":"{event}","eventId":{id}}}"#);
        // Refused only when the window is closing: then nothing is left to remove.
        let _ = answer("plugin:event|unlisten", &args).await;
    }
}

/// Makes a call, at once, and waits for its answer.
fn answer(command: &'static str, args: &str) -> LocalBoxFuture<Answer> {
    let called = in_a_page().map(|()| call(command, args));
    Box::pin(async {
        let called = called.map_err(|error| Rejection::Unreachable(error.reason))?;
        match called.await {
            Settlement::Text(json) => Ok(Body::Json(json)),
            Settlement::Other(answer, json) => {
                received(&answer, json).map_err(Rejection::Unreadable)
            }
            // An exception is no answer of the backend's.
            Settlement::Refusal(refusal) if refusal.is_instance_of::<js_sys::Error>() => {
                Err(Rejection::Unreachable(unreachable(refusal).reason))
            }
            Settlement::Refusal(refusal) => {
                Err(received_alone(&refusal).map_or_else(Rejection::Unreadable, Rejection::Refused))
            }
        }
    })
}

/// JavaScript can only be called where there is some.
fn in_a_page() -> Result<(), TransportError> {
    if cfg!(target_arch = "wasm32") {
        Ok(())
    } else {
        Err(TransportError {
            reason: "this is not a page".to_owned(),
        })
    }
}

fn unreachable(thrown: JsValue) -> TransportError {
    let reason = thrown.dyn_ref::<js_sys::Error>().map_or_else(
        || format!("{thrown:?}"),
        |error| String::from(error.message()),
    );
    TransportError { reason }
}
