//! The way to the backend inside a Tauri window.
//!
//! The one place that knows Tauri's page-side interface: everything else goes through
//! [`Transport`].

// The bindings to JavaScript expand to foreign functions, which Rust calls unsafe.
#![allow(unsafe_code)]

use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{EventHandler, Listener, LocalBoxFuture, Rejection, Transport};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"])]
    fn invoke(command: &str, args: &JsValue) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback)]
    fn register_callback(callback: &JsValue) -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = unregisterCallback)]
    fn unregister_callback(id: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI_EVENT_PLUGIN_INTERNALS__"], js_name = unregisterListener)]
    fn unregister_listener(event: &str, event_id: f64) -> Result<(), JsValue>;
}

/// Speaks to the Tauri app whose window this page is in.
#[derive(Clone, Copy, Debug, Default)]
pub struct TauriTransport;

impl Transport for TauriTransport {
    fn invoke(
        &self,
        command: &'static str,
        args: Value,
    ) -> LocalBoxFuture<Result<Value, Rejection>> {
        Box::pin(invoke_json(command, args))
    }

    fn listen(
        &self,
        event: &'static str,
        handler: EventHandler,
    ) -> LocalBoxFuture<Result<Listener, Rejection>> {
        Box::pin(async move {
            let callback = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
                let payload =
                    js_sys::Reflect::get(&message, &"payload".into()).unwrap_or(JsValue::UNDEFINED);
                handler(from_js(payload).unwrap_or(Value::Null));
            });
            let callback_id = register_callback(callback.as_ref()).map_err(unreachable)?;
            let args = json!({
                "event": event,
                "target": { "kind": "Any" },
                "handler": callback_id,
            });
            match invoke_json("plugin:event|listen", args).await {
                Ok(event_id) => Ok(Listener::new(move || {
                    forget_callback(callback_id);
                    // Held until now: JavaScript must not call into freed memory.
                    drop(callback);
                    unlisten(event, event_id);
                })),
                Err(rejection) => {
                    forget_callback(callback_id);
                    Err(rejection)
                }
            }
        })
    }
}

/// Takes the page's side of a subscription away at once, and the backend's soon after.
fn unlisten(event: &'static str, event_id: Value) {
    if let Some(id) = event_id.as_f64() {
        // Throws when the page's side is gone already, which is what is wanted.
        let _ = unregister_listener(event, id);
    }
    spawn_local(async move {
        let args = json!({ "event": event, "eventId": event_id });
        // Refused only when the window is closing: then nothing is left to remove.
        let _ = invoke_json("plugin:event|unlisten", args).await;
    });
}

fn forget_callback(id: f64) {
    // Fails only outside a Tauri window, where nothing was registered.
    let _ = unregister_callback(id);
}

async fn invoke_json(command: &str, args: Value) -> Result<Value, Rejection> {
    // Maps become plain objects: Tauri can't read JavaScript's `Map`.
    let args = args
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|why| Rejection::Unreachable(why.to_string()))?;
    let promise = invoke(command, &args).map_err(unreachable)?;
    match JsFuture::from(promise).await {
        Ok(answer) => from_js(answer).map_err(Rejection::Unreachable),
        Err(refusal) => {
            Err(from_js(refusal).map_or_else(Rejection::Unreachable, Rejection::Answered))
        }
    }
}

fn from_js(value: JsValue) -> Result<Value, String> {
    serde_wasm_bindgen::from_value(value).map_err(|why| why.to_string())
}

fn unreachable(thrown: JsValue) -> Rejection {
    let reason = thrown.dyn_ref::<js_sys::Error>().map_or_else(
        || format!("{thrown:?}"),
        |error| String::from(error.message()),
    );
    Rejection::Unreachable(reason)
}
