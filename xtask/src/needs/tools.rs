//! Programs built from source into the user's cache, a folder for each version.
//!
//! A version that is pinned here is the version everybody uses; raising it builds the new one
//! beside the old. The folders are put on the PATH by `workspace`.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Stage;
use crate::cache::{self, Cache};
use crate::process;

/// A program that `cargo install` builds.
#[derive(Debug)]
pub struct Tool {
    /// The crate's name.
    pub name: &'static str,
    /// The pinned version.
    pub version: &'static str,
    /// What first wants it.
    pub stage: Stage,
    program: &'static str,
    locked: bool,
}

/// Makes the JavaScript side of the page; must be of the same version as the crate of that name.
pub const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: "0.2.130",
    stage: Stage::Build,
    program: "wasm-bindgen",
    // Its lock file names a release that cannot be fetched any more.
    locked: false,
};

/// The reference program for hashes.
pub const B3SUM: Tool = Tool {
    name: "b3sum",
    version: "1.8.7",
    stage: Stage::Test,
    program: "b3sum",
    locked: true,
};

/// The reference program for searching text; Debian's is too old to compare answers with.
pub const RIPGREP: Tool = Tool {
    name: "ripgrep",
    version: "15.2.0",
    stage: Stage::Test,
    program: "rg",
    locked: true,
};

/// The reference program for finding duplicates that Debian doesn't have.
pub const FCLONES: Tool = Tool {
    name: "fclones",
    version: "0.35.0",
    stage: Stage::Bench,
    program: "fclones",
    locked: true,
};

/// Every tool.
pub const ALL: &[Tool] = &[
    Tool {
        name: "trunk",
        version: "0.21.14",
        stage: Stage::Build,
        program: "trunk",
        locked: true,
    },
    WASM_BINDGEN,
    Tool {
        name: "cargo-deny",
        version: "0.20.2",
        stage: Stage::Test,
        program: "cargo-deny",
        locked: true,
    },
    Tool {
        name: "cargo-machete",
        version: "0.9.2",
        stage: Stage::Test,
        program: "cargo-machete",
        locked: true,
    },
    B3SUM,
    RIPGREP,
    FCLONES,
];

impl Tool {
    /// The folder of this version.
    #[must_use]
    pub fn folder(&self, cache: &Cache) -> PathBuf {
        cache
            .root()
            .join("tools")
            .join(format!("{}-{}", self.name, self.version))
    }

    /// The program's file.
    #[must_use]
    pub fn program(&self, cache: &Cache) -> PathBuf {
        self.folder(cache)
            .join("bin")
            .join(format!("{}{}", self.program, env::consts::EXE_SUFFIX))
    }

    /// Whether this version was built.
    #[must_use]
    pub fn is_present(&self, cache: &Cache) -> bool {
        self.program(cache).is_file()
    }

    /// Builds it, or waits for somebody else who is building it.
    pub fn install(&self, cache: &Cache) -> Result<()> {
        let _lock = cache.lock(&format!("{}-{}", self.name, self.version))?;
        if self.is_present(cache) {
            return Ok(());
        }
        let build = cache
            .root()
            .join(format!("building-{}-{}", self.name, self.version));
        let outcome = cache.install(&self.folder(cache), |folder| {
            let mut install = Command::new("cargo");
            // With the folder on the PATH cargo doesn't advise to put it there, which is done
            // elsewhere.
            let inherited = env::var_os("PATH").unwrap_or_default();
            let path = std::iter::once(folder.join("bin")).chain(env::split_paths(&inherited));
            // Outside the repository, whose settings are not meant for other people's programs.
            install
                .args(self.arguments())
                .arg("--root")
                .arg(folder)
                .current_dir(cache.root())
                .env("PATH", env::join_paths(path)?)
                .env("CARGO_TARGET_DIR", &build);
            process::run(&mut install).with_context(|| {
                format!(
                    "{} {} was not installed and nothing of it was kept; with a connection to \
                     the registry of crates, run the command again",
                    self.name, self.version
                )
            })
        });
        // Some hundred megabytes that nobody needs again, however it ended.
        cache::remove(&build)?;
        outcome
    }

    /// The command that gets it by hand.
    #[must_use]
    pub fn how(&self) -> String {
        format!("cargo {}", self.arguments().join(" "))
    }

    fn arguments(&self) -> Vec<&'static str> {
        let mut arguments = vec!["install", self.name, "--version", self.version];
        if self.locked {
            arguments.push("--locked");
        }
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn each_version_has_a_folder_of_its_own() {
        let cache = Cache::at(Path::new("cache"));
        assert_eq!(B3SUM.folder(&cache), Path::new("cache/tools/b3sum-1.8.7"));
        assert!(
            B3SUM
                .program(&cache)
                .starts_with("cache/tools/b3sum-1.8.7/bin")
        );
    }

    #[test]
    fn a_folder_without_its_program_does_not_count_as_installed() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::at(home.path());
        std::fs::create_dir_all(B3SUM.folder(&cache).join("bin")).unwrap();
        assert!(!B3SUM.is_present(&cache));
        std::fs::write(B3SUM.program(&cache), "").unwrap();
        assert!(B3SUM.is_present(&cache));
    }

    #[test]
    fn the_pinned_version_is_asked_for_and_its_lock_file_where_it_works() {
        assert_eq!(
            WASM_BINDGEN.how(),
            "cargo install wasm-bindgen-cli --version 0.2.130"
        );
        assert_eq!(B3SUM.how(), "cargo install b3sum --version 1.8.7 --locked");
    }
}
