//! The Rust clients of a few contracts, compared with reviewed files that the tests of
//! `toolroom-ipc` compile and use. `UPDATE_SNAPSHOTS=1` writes them anew.

#![allow(clippy::unwrap_used)] // a test

mod odd_contract;
mod small_contract;

use std::{env, fs, path::Path};

use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};
use toolroom_codegen::{CodegenError, RustClient, TypePaths};

use odd_contract::odd_contract;
use small_contract::small_contract;

fn paths() -> TypePaths {
    TypePaths::new()
        .with_module("rust_client::small_contract::types", "crate::types")
        .with_module("rust_client::odd_contract::types", "crate::odd_types")
}

/// Exports to a folder, as a build does, and reads it again.
fn written(contract: &Builder<Wry>, client: RustClient) -> Result<String, CodegenError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.rs");
    contract.export(client, &path)?;
    Ok(fs::read_to_string(path).unwrap())
}

#[track_caller]
fn assert_snapshot(name: &str, contract: &Builder<Wry>, paths: TypePaths) {
    let header =
        "// What is written for a contract of the tests; UPDATE_SNAPSHOTS=1 writes it anew.";
    let client = RustClient::new(paths)
        .with_runtime("toolroom_ipc")
        .with_header(header);
    let source = written(contract, client).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &source).unwrap();
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        source == reviewed,
        "{name} is written otherwise than it was reviewed. UPDATE_SNAPSHOTS=1 writes it anew; \
         look at what changed.\n{source}"
    );
}

#[test]
fn the_client_of_the_small_contract_is_the_reviewed_one() {
    assert_snapshot("small_contract.rs", &small_contract(), paths());
}

#[test]
fn the_client_of_a_plugin_with_odd_names_is_the_reviewed_one() {
    assert_snapshot("odd_contract.rs", &odd_contract(), paths());
}

#[test]
fn the_client_of_a_contract_without_anything_is_the_reviewed_one() {
    assert_snapshot("empty_contract.rs", &Builder::new(), TypePaths::new());
}

mod refused {
    //! Commands that no client can be written for.

    use serde::{Deserialize, Serialize};
    use specta::Type;
    use tauri::ipc::Channel;

    /// A type that no page can name.
    #[derive(Serialize, Deserialize, Type)]
    pub struct Homeless {
        a: u8,
        b: u8,
    }

    /// An event that is listened to by the name of a command.
    #[derive(Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
    pub struct Heard(u8);

    #[tauri::command]
    #[specta::specta]
    pub fn takes_homeless(homeless: Vec<Homeless>) {
        drop(homeless);
    }

    #[tauri::command]
    #[specta::specta]
    pub fn gives_channels() -> Vec<Channel<u8>> {
        Vec::new()
    }

    #[tauri::command]
    #[specta::specta]
    pub fn on_heard() {}

    #[tauri::command]
    #[specta::specta]
    pub fn transport() {}
}

fn refusal(contract: &Builder<Wry>) -> String {
    let error = written(contract, RustClient::new(TypePaths::new())).unwrap_err();
    error.to_string()
}

#[test]
fn a_type_without_a_path_is_an_error_that_names_it_and_its_command() {
    let text = refusal(&Builder::new().commands(collect_commands![refused::takes_homeless]));
    assert!(
        text.contains("Homeless") && text.contains("takes_homeless"),
        "{text}"
    );
}

#[test]
fn a_channel_that_is_not_an_argument_by_itself_is_an_error_that_says_what_to_write() {
    let text = refusal(&Builder::new().commands(collect_commands![refused::gives_channels]));
    assert!(
        text.contains("gives_channels") && text.contains("on_event: Channel<T>"),
        "{text}"
    );
}

#[test]
fn two_functions_of_one_name_are_an_error_that_names_both() {
    let contract = Builder::new()
        .commands(collect_commands![refused::on_heard])
        .events(collect_events![refused::Heard]);
    let text = refusal(&contract);
    assert!(
        text.contains("the command on_heard") && text.contains("the event heard"),
        "{text}"
    );
    let text = refusal(&Builder::new().commands(collect_commands![refused::transport]));
    assert!(
        text.contains("the command transport") && text.contains("the client itself"),
        "{text}"
    );
}

#[test]
fn the_innermost_module_that_a_path_is_given_for_counts() {
    let given = [("rust_client", "outer"), ("rust_client::refused", "inner")];
    for order in [[0, 1], [1, 0]] {
        let paths = order.iter().fold(TypePaths::new(), |paths, at| {
            paths.with_module(given[*at].0, given[*at].1)
        });
        let contract = Builder::new().commands(collect_commands![refused::takes_homeless]);
        let source = written(&contract, RustClient::new(paths)).unwrap();
        assert!(
            source.contains("homeless: Vec<inner::Homeless>"),
            "{source}"
        );
    }
}
