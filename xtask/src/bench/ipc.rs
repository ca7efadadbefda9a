//! The bench `ipc`: the typed client beside what Tauri itself puts into a page, in real windows.
//!
//! The windows are built optimised, as is what they show; the example `measure_ipc` of the
//! end-to-end tests drives them. What is measured, and what is to be reached, stands there. Here
//! they are built, the client is weighed, and all is laid out.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::{Options, Report, document, windows};
use crate::needs::{self, Stage, WasmToolchain};
use crate::page::{self, Page};
use crate::workspace::Workspace;
use crate::{codegen, report};

const PROGRAM: &str = "measure_ipc";

/// Builds the windows and their pages optimised, and measures.
pub fn run(workspace: &Workspace, options: Options<'_>) -> Result<Report> {
    let toolchain = needs::ensure(&workspace.cache, Stage::Test)?;
    // Two that measure at the same time measure each other.
    let _lock = workspace.cache.lock("bench-ipc")?;
    codegen::catalogue::write(&workspace.root)?;
    let folder = windows::build(workspace, &toolchain)?;
    let sizes = report::timed("weighing the client (trunk)", || {
        sizes(workspace, &toolchain)
    })?;
    let mut measured = windows::measure(workspace, &folder, PROGRAM, options)?;
    if let Some(rows) = measured["rows"].as_array_mut() {
        rows.extend(sizes);
    }
    Ok(document::report(measured))
}

/// How large the lab's page is, and how much larger with a call of every function of the app's
/// client.
fn sizes(workspace: &Workspace, toolchain: &WasmToolchain) -> Result<[Value; 2]> {
    let weigh = |page| -> Result<u64> {
        let staged = page::stage(workspace, toolchain, page, true)?;
        let wasm = wasm_file(&staged)?;
        Ok(fs::metadata(wasm)?.len())
    };
    let (without, with) = (weigh(Page::Lab)?, weigh(Page::LabWithEveryFunction)?);
    let row = |work: &str, bytes: f64| {
        json!({
            "group": "size of the generated client",
            "work": work,
            "who": "Toolroom",
            "value": bytes / 1e3,
            "unit": "kB",
            "ours_to_this": null,
            "note": "WebAssembly as it is embedded, uncompressed",
            "samples": [bytes],
        })
    };
    Ok([
        row("the lab's page, with a client of its own", without as f64),
        row(
            "added by calling every function of the app's client",
            with as f64 - without as f64,
        ),
    ])
}

fn wasm_file(staged: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(staged)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            return Ok(path);
        }
    }
    anyhow::bail!("no WebAssembly in {}", staged.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measuring_program_is_where_it_is_looked_for() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(
            root.join("tests/examples")
                .join(PROGRAM)
                .join("main.rs")
                .is_file()
        );
        let manifest = fs::read_to_string(root.join("tests/Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"{}\"", windows::PACKAGE)));
    }

    #[test]
    fn the_pages_weight_is_that_of_its_webassembly() {
        let folder = tempfile::tempdir().unwrap();
        assert!(wasm_file(folder.path()).is_err());
        fs::write(folder.path().join("a.js"), "1").unwrap();
        fs::write(folder.path().join("a_bg.wasm"), "12").unwrap();
        assert!(wasm_file(folder.path()).unwrap().ends_with("a_bg.wasm"));
    }
}
