//! Where things are: the repository, the user's cache and the folders that builds go to.
//!
//! Only computes paths. What is kept in the cache, and how, is `cache`'s business.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cache::Cache;

/// One checkout of the repository and the folders that serve it.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// The user's cache, shared by every clone on the machine.
    pub cache: Cache,
    /// Where native code is built. One folder in the cache serves every clone, so that
    /// dependencies are compiled once for a machine and not once for a clone.
    pub target: PathBuf,
    /// Where the page's WebAssembly is built. A folder of its own: the page may be compiled with
    /// another compiler and other flags, and cargo would otherwise lock and rebuild what the
    /// native side uses.
    pub wasm_target: PathBuf,
}

impl Workspace {
    /// Finds the repository from the manifest cargo started us with, or else from the current
    /// folder.
    pub fn discover() -> Result<Self> {
        let root = match env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) {
            Some(manifest) if manifest.ends_with("xtask") => {
                manifest.parent().map(Path::to_path_buf)
            }
            _ => env::current_dir()?
                .ancestors()
                .find(|folder| folder.join("xtask/Cargo.toml").is_file())
                .map(Path::to_path_buf),
        };
        let root =
            root.context("no repository found here; start `cargo xtask` inside a clone of it")?;
        let cache = Cache::of_user()?;
        let chosen = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
        let (target, wasm_target) = target_folders(chosen.as_deref(), cache.root());
        Ok(Self {
            root,
            cache,
            target: std::path::absolute(target)?,
            wasm_target: std::path::absolute(wasm_target)?,
        })
    }

    /// `cargo` in the repository, building natively, with the built tools on the PATH.
    pub fn cargo<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Result<Command> {
        let mut command = self.program("cargo")?;
        command.args(args).env("CARGO_TARGET_DIR", &self.target);
        Ok(command)
    }

    /// A program started in the repository with the built tools on the PATH.
    pub fn program(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", self.path_with_tools()?);
        Ok(command)
    }

    /// Where this clone keeps the programs it built. The shared target folder holds one program of
    /// a name at a time, so another clone's build may replace it at any moment; what lies here is
    /// ours.
    #[must_use]
    pub fn programs(&self, release: bool) -> PathBuf {
        self.root
            .join("target")
            .join("programs")
            .join(profile(release))
    }

    fn path_with_tools(&self) -> Result<OsString> {
        let own = crate::needs::tools::ALL
            .iter()
            .map(|tool| tool.folder(&self.cache).join("bin"));
        let inherited = env::var_os("PATH").unwrap_or_default();
        env::join_paths(own.chain(env::split_paths(&inherited)))
            .context("PATH cannot hold the cache's path; set XDG_CACHE_HOME to another folder")
    }
}

/// The name of cargo's output folder.
#[must_use]
pub fn profile(release: bool) -> &'static str {
    if release { "release" } else { "debug" }
}

/// Native and wasm target folders: next to the developer's own choice, or in the cache.
fn target_folders(chosen: Option<&OsStr>, cache: &Path) -> (PathBuf, PathBuf) {
    match chosen {
        Some(folder) => {
            // Cargo takes a closing slash; a suffix behind it would land inside the folder.
            let native: PathBuf = Path::new(folder).components().collect();
            let mut wasm = native.clone().into_os_string();
            wasm.push("-wasm");
            (native, PathBuf::from(wasm))
        }
        None => (cache.join("target"), cache.join("target-wasm")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_go_to_the_cache_unless_a_folder_is_chosen() {
        let (native, wasm) = target_folders(None, Path::new("cache"));
        assert_eq!(native, Path::new("cache/target"));
        assert_eq!(wasm, Path::new("cache/target-wasm"));
    }

    #[test]
    fn a_chosen_folder_gets_a_wasm_folder_beside_it() {
        for chosen in ["out/target", "out/target/"] {
            let (native, wasm) = target_folders(Some(OsStr::new(chosen)), Path::new("cache"));
            assert_eq!(native, Path::new("out/target"));
            assert_eq!(wasm, Path::new("out/target-wasm"));
        }
    }

    #[test]
    fn debug_and_release_programs_are_kept_apart() {
        assert_ne!(profile(true), profile(false));
    }
}
