//! Names in the TypeScript client: those that it needs itself, reserved words, and names that meet.

#![allow(clippy::unwrap_used, missing_docs)] // contracts made for tests

mod written;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};
use written::{assert_contains, refused, source};

#[derive(Serialize, Deserialize, Type)]
pub struct Result(pub String);

#[derive(Serialize, Deserialize, Type)]
pub struct Listener {
    pub call: Option<Result>,
}

#[derive(Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub struct JsonValue {
    pub a: serde_json::Value,
}

/// Names that a client needs for itself.
#[tauri::command]
#[specta::specta]
fn call(call: Result, options: Listener, r#type: u8) -> std::result::Result<Listener, Result> {
    let _ = (call, r#type);
    Ok(options)
}

#[tauri::command]
#[specta::specta]
fn delete(function: u8, of: Option<u8>, r#in: Option<serde_json::Value>) {
    let _ = (function, of, r#in);
}

#[test]
fn names_that_the_client_needs_and_reserved_words_are_stepped_around() {
    let contract = Builder::<Wry>::new()
        .commands(collect_commands![call, delete])
        .events(collect_events![JsonValue]);
    let source = source(&contract);
    assert_contains(
        &source,
        "import {
  call as call_,
  listen,
  type CallOptions,
  type JsonValue as JsonValue_,
  type ListenOptions,
  type Listener as Listener_,
  type Result as Result_,
} from \"./runtime.js\";",
    );
    assert_contains(
        &source,
        "export function call(
  call: Result,
  options: ListenerInput,
  type: number,
  callOptions?: CallOptions,
): Promise<Result_<Listener, Result>> {
  return call_(\"call\", { call, options, type }, callOptions, [\"string\"]);
}",
    );
    assert_contains(
        &source,
        "export function delete_(
  function_: number,
  of: number | null = null,
  in_: JsonValue_ | null = null,
  options?: CallOptions,
): Promise<Result_<null, never>> {
  return call_(\"delete\", { function: function_, of, in: in_ }, options, []);
}",
    );
    assert_contains(
        &source,
        "handler: (payload: JsonValue) => void,\n  options?: ListenOptions,\n): Promise<Result_<Listener_, never>>",
    );
    assert_contains(&source, "type JsonValue = {\n  a: JsonValue_;\n};");
}

#[tauri::command(rename = "getThing")]
#[specta::specta]
fn get_other() {}

#[test]
fn a_plugins_commands_are_called_by_its_name_and_their_functions_by_rusts() {
    let contract = Builder::<Wry>::new()
        .plugin_name("odd")
        .commands(collect_commands![get_other])
        .events(collect_events![JsonValue]);
    let source = source(&contract);
    assert_contains(&source, "export function getOther(");
    assert_contains(&source, "call(\"plugin:odd|getThing\", {}, options, [])");
    assert_contains(
        &source,
        "listen(\"plugin:odd:json-value\", handler, options)",
    );
    assert_contains(&source, "  \"plugin:odd|getThing\": {");
}

mod one {
    use super::{Deserialize, Serialize, Type};

    #[derive(Serialize, Deserialize, Type)]
    pub struct Thing {
        pub a: u8,
    }
}

mod other {
    use super::{Deserialize, Serialize, Type};

    #[derive(Serialize, Deserialize, Type)]
    pub struct Thing {
        pub b: u8,
    }

    #[derive(Serialize, Deserialize, Type)]
    #[serde(rename = "Other")]
    pub struct Renamed {
        pub thing: Option<u8>,
    }
}

#[tauri::command]
#[specta::specta]
fn two_things(one: one::Thing, other: Vec<other::Thing>) {
    let _ = (one, other);
}

#[test]
fn two_types_of_one_name_are_an_error_that_names_both_modules() {
    let contract = Builder::<Wry>::new().commands(collect_commands![two_things]);
    let error = refused(&contract);
    for word in [
        "Thing",
        "typescript_names::one",
        "typescript_names::other",
        "Rename one",
    ] {
        assert_contains(&error, word);
    }
}

#[tauri::command]
#[specta::specta]
fn rename(renamed: other::Renamed) -> other::Renamed {
    renamed
}

#[test]
fn a_type_that_serde_renames_has_its_new_name() {
    let source = source(&Builder::<Wry>::new().commands(collect_commands![rename]));
    assert_contains(&source, "rename(renamed: OtherInput, options?");
    assert_contains(&source, "type Other = {\n  thing: number | null;\n};");
    assert_contains(&source, "type OtherInput = {\n  thing?: number | null;\n};");
}

#[derive(Serialize, Deserialize, Type, Clone, tauri_specta::Event)]
#[tauri_specta(event_name = "thing")]
pub struct Nothing;

#[tauri::command]
#[specta::specta]
fn on_thing() {}

#[test]
fn two_functions_of_one_name_are_an_error_that_names_both() {
    let contract = Builder::<Wry>::new()
        .commands(collect_commands![on_thing])
        .events(collect_events![Nothing]);
    let error = refused(&contract);
    for word in ["the event thing", "the command on_thing", "onThing"] {
        assert_contains(&error, word);
    }
}
