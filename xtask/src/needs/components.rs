//! Parts of the Rust toolchain that a minimal installation leaves out, and where the toolchain
//! lies.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use super::Stage;
use crate::process;

/// A component as rustup calls it.
#[derive(Debug)]
pub struct Component {
    /// Its name at rustup.
    pub name: &'static str,
    /// What first wants it.
    pub stage: Stage,
    program: &'static str,
}

/// Code generation formats what it writes, so it is wanted for building.
pub const RUSTFMT: Component = Component {
    name: "rustfmt",
    stage: Stage::Build,
    program: "rustfmt",
};

/// Every component.
pub const ALL: &[Component] = &[
    RUSTFMT,
    Component {
        name: "clippy",
        stage: Stage::Test,
        program: "cargo-clippy",
    },
];

impl Component {
    /// Whether the toolchain in use has it. rustup puts a proxy on the PATH whether the component
    /// is there or not, so the toolchain's own folder is looked into; a distribution's Rust has no
    /// proxies.
    pub fn is_present(&self) -> Result<bool> {
        let file = format!("{}{}", self.program, env::consts::EXE_SUFFIX);
        Ok(is_in(sysroot()?, &file))
    }
}

/// Installs components into the toolchain in use.
pub fn install(names: &[&str]) -> Result<()> {
    if process::find("rustup").is_none() {
        bail!(
            "rustup was not found, so {} cannot be added; install them the way this Rust was \
             installed",
            names.join(" and ")
        );
    }
    process::run(
        Command::new("rustup")
            .args(["component", "add"])
            .args(names),
    )
}

/// The folder of the Rust toolchain in use.
pub fn sysroot() -> Result<&'static Path> {
    static SYSROOT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = SYSROOT.get() {
        return Ok(known);
    }
    let printed = process::output(Command::new("rustc").args(["--print", "sysroot"]))
        .context("rustc does not answer; install Rust with rustup and run the command again")?;
    Ok(SYSROOT.get_or_init(|| PathBuf::from(printed)))
}

fn is_in(sysroot: &Path, file: &str) -> bool {
    sysroot.join("bin").join(file).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_looked_for_in_the_toolchain_and_not_on_the_path() {
        let toolchain = tempfile::tempdir().unwrap();
        assert!(!is_in(toolchain.path(), "rustfmt"));
        std::fs::create_dir(toolchain.path().join("bin")).unwrap();
        std::fs::write(toolchain.path().join("bin/rustfmt"), "").unwrap();
        assert!(is_in(toolchain.path(), "rustfmt"));
    }

    #[test]
    fn the_toolchain_in_use_has_a_compiler() {
        let compiler = format!("rustc{}", env::consts::EXE_SUFFIX);
        assert!(is_in(sysroot().unwrap(), &compiler));
    }
}
