//! What the shell grants for a contract.

#![allow(clippy::unwrap_used)] // a test

mod small_contract;

use tauri_specta::LanguageExt;
use toolroom_codegen::{Capability, CodegenError, CommandNames};

use small_contract::small_contract;

fn written(language: impl LanguageExt<Error = CodegenError>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    small_contract().export(language, &path).unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn what_is_granted_is_every_command_and_no_other() {
    let names = written(CommandNames);
    let list = "    \"count_names\",\n    \"find_things\",\n    \"old_way\",\n    \"read_bytes\",\n    \"try_each\",\n    \"watch_steps\",\n]";
    assert!(names.contains(list), "{names}");
    let capability: serde_json::Value =
        serde_json::from_str(&written(Capability { window: "main" })).unwrap();
    assert_eq!(
        capability["permissions"],
        serde_json::json!([
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "allow-count-names",
            "allow-find-things",
            "allow-old-way",
            "allow-read-bytes",
            "allow-try-each",
            "allow-watch-steps",
        ])
    );
}
