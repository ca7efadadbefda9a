//! Answers and messages that may be large, sent as the bytes of their JSON.
//!
//! The framework has the page parse JSON into objects, which a client in WebAssembly would have to
//! write as text again in order to read it. Bytes reach it as they are, and are read once. Both
//! clients know them by their first byte.

use serde::Serialize;
use specta::{Type, Types, datatype::DataType};
use tauri::ipc::{InvokeResponseBody, IpcResponse};

/// What stands before the text: the record separator of RFC 7464, with which no JSON begins.
const RECORD_SEPARATOR: u8 = 0x1e;
/// From how many bytes on: below, the framework writes the bytes out as numbers.
const AS_BYTES_FROM: usize = 1_024;

/// `T` as it travels; in the contract it is a `T` like any other.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonText<T>(pub T);

impl<T: Serialize> IpcResponse for JsonText<T> {
    fn body(self) -> tauri::Result<InvokeResponseBody> {
        let mut text = vec![RECORD_SEPARATOR];
        serde_json::to_writer(&mut text, &self.0)?;
        if text.len() >= AS_BYTES_FROM {
            return Ok(InvokeResponseBody::Raw(text));
        }
        serde_json::to_string(&self.0)
            .map(InvokeResponseBody::Json)
            .map_err(tauri::Error::from)
    }
}

impl<T: Type> Type for JsonText<T> {
    fn definition(types: &mut Types) -> DataType {
        T::definition(types)
    }
}
