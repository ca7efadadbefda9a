//! The bench `ui`: what the app's page costs in a real window, beside an empty page of the same
//! framework.
//!
//! The windows are built optimised, as is what they show; the example `measure_ui` of the end-to-end
//! tests drives them. What is measured, and what is to be reached, stands there. Here they are built,
//! the page is weighed as it would travel, and all is laid out.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use walkdir::WalkDir;

use super::{Options, Report, document, windows};
use crate::codegen;
use crate::needs::{self, Stage};
use crate::workspace::Workspace;

const PROGRAM: &str = "measure_ui";
/// How many kB of the page there may be, gzipped.
const WEIGHT_LIMIT: f64 = 400.0;

/// Builds the windows and their pages optimised, and measures.
pub fn run(workspace: &Workspace, options: Options<'_>) -> Result<Report> {
    let toolchain = needs::ensure(&workspace.cache, Stage::Test)?;
    // Two that measure at the same time measure each other.
    let _lock = workspace.cache.lock("bench-ui")?;
    codegen::catalogue::write(&workspace.root)?;
    let folder = windows::build(workspace, &toolchain)?;
    let weight = gzipped(&workspace.root.join("dist"))? as f64 / 1e3;
    let mut measured = windows::measure(workspace, &folder, PROGRAM, options)?;
    if let Some(rows) = measured["rows"].as_array_mut() {
        rows.push(json!({
            "group": "weight",
            "work": "all files of the page",
            "who": "Toolroom",
            "value": weight,
            "unit": "kB",
            "ours_to_this": null,
            "note": "each gzipped by itself at the highest level",
            "samples": [weight],
        }));
    }
    if let Some(goals) = measured["goals"].as_array_mut() {
        goals.push(json!({
            "goal": "all files of the page, gzipped",
            "value": weight,
            "limit": WEIGHT_LIMIT,
            "unit": "kB",
            "met": weight <= WEIGHT_LIMIT,
        }));
    }
    Ok(document::report(measured))
}

/// How many bytes the files of a folder have when each is gzipped.
fn gzipped(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let packed = Command::new("gzip")
            .args(["-9", "--no-name", "--stdout", "--"])
            .arg(entry.path())
            .output()
            .context("gzip doesn't start")?;
        ensure!(
            packed.status.success(),
            "gzip fails on {}",
            entry.path().display()
        );
        bytes += packed.stdout.len() as u64;
    }
    ensure!(bytes > 0, "{} is empty", folder.display());
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_measuring_program_is_where_it_is_looked_for() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let program = root.join("tests/examples").join(PROGRAM).join("main.rs");
        assert!(program.is_file());
    }

    #[test]
    fn the_weight_is_that_of_all_files_and_an_empty_folder_has_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(gzipped(folder.path()).is_err());
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("a"), "a".repeat(10_000)).unwrap();
        let one = gzipped(folder.path()).unwrap();
        fs::write(folder.path().join("in/b"), "b".repeat(10_000)).unwrap();
        let two = gzipped(folder.path()).unwrap();
        assert!(one < 200 && one < two && two < 400, "{one} {two}");
    }
}
