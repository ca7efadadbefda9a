//! Writes TypeScript clients and looks into them.

use std::fs;

use tauri::Wry;
use tauri_specta::Builder;
use toolroom_codegen::{CodegenError, TypeScriptClient};

/// What the client's file holds.
pub fn written(contract: &Builder<Wry>, client: TypeScriptClient) -> Result<String, CodegenError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.ts");
    contract.export(client, &path)?;
    Ok(fs::read_to_string(path).unwrap())
}

/// The source of a client without options.
pub fn source(contract: &Builder<Wry>) -> String {
    written(contract, TypeScriptClient::new()).unwrap()
}

/// Why a client can't be written.
pub fn refused(contract: &Builder<Wry>) -> String {
    let refusal = written(contract, TypeScriptClient::new()).unwrap_err();
    refusal.to_string()
}

/// Fails and shows both.
#[track_caller]
pub fn assert_contains(source: &str, expected: &str) {
    assert!(source.contains(expected), "{expected}\nnot in\n{source}");
}
