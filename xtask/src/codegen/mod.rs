//! Generated files: written by `cargo xtask codegen`, compared by `cargo xtask codegen --check`.
//!
//! `catalogue` lists the tools, `licences` what is built in; `contract` has the windows' crates export the typed clients. Both
//! produce files as text, so that writing and comparing cannot differ.

pub mod catalogue;
pub mod contract;
pub mod licences;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::report;
use crate::workspace::Workspace;

/// Every generated file of the repository. `tidy` holds the headers against this list.
pub const GENERATED: &[&str] = &[
    catalogue::FILE,
    licences::FILE,
    "shared/contract.json",
    "src-tauri/capabilities/main.json",
    "src-tauri/command_names.rs",
    "src-ui/ipc/src/bindings.rs",
    "src-ui/ipc/ts/src/bindings.ts",
    "tests/ipc-lab/capabilities/main.json",
    "tests/ipc-lab/command_names.rs",
    "tests/ipc-lab/page/src/bindings.rs",
];

/// A generated file: its place in the repository, with `/` on every system, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The place.
    pub path: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// Writes all generated files, or compares them with what is there.
pub fn run(workspace: &Workspace, check: bool) -> Result<()> {
    // The contract is exported by a program that contains the catalogue, so a stale catalogue is
    // dealt with first.
    let catalogue = catalogue::generate(&workspace.root)?;
    settle(&workspace.root, std::slice::from_ref(&catalogue), check)?;
    // The window's crate reads it.
    let licences = licences::generate(workspace)?;
    settle(&workspace.root, std::slice::from_ref(&licences), check)?;
    let contract = report::timed("exporting the contracts (cargo)", || {
        contract::generate(workspace)
    })?;
    settle(&workspace.root, &contract, check)
}

fn settle(root: &Path, files: &[GeneratedFile], check: bool) -> Result<()> {
    if check {
        return compare(root, files);
    }
    for file in files {
        if write(root, file)? {
            eprintln!("wrote {}", file.path);
        }
    }
    Ok(())
}

/// Fails where a file in the repository differs from what would be generated.
pub fn compare(root: &Path, files: &[GeneratedFile]) -> Result<()> {
    let stale: Vec<&str> = files
        .iter()
        .filter(|file| fs::read(root.join(&file.path)).ok().as_ref() != Some(&file.content))
        .map(|file| file.path.as_str())
        .collect();
    if !stale.is_empty() {
        bail!(
            "out of date: {}; nothing was changed. Run `cargo xtask codegen` and commit the result",
            stale.join(", ")
        );
    }
    Ok(())
}

/// Writes a file if it differs, and says whether it did. An unchanged file keeps its time, so that
/// nothing is compiled again for it.
pub fn write(root: &Path, file: &GeneratedFile) -> Result<bool> {
    let path = root.join(&file.path);
    if fs::read(&path).ok().as_ref() == Some(&file.content) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, &file.content).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str) -> GeneratedFile {
        GeneratedFile {
            path: "a/b.rs".to_owned(),
            content: content.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_single_different_byte_is_found_and_the_file_named() {
        let root = tempfile::tempdir().unwrap();
        assert!(compare(root.path(), &[file("x\n")]).is_err());
        write(root.path(), &file("x\n")).unwrap();
        compare(root.path(), &[file("x\n")]).unwrap();
        let error = compare(root.path(), &[file("x")]).unwrap_err().to_string();
        assert!(
            error.contains("a/b.rs") && error.contains("cargo xtask codegen"),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_is_up_to_date_is_not_written_again() {
        let root = tempfile::tempdir().unwrap();
        assert!(write(root.path(), &file("x")).unwrap());
        assert!(!write(root.path(), &file("x")).unwrap());
        assert!(write(root.path(), &file("y")).unwrap());
    }

    #[test]
    fn checking_changes_nothing() {
        let root = tempfile::tempdir().unwrap();
        assert!(settle(root.path(), &[file("x")], true).is_err());
        assert!(!root.path().join("a").exists());
        settle(root.path(), &[file("x")], false).unwrap();
        settle(root.path(), &[file("x")], true).unwrap();
    }
}
