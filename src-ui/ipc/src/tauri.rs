//! The way to the backend inside a Tauri window.
//!
//! The one place that knows Tauri's page-side interface: everything else goes through
//! [`Transport`].

// The bindings to JavaScript expand to foreign functions, which Rust calls unsafe.
#![allow(unsafe_code)]

use js_sys::{Array, ArrayBuffer, JSON, JsString, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{
    Body, ChannelHandler, ChannelMessage, EventHandler, Field, Listener, Listening, LocalBoxFuture,
    OpenChannel, Received, Rejection, Transport, TransportError,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"])]
    fn invoke(command: &str, args: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback)]
    fn register_callback(callback: &JsValue) -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = unregisterCallback)]
    fn unregister_callback(id: f64) -> Result<(), JsValue>;

    /// What a callback is called with: an event, or what came through a channel.
    type Message;

    #[wasm_bindgen(method, getter)]
    fn payload(this: &Message) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn message(this: &Message) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn index(this: &Message) -> Option<f64>;

    #[wasm_bindgen(method, getter)]
    fn end(this: &Message) -> JsValue;
}

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
        let sent = send(command, &args);
        Box::pin(async move { answer(sent?).await })
    }

    fn listen(&self, event: &'static str, handler: EventHandler) -> Listening {
        match register(move |message| handler(received(&message.payload()))) {
            Ok(callback) => listen_with(event, callback),
            Err(error) => Listening {
                listener: Listener::none(),
                registered: Box::pin(async { Err(Rejection::Unreachable(error.reason)) }),
            },
        }
    }

    fn open_channel(&self, handler: ChannelHandler) -> Result<OpenChannel, TransportError> {
        let callback = register(move |message| {
            // Only the framework calls this, and it numbers everything.
            if let Some(index) = message.index() {
                handler(channel_message(&message, index as usize));
            }
        })?;
        Ok(OpenChannel {
            argument: format!("{CHANNEL}{}", callback.id),
            listener: Listener::new(move || drop(callback)),
        })
    }
}

fn channel_message(message: &Message, index: usize) -> ChannelMessage {
    if message.end().is_truthy() {
        return ChannelMessage::End { count: index };
    }
    ChannelMessage::Message {
        index,
        body: received(&message.message()),
    }
}

/// A function of the page's that the backend can have called, until this is dropped.
struct Callback {
    id: f64,
    /// Held for as long as JavaScript may call it; it may be let go of while it runs.
    _function: Closure<dyn Fn(Message)>,
}

impl Drop for Callback {
    fn drop(&mut self) {
        // Fails only where there is no window any more, and then nothing is registered.
        let _ = unregister_callback(self.id);
    }
}

fn register(function: impl Fn(Message) + 'static) -> Result<Callback, TransportError> {
    in_a_page()?;
    let function = Closure::<dyn Fn(Message)>::new(function);
    let id = register_callback(function.as_ref()).map_err(unreachable)?;
    Ok(Callback {
        id,
        _function: function,
    })
}

fn listen_with(event: &'static str, callback: Callback) -> Listening {
    let args = format!(
        r#"{{"event":"{event}","target":{{"kind":"Any"}},"handler":{}}}"#,
        callback.id
    );
    let sent = send("plugin:event|listen", &args);
    let registration = sent.clone();
    let listener = Listener::new(move || {
        drop(callback);
        if let Ok(registration) = registration {
            spawn_local(unlisten(event, registration));
        }
    });
    Listening {
        listener,
        registered: Box::pin(async move { answer(sent?).await.map(|_| ()) }),
    }
}

/// Takes the backend's side of a subscription away, as soon as there is one.
async fn unlisten(event: &'static str, registration: Promise) {
    if let Ok(Body::Json(id)) = answer(registration).await {
        let args = format!(r#"{{"event":"{event}","eventId":{id}}}"#);
        if let Ok(sent) = send("plugin:event|unlisten", &args) {
            // Refused only when the window is closing: then nothing is left to remove.
            let _ = JsFuture::from(sent).await;
        }
    }
}

fn send(command: &str, args: &str) -> Result<Promise, Rejection> {
    let sent = in_a_page().and_then(|()| {
        let args = match args {
            "{}" => JsValue::UNDEFINED,
            args => JSON::parse(args).map_err(unreachable)?,
        };
        invoke(command, &args).map_err(unreachable)
    });
    sent.map_err(|error| Rejection::Unreachable(error.reason))
}

async fn answer(sent: Promise) -> Result<Body, Rejection> {
    match JsFuture::from(sent).await {
        Ok(answer) => received(&answer).map_err(Rejection::Unreadable),
        // An exception is no answer of the backend's.
        Err(refusal) if refusal.is_instance_of::<js_sys::Error>() => {
            Err(Rejection::Unreachable(unreachable(refusal).reason))
        }
        Err(refusal) => {
            Err(received(&refusal).map_or_else(Rejection::Unreadable, Rejection::Refused))
        }
    }
}

/// Takes a value out of JavaScript.
///
/// As text, in one go: reading an object property by property crosses between JavaScript and
/// WebAssembly for each of them. In WebKit a page of 100 kB with 380 rows takes half as long this
/// way, and a reply of 100 bytes a microsecond either way. But a long string is taken as it is,
/// three to six times as fast as through JSON: by itself, or out of the object that it stands in.
fn received(value: &JsValue) -> Received {
    if let Some(text) = value.as_string() {
        return Ok(Body::Text(text));
    }
    if let Some(bytes) = value.dyn_ref::<ArrayBuffer>() {
        return Ok(Body::Raw(Uint8Array::new(bytes).to_vec()));
    }
    if has_long_string(value) {
        return fields(value).map(Body::Fields);
    }
    // JavaScript has no text for `undefined`, nor for a function.
    match stringify(value)? {
        Some(json) => Ok(Body::Json(json)),
        None if value.is_undefined() => Ok(Body::Json("null".to_owned())),
        None => Err("it can't be put into JSON".to_owned()),
    }
}

/// Whether `value` is an object of a few fields and one of them is a string that is worth taking
/// by itself.
fn has_long_string(value: &JsValue) -> bool {
    const FEW: u32 = 16;
    const LONG: u32 = 4_096;
    let Some(object) = value
        .dyn_ref::<Object>()
        .filter(|_| !Array::is_array(value))
    else {
        return false;
    };
    let values = Object::values(object);
    let is_long = |value: JsValue| {
        let text = value.dyn_ref::<JsString>();
        text.is_some_and(|text| text.length() > LONG)
    };
    values.length() <= FEW && values.iter().any(is_long)
}

fn fields(object: &JsValue) -> Result<Vec<(String, Field)>, String> {
    let mut fields = Vec::new();
    for entry in Object::entries(object.unchecked_ref()) {
        let entry: Array = entry.unchecked_into();
        let (key, value) = (entry.get(0), entry.get(1));
        let field = match value.as_string() {
            Some(text) => Some(Field::Text(text)),
            None => stringify(&value)?.map(Field::Json),
        };
        // What has no text is left out, as JSON leaves it out.
        fields.extend(key.as_string().zip(field));
    }
    Ok(fields)
}

/// The JSON text of a value, if it has one.
fn stringify(value: &JsValue) -> Result<Option<String>, String> {
    let json = JSON::stringify(value).map_err(|thrown| unreachable(thrown).reason)?;
    Ok(json.as_string())
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
