//! Building the page with trunk and laying it into `dist/`.
//!
//! How the page is put together is told by Trunk.toml and index.html. Which compiler is used comes
//! from `needs`. The window embeds what lies in `dist/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::needs::{WasmToolchain, tools};
use crate::workspace::{Workspace, profile};
use crate::{cache, process};

/// Builds the page and lays it into `dist/`.
pub fn build(workspace: &Workspace, toolchain: &WasmToolchain, release: bool) -> Result<()> {
    let staged = stage(workspace, toolchain, release)?;
    sync(&staged, &dist(workspace))
}

/// Builds the page into a folder below `target/` and returns it.
///
/// Not straight into `dist/`: trunk replaces that folder as a whole each time, and the window,
/// which embeds it, would be compiled again although not a byte is different.
pub fn stage(workspace: &Workspace, toolchain: &WasmToolchain, release: bool) -> Result<PathBuf> {
    check_version(&workspace.root)?;
    let staged = workspace
        .root
        .join("target")
        .join("page")
        .join(profile(release));
    // Trunk picks the page's WebAssembly up from the shared folder, where another clone could
    // replace it.
    let _lock = workspace.cache.lock("page")?;
    let mut trunk = workspace.program("trunk")?;
    trunk
        .args(["build", "--skip-version-check", "--dist"])
        .arg(&staged);
    if release {
        // With which profile of cargo, index.html says.
        trunk.arg("--release");
    }
    // Trunk reads the variable as true or false and refuses the customary 1.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").arg("--no-color");
    }
    trunk.env("CARGO_TARGET_DIR", &workspace.wasm_target);
    toolchain.apply(&mut trunk);
    process::run(&mut trunk)?;
    Ok(staged)
}

/// Sees to it that `dist/` exists, which the window's code wants in order to compile at all.
pub fn ensure_some(workspace: &Workspace) -> Result<()> {
    let dist = dist(workspace);
    if !dist.join("index.html").is_file() {
        fs::create_dir_all(&dist)?;
        fs::write(
            dist.join("index.html"),
            "<!doctype html>\n<title>The page is not built yet</title>\n",
        )?;
    }
    Ok(())
}

fn dist(workspace: &Workspace) -> PathBuf {
    workspace.root.join("dist")
}

/// Trunk would try to download another wasm-bindgen if ours did not match the crate.
fn check_version(root: &Path) -> Result<()> {
    let file = root.join("Cargo.lock");
    let Ok(lock) = fs::read_to_string(&file) else {
        // Cargo is about to write it, with the version that Cargo.toml pins.
        return Ok(());
    };
    let ours = tools::WASM_BINDGEN.version;
    match locked_version(&lock, "wasm-bindgen").context("Cargo.lock cannot be read")? {
        Some(theirs) if theirs != ours => bail!(
            "Cargo.lock has wasm-bindgen {theirs}, but wasm-bindgen-cli is pinned to {ours}; the \
             two must be the same. Change one: Cargo.toml or xtask/src/needs/tools.rs"
        ),
        _ => Ok(()),
    }
}

fn locked_version(lock: &str, name: &str) -> Result<Option<String>> {
    let lock: toml::Table = lock.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    Ok(packages
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(toml::Value::as_str) == Some(name))
        .and_then(|package| package.get("version")?.as_str())
        .map(str::to_owned))
}

/// Makes `to` like `from`, touching only files that differ.
fn sync(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in WalkDir::new(from).min_depth(1) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target)?;
        } else {
            let fresh = fs::read(entry.path())?;
            if fs::read(&target).ok().as_ref() != Some(&fresh) {
                fs::write(&target, fresh)
                    .with_context(|| format!("cannot write {}", target.display()))?;
            }
        }
    }
    for entry in WalkDir::new(to).min_depth(1).contents_first(true) {
        let entry = entry?;
        if from.join(entry.path().strip_prefix(to)?).exists() {
            continue;
        }
        if entry.file_type().is_dir() {
            cache::remove(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    fn write(folder: &Path, name: &str, text: &str) {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    #[test]
    fn the_page_is_copied_and_what_it_no_longer_has_is_removed() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(from.path(), "index.html", "new");
        write(from.path(), "styles/a.css", "a");
        write(to.path(), "index.html", "old");
        write(to.path(), "gone/b.css", "b");
        sync(from.path(), to.path()).unwrap();
        assert_eq!(
            fs::read_to_string(to.path().join("index.html")).unwrap(),
            "new"
        );
        assert_eq!(
            fs::read_to_string(to.path().join("styles/a.css")).unwrap(),
            "a"
        );
        assert!(!to.path().join("gone").exists());
    }

    #[test]
    fn a_file_that_is_the_same_is_not_touched() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(from.path(), "index.html", "same");
        write(to.path(), "index.html", "same");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let file = fs::File::options()
            .write(true)
            .open(to.path().join("index.html"))
            .unwrap();
        file.set_modified(long_ago).unwrap();
        sync(from.path(), to.path()).unwrap();
        let modified = fs::metadata(to.path().join("index.html"))
            .unwrap()
            .modified()
            .unwrap();
        assert_eq!(modified, long_ago);
    }

    #[test]
    fn a_wasm_bindgen_of_another_version_is_refused() {
        let root = tempfile::tempdir().unwrap();
        check_version(root.path()).unwrap();
        let entry = |version: &str| {
            format!("[[package]]\nname = \"wasm-bindgen\"\nversion = \"{version}\"\n")
        };
        write(
            root.path(),
            "Cargo.lock",
            &entry(tools::WASM_BINDGEN.version),
        );
        check_version(root.path()).unwrap();
        write(root.path(), "Cargo.lock", &entry("0.2.1"));
        assert!(
            check_version(root.path())
                .unwrap_err()
                .to_string()
                .contains("0.2.1")
        );
    }
}
