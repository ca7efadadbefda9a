//! The contract of a plugin, without events and channels, whose names and docs are as odd as Rust
//! and tauri let them be.

#![allow(
    clippy::needless_pass_by_value,
    deprecated,
    missing_docs,
    non_snake_case
)] // odd by intent

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use specta::Type;
use tauri::{
    Wry,
    ipc::{InvokeResponseBody, IpcResponse},
};
use tauri_specta::{Builder, collect_commands};

use types::Key;

/// Sent as raw bytes, and described as what a client makes of them.
#[derive(Type)]
pub struct Bytes(Vec<u8>);

impl IpcResponse for Bytes {
    fn body(self) -> tauri::Result<InvokeResponseBody> {
        Ok(InvokeResponseBody::Raw(self.0))
    }
}

pub mod types {
    //! What is found in a shared crate.

    use serde::{Deserialize, Serialize};
    use specta::Type;

    /// A key that has an order and no hash.
    #[derive(Clone, Serialize, Deserialize, Type, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Key(String);
}

/// Matches keywords.
///
///  1. An example of the backend's own:
///
///         not_in_scope();
///
/// ```
/// not_in_scope();
/// ```
#[tauri::command(rename = "match")]
#[specta::specta]
#[deprecated]
fn match_types(r#type: String, _count: u32, job_ID: Option<Range<u8>>) -> (u8,) {
    let _ = (r#type, job_ID);
    (0,)
}

#[tauri::command]
#[specta::specta]
#[deprecated(since = "1.0.0", note = "say \"match\"")]
fn sorted(by: BTreeMap<Key, BTreeSet<(u8, bool)>>) -> Result<[char; 2], ()> {
    let _ = by;
    Err(())
}

#[tauri::command]
#[specta::specta]
fn raw() -> Bytes {
    Bytes(Vec::new())
}

/// The contract.
pub fn odd_contract() -> Builder<Wry> {
    Builder::new()
        .plugin_name("odd")
        .commands(collect_commands![sorted, match_types, raw])
}
