//! The contracts: an example of each window's crate writes what is derived from its contract, the
//! typed clients above all.
//!
//! They write into an empty folder each time; what they wrote is read back and handed on. So a
//! check never touches the repository, and a file that an exporter forgot to write is noticed.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use super::{GENERATED, GeneratedFile, catalogue};
use crate::workspace::Workspace;
use crate::{page, process};

/// The exporters: package and example.
const EXPORTERS: [(&str, &str); 2] = [
    ("toolroom-desktop", "export_contract"),
    ("toolroom-ipc-lab", "export_lab"),
];

/// Runs the exporters and returns what they wrote.
pub fn generate(workspace: &Workspace) -> Result<Vec<GeneratedFile>> {
    // The exporters contain the windows, which do not compile without a page.
    page::ensure_some(workspace)?;
    let folder = tempfile::tempdir()?;
    // From building to running nobody else may put an example of the same name into the shared
    // folder.
    let _lock = workspace.cache.lock("programs")?;
    // Both at once: by itself each would be built upon dependencies with features of its own.
    let mut build = workspace.cargo(["build", "--quiet"])?;
    for (package, example) in EXPORTERS {
        build.args(["--package", package, "--example", example]);
    }
    process::run(&mut build).context("the contracts were not exported, and no file was changed")?;
    for (_, example) in EXPORTERS {
        let program = format!("{example}{}", env::consts::EXE_SUFFIX);
        let mut export = Command::new(workspace.target.join("debug/examples").join(program));
        export.arg("--root").arg(folder.path());
        process::run(&mut export)
            .context("the contract was not exported, and no file was changed")?;
    }
    let files = read(folder.path())?;
    check_places(&files)?;
    Ok(files)
}

fn read(folder: &Path) -> Result<Vec<GeneratedFile>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path: Vec<_> = entry
            .path()
            .strip_prefix(folder)?
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        files.push(GeneratedFile {
            path: path.join("/"),
            content: fs::read(entry.path())?,
        });
    }
    Ok(files)
}

/// Only listed files may be generated: `tidy` would otherwise not know them for what they are.
fn check_places(files: &[GeneratedFile]) -> Result<()> {
    if files.is_empty() {
        bail!(
            "the exporters of the contracts wrote no file; see src-tauri/examples/export_contract.rs"
        );
    }
    for file in files {
        if file.path == catalogue::FILE || !GENERATED.contains(&file.path.as_str()) {
            bail!(
                "an exporter wrote {}, which is not on the list of generated files; add it to \
                 GENERATED in xtask/src/codegen/mod.rs. Nothing in the repository was changed",
                file.path
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_with_their_places_in_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src-ui/ipc/src")).unwrap();
        fs::write(folder.path().join("src-ui/ipc/src/bindings.rs"), "x").unwrap();
        let files = read(folder.path()).unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].path, "src-ui/ipc/src/bindings.rs");
        assert_eq!(files[0].content, b"x");
        check_places(&files).unwrap();
    }

    #[test]
    fn a_file_in_an_unknown_place_is_refused() {
        for path in ["src-ui/other.rs", catalogue::FILE] {
            let file = GeneratedFile {
                path: path.to_owned(),
                content: Vec::new(),
            };
            assert!(
                check_places(&[file])
                    .unwrap_err()
                    .to_string()
                    .contains(path)
            );
        }
    }

    #[test]
    fn an_exporter_that_writes_nothing_is_noticed() {
        assert!(check_places(&[]).is_err());
    }
}
