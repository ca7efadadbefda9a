//! A small contract with one of each thing that generators get wrong, to show that they work for
//! any contract and not for one app alone.

#![allow(clippy::needless_pass_by_value, deprecated)] // as the framework wants it

pub mod types;

use tauri::{Wry, ipc::Channel};
use tauri_specta::{Builder, collect_commands, collect_events};

use types::{Counts, Each, Page, Query, Refusal, Shape, Step, Stored};

/// Something was stored.
#[derive(Clone, serde::Serialize, serde::Deserialize, specta::Type, tauri_specta::Event)]
pub struct ThingStored(pub Page<Stored>);

/// Finds things.
///
/// Slowly: `*/` in docs must not end them, nor "quotes" or \ hurt.
#[tauri::command]
#[specta::specta]
async fn find_things(query: Query, first_page: bool) -> Result<Page<Stored>, Refusal> {
    let _ = (query, first_page);
    Err(Refusal::Busy)
}

/// Counts by name.
#[tauri::command]
#[specta::specta]
fn count_names(names: Vec<String>) -> Counts {
    names.into_iter().map(|name| (name, 1)).collect()
}

/// Tries each.
#[tauri::command]
#[specta::specta]
fn try_each(shapes: Vec<Shape>) -> Result<Each, Refusal> {
    Ok(shapes.into_iter().map(Ok).collect())
}

/// The bytes of a thing, as a JSON array of numbers.
#[tauri::command]
#[specta::specta]
fn read_bytes(name: String, at: Option<u32>) -> Result<Vec<u8>, Refusal> {
    let _ = at;
    Err(Refusal::NotFound { name })
}

/// Does something long, and tells of each step.
#[tauri::command]
#[specta::specta]
async fn watch_steps(count: u32, on_step: Channel<Step>) -> Result<(), Refusal> {
    let _ = (count, on_step);
    Ok(())
}

#[tauri::command]
#[specta::specta]
#[deprecated(note = "use \"find_things\"")]
fn old_way() {}

/// The contract.
pub fn small_contract() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            find_things,
            count_names,
            try_each,
            read_bytes,
            watch_steps,
            old_way,
        ])
        .events(collect_events![ThingStored])
}
