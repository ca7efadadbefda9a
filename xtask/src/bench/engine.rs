//! The bench `engine`: our job engine beside peers, by the program in `benches/engine`.
//!
//! That program and the peer's beside it are workspaces of their own, which nothing else builds.
//! What is measured, and what is to be reached, stands there; here it is built, run and laid out.

use std::env;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Options, Report, document};
use crate::needs::{self, Stage};
use crate::workspace::Workspace;
use crate::{process, report};

const PROGRAM: &str = "toolroom-bench-engine";
/// Both are built into one folder, where the first finds the second.
const MANIFESTS: [&str; 2] = [
    "benches/engine/Cargo.toml",
    "benches/engine/apalis-sqlite/Cargo.toml",
];

/// Builds both programs optimised, and measures.
pub fn run(workspace: &Workspace, options: Options<'_>) -> Result<Report> {
    needs::ensure(&workspace.cache, Stage::Build)?;
    // Until the end: another clone would replace the programs, and two that measure at the same
    // time measure each other.
    let _lock = workspace.cache.lock("bench-engine")?;
    let target = workspace.cache.root().join("target-bench");
    report::timed("building the engine's bench and its peers (cargo)", || {
        MANIFESTS.iter().try_for_each(|manifest| {
            let mut build = workspace.cargo(["build", "--release", "--locked"])?;
            build
                .args(["--manifest-path", manifest])
                .env("CARGO_TARGET_DIR", &target);
            process::run(&mut build)
        })
    })?;
    let program = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
    let mut measure = Command::new(target.join("release").join(program));
    if options.quick {
        measure.arg("--quick");
    }
    // It tells of its progress by itself. That it fails says what the document says too.
    let output = measure
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{PROGRAM} doesn't start"))?;
    let document: Value = serde_json::from_slice(&output.stdout).with_context(|| {
        format!(
            "{PROGRAM} ended ({}) without a result; its own words stand above",
            output.status
        )
    })?;
    Ok(document::report(document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_manifests_are_where_they_are_looked_for() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(
            MANIFESTS
                .iter()
                .all(|manifest| root.join(manifest).is_file())
        );
    }
}
