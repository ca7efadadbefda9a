//! Functions of ours that the backend has called: for events, and for what comes through a channel.

// The bindings to JavaScript expand to foreign functions, which Rust calls unsafe.
#![allow(unsafe_code)]

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{
    in_a_page,
    received::{LONG, received},
    unreachable,
};
use crate::{Body, Received, TransportError};

#[wasm_bindgen(module = "/src/tauri/page.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = register)]
    fn register_functions(
        field: &str,
        longest: u32,
        take_text: &JsValue,
        take_other: &JsValue,
    ) -> Result<f64, JsValue>;

    #[wasm_bindgen(catch)]
    fn unregister(id: f64) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// What Tauri hands over: an event, or what came through a channel.
    type Arrived;

    /// Not a number where there is none.
    #[wasm_bindgen(method, getter)]
    fn index(this: &Arrived) -> f64;

    #[wasm_bindgen(method, getter)]
    fn end(this: &Arrived) -> JsValue;
}

/// What a function of ours was called with.
pub struct Arrival {
    /// Its number, if it came through a channel.
    pub index: Option<usize>,
    /// Whether it is the end of a channel.
    pub is_end: bool,
    /// What it holds.
    pub body: Received,
}

/// Takes a number, if there is one, and a short text.
type TakeText = Closure<dyn Fn(f64, String)>;

/// Takes all that Tauri gave, what is of interest in it, and the text of that, if it has any.
type TakeOther = Closure<dyn Fn(Arrived, JsValue, Option<JsString>)>;

/// A function of the page's that the backend can have called, until this is dropped.
pub struct Callback {
    /// The number that the backend knows it by.
    pub id: f64,
    /// Held for as long as JavaScript may call them; they may be let go of while they run.
    _functions: (TakeText, TakeOther),
}

impl Drop for Callback {
    fn drop(&mut self) {
        // Fails only where there is no window any more, and then nothing is registered.
        let _ = unregister(self.id);
    }
}

/// Has `handler` called with what stands in `field` of whatever Tauri calls the callback with.
///
/// # Errors
/// If there is no backend.
pub fn register(
    field: &str,
    handler: impl Fn(Arrival) + 'static,
) -> Result<Callback, TransportError> {
    in_a_page()?;
    let handler = Rc::new(handler);
    let take_text = TakeText::new({
        let handler = Rc::clone(&handler);
        move |index, text| {
            handler(Arrival {
                index: number(index),
                is_end: false,
                body: Ok(Body::Json(text)),
            });
        }
    });
    let take_other = TakeOther::new(
        move |arrived: Arrived, value: JsValue, json: Option<JsString>| {
            handler(Arrival {
                index: number(arrived.index()),
                // The end holds nothing; hardly anything else does that.
                is_end: value.is_undefined() && arrived.end().is_truthy(),
                body: received(&value, json),
            });
        },
    );
    let id = register_functions(field, LONG, take_text.as_ref(), take_other.as_ref())
        .map_err(unreachable)?;
    Ok(Callback {
        id,
        _functions: (take_text, take_other),
    })
}

fn number(index: f64) -> Option<usize> {
    (!index.is_nan()).then_some(index as usize)
}
