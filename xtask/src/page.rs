//! Building a page with trunk and laying it into its `dist/`: the app's own, and that of the lab
//! which the typed IPC is tested in.
//!
//! How a page is put together is told by its Trunk.toml and index.html. Which compiler is used
//! comes from `needs`. The windows embed what lies in `dist/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::needs::{WasmToolchain, tools};
use crate::workspace::{Workspace, profile};
use crate::{cache, process};

/// A page of this workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The app's.
    App,
    /// The IPC lab's.
    Lab,
    /// The IPC lab's, with a call of every function of the app's client: nobody opens it, it is
    /// only weighed.
    LabWithEveryFunction,
}

impl Page {
    /// Where its Trunk.toml lies.
    fn folder(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::App => workspace.root.clone(),
            Self::Lab | Self::LabWithEveryFunction => workspace.root.join("tests/ipc-lab/page"),
        }
    }

    fn dist(self, workspace: &Workspace) -> PathBuf {
        self.folder(workspace).join("dist")
    }

    /// Where it is built to, below `target/`.
    const fn staging(self) -> &'static str {
        match self {
            Self::App => "page",
            Self::Lab => "lab-page",
            Self::LabWithEveryFunction => "lab-page-with-every-function",
        }
    }

    const fn features(self) -> Option<&'static str> {
        match self {
            Self::App | Self::Lab => None,
            Self::LabWithEveryFunction => Some("every-function"),
        }
    }
}

/// Builds a page and lays it into its `dist/`.
pub fn build(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    page: Page,
    release: bool,
) -> Result<()> {
    let staged = stage(workspace, toolchain, page, release)?;
    sync(&staged, &page.dist(workspace))
}

/// Builds a page into a folder below `target/` and returns it.
///
/// Not straight into `dist/`: trunk replaces that folder as a whole each time, and the window,
/// which embeds it, would be compiled again although not a byte is different.
pub fn stage(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    page: Page,
    release: bool,
) -> Result<PathBuf> {
    check_version(&workspace.root)?;
    let staged = workspace
        .root
        .join("target")
        .join(page.staging())
        .join(profile(release));
    // Trunk picks the page's WebAssembly up from the shared folder, where another clone could
    // replace it.
    let _lock = workspace.cache.lock("page")?;
    let mut trunk = workspace.program("trunk")?;
    trunk
        .current_dir(page.folder(workspace))
        .args(["build", "--skip-version-check", "--dist"])
        .arg(&staged);
    if let Some(features) = page.features() {
        trunk.args(["--features", features]);
    }
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

/// Sees to it that every `dist/` exists, which the windows' code wants in order to compile at all.
pub fn ensure_some(workspace: &Workspace) -> Result<()> {
    for page in [Page::App, Page::Lab] {
        let dist = page.dist(workspace);
        if !dist.join("index.html").is_file() {
            fs::create_dir_all(&dist)?;
            fs::write(
                dist.join("index.html"),
                "<!doctype html>\n<title>The page is not built yet</title>\n",
            )?;
        }
    }
    Ok(())
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
    fn every_page_is_where_it_is_looked_for_and_has_a_place_of_its_own() {
        let workspace = Workspace::discover().unwrap();
        let pages = [Page::App, Page::Lab, Page::LabWithEveryFunction];
        for page in pages {
            for file in ["Trunk.toml", "index.html"] {
                assert!(page.folder(&workspace).join(file).is_file(), "{page:?}");
            }
        }
        let places = pages.map(Page::staging);
        assert!((1..places.len()).all(|next| !places[..next].contains(&places[next])));
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
