//! The bench `ui`: what the app's page costs in a real window, beside an empty page of the same
//! framework.
//!
//! The windows are built optimised, as is what they show; the example `measure_ui` of the end-to-end
//! tests drives them. What is measured, and what is to be reached, stands there. Here they are built,
//! the page is weighed as it would travel, and all is laid out.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use walkdir::WalkDir;

use super::{Options, Report, document};
use crate::binaries::{self, Program};
use crate::needs::{self, Stage};
use crate::page::{self, Page};
use crate::workspace::Workspace;
use crate::{codegen, report};

const PACKAGE: &str = "toolroom-tests";
const PROGRAM: &str = "measure_ui";
/// How many kB of the page there may be, gzipped.
const WEIGHT_LIMIT: f64 = 400.0;

/// Builds the windows and their pages optimised, and measures.
pub fn run(workspace: &Workspace, options: Options<'_>) -> Result<Report> {
    let toolchain = needs::ensure(&workspace.cache, Stage::Test)?;
    // Two that measure at the same time measure each other.
    let _lock = workspace.cache.lock("bench-ui")?;
    codegen::catalogue::write(&workspace.root)?;
    report::timed("building the pages (trunk)", || {
        [Page::App, Page::Lab]
            .into_iter()
            .try_for_each(|page| page::build(workspace, &toolchain, page, true))
    })?;
    let folder = report::timed("building the windows, optimised (cargo)", || {
        binaries::programs(workspace, &[Program::Desktop, Program::Lab], true)
    })?;
    let weight = gzipped(&workspace.root.join("dist"))? as f64 / 1e3;
    let mut measured = measure(workspace, &folder, options)?;
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

/// It drives the windows and needn't be fast itself.
fn measure(workspace: &Workspace, folder: &Path, options: Options<'_>) -> Result<Value> {
    let mut measure = workspace.cargo([
        "run",
        "--quiet",
        "--package",
        PACKAGE,
        "--example",
        PROGRAM,
        "--",
    ])?;
    measure.env("TOOLROOM_BIN_DIR", folder);
    if options.quick {
        measure.arg("--quick");
    }
    if let Some(only) = options.only {
        measure.args(["--only", only]);
    }
    // It tells of its progress by itself. That it fails says what the document says too.
    let output = measure
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{PROGRAM} doesn't start"))?;
    serde_json::from_slice(&output.stdout).with_context(|| {
        format!(
            "{PROGRAM} ended ({}) without a result; its own words stand above",
            output.status
        )
    })
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
