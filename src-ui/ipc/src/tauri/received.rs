//! What came out of JavaScript other than as a short text.
//!
//! As text, in one go, even so: reading an object property by property crosses between JavaScript
//! and WebAssembly for each of them. In WebKit a page of 100 kB with 380 rows takes half as long
//! this way. But a long string is taken as it is, three to six times as fast as through JSON: by
//! itself, or out of the object that it stands in.

use js_sys::{Array, ArrayBuffer, JSON, JsString, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::unreachable;
use crate::{Body, Field, Received};

/// What JSON text is longer than that is handed over beside its value, and what a string is that is
/// worth taking by itself; in UTF-16 units.
pub const LONG: u32 = 4_096;

/// What is in `value`, whose JSON text is given if it has one.
pub fn received(value: &JsValue, json: Option<JsString>) -> Received {
    if let Some(text) = value.as_string() {
        return Ok(Body::Text(text));
    }
    if let Some(bytes) = value.dyn_ref::<ArrayBuffer>() {
        return Ok(Body::Raw(Uint8Array::new(bytes).to_vec()));
    }
    match json {
        Some(_) if has_long_string(value) => fields(value).map(Body::Fields),
        Some(json) => Ok(Body::Json(json.into())),
        None if value.is_undefined() => Ok(Body::Json("null".to_owned())),
        None => Err("it can't be put into JSON".to_owned()),
    }
}

/// The same for a value whose JSON text nobody has made yet.
pub fn received_alone(value: &JsValue) -> Received {
    received(value, json_of(value)?)
}

/// Whether `value` is an object of a few fields and one of them is a string that is worth taking
/// by itself.
fn has_long_string(value: &JsValue) -> bool {
    const FEW: u32 = 16;
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
            None => json_of(&value)?.map(|json| Field::Json(json.into())),
        };
        // What has no text is left out, as JSON leaves it out.
        fields.extend(key.as_string().zip(field));
    }
    Ok(fields)
}

/// JavaScript has no text for `undefined`, nor for a function.
fn json_of(value: &JsValue) -> Result<Option<JsString>, String> {
    let json = JSON::stringify(value).map_err(|thrown| unreachable(thrown).reason)?;
    Ok(JsValue::from(json).dyn_into().ok())
}
