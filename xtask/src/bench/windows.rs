//! What the benches of real windows share: building them optimised, and having them driven.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Options;
use crate::binaries::{self, Program};
use crate::needs::WasmToolchain;
use crate::page::{self, Page};
use crate::report;
use crate::workspace::Workspace;

/// The package of the end-to-end tests, whose examples measure.
pub const PACKAGE: &str = "toolroom-tests";

/// Builds the app's window and the lab's with their pages, optimised; the folder with them.
pub fn build(workspace: &Workspace, toolchain: &WasmToolchain) -> Result<PathBuf> {
    report::timed("building the pages (trunk)", || {
        [Page::App, Page::Lab]
            .into_iter()
            .try_for_each(|page| page::build(workspace, toolchain, page, true))
    })?;
    report::timed("building the windows, optimised (cargo)", || {
        binaries::programs(workspace, &[Program::Desktop, Program::Lab], true)
    })
}

/// Has the windows in `folder` driven by an example of the end-to-end tests, which needn't be fast itself; what
/// it measured.
pub fn measure(
    workspace: &Workspace,
    folder: &Path,
    program: &str,
    options: Options<'_>,
) -> Result<Value> {
    let mut measure = workspace.cargo([
        "run",
        "--quiet",
        "--package",
        PACKAGE,
        "--example",
        program,
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
        .with_context(|| format!("{program} doesn't start"))?;
    serde_json::from_slice(&output.stdout).with_context(|| {
        format!(
            "{program} ended ({}) without a result; its own words stand above",
            output.status
        )
    })
}
