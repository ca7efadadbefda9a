//! A contract of a few commands, and what is written for it.

#![allow(clippy::unwrap_used, missing_docs)] // a contract made for tests

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};
use toolroom_codegen::{Capability, CodegenError, CommandNames, RustClient, TypePaths};

mod shared {
    use super::{Deserialize, Serialize, Type};

    #[derive(Clone, Serialize, Deserialize, Type)]
    pub struct Page<T> {
        pub items: Vec<T>,
    }

    #[derive(Clone, Serialize, Deserialize, Type)]
    pub struct Refusal {
        pub code: String,
    }
}

#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Homeless {
    pub a: u8,
    pub b: u8,
}

/// Something was heard.
#[derive(Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub struct Heard(shared::Page<u8>);

/// Finds things.
///
/// Slowly.
#[tauri::command]
#[specta::specta]
fn find_things(
    first_word: Option<String>,
    by_name: HashMap<String, (u8, bool)>,
) -> Result<shared::Page<f64>, shared::Refusal> {
    let _ = (first_word, by_name);
    Err(shared::Refusal {
        code: String::new(),
    })
}

#[tauri::command]
#[specta::specta]
#[deprecated(note = "use \"find_things\"")]
fn old_way() {}

#[tauri::command]
#[specta::specta]
fn takes_homeless(homeless: Vec<Homeless>) {
    drop(homeless);
}

fn paths() -> TypePaths {
    TypePaths::new().with_module("rust_client", "common")
}

#[allow(deprecated)]
fn small() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![old_way, find_things])
        .events(collect_events![Heard])
}

fn written<L>(contract: &Builder<Wry>, language: L) -> Result<String, CodegenError>
where
    L: tauri_specta::LanguageExt<Error = CodegenError>,
{
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    contract.export(language, &path)?;
    Ok(std::fs::read_to_string(path).unwrap())
}

#[test]
fn a_command_becomes_a_function_with_its_docs_and_the_types_of_the_shared_crate() {
    let source = written(&small(), RustClient::new(paths())).unwrap();
    let expected = "
    /// Finds things.
    ///
    /// Slowly.
    pub async fn find_things(
        &self,
        first_word: Option<String>,
        by_name: std::collections::HashMap<String, (u8, bool)>,
    ) -> Result<common::Page<f64>, IpcError<common::Refusal>> {
        #[derive(serde::Serialize)]
        #[serde(rename_all = \"camelCase\")]
        struct Args {
            first_word: Option<String>,
            by_name: std::collections::HashMap<String, (u8, bool)>,
        }
        let args = Args { first_word, by_name };
        call(self.transport.clone(), \"find_things\", args).await
    }
";
    assert!(source.contains(expected), "{source}");
}

#[test]
fn a_deprecation_is_carried_over() {
    let source = written(&small(), RustClient::new(paths())).unwrap();
    assert!(
        source.contains(
            "#[deprecated(note = \"use \\\"find_things\\\"\")]\n    pub async fn old_way("
        ),
        "{source}"
    );
}

#[test]
fn an_event_that_wraps_a_shared_type_is_subscribed_to_as_that_type() {
    let source = written(&small(), RustClient::new(shared_only())).unwrap();
    assert!(
        source.contains("    /// Something was heard.\n    pub async fn on_heard("),
        "{source}"
    );
    assert!(
        source.contains("handler: impl Fn(Result<common::Page<u8>, DecodeError>)"),
        "{source}"
    );
}

/// As where events are defined beside the window, and their payloads in the shared crate.
fn shared_only() -> TypePaths {
    TypePaths::new().with_module("rust_client::shared", "common")
}

#[test]
fn a_type_without_a_path_is_an_error_that_names_it_and_its_command() {
    let contract = Builder::<Wry>::new().commands(collect_commands![takes_homeless]);
    let error = written(&contract, RustClient::new(TypePaths::new())).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("Homeless") && text.contains("takes_homeless"),
        "{text}"
    );
}

#[test]
fn what_is_granted_is_every_command_and_no_other() {
    let names = written(&small(), CommandNames).unwrap();
    assert!(
        names.contains("    \"find_things\",\n    \"old_way\",\n"),
        "{names}"
    );
    let capability = written(&small(), Capability { window: "main" }).unwrap();
    let capability: serde_json::Value = serde_json::from_str(&capability).unwrap();
    assert_eq!(
        capability["permissions"],
        serde_json::json!([
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "allow-find-things",
            "allow-old-way",
        ])
    );
}
