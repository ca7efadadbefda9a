//! The compiler for the page: rustup's target first, Debian's packages where rustup cannot be
//! reached.
//!
//! The variable `TOOLROOM_WASM_FROM` (`rustup` or `debian`) forces one way. How the second way
//! works is told in `wasm_debian`; what is built with the compiler is decided by `page`.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{components, wasm_debian};
use crate::cache::Cache;
use crate::{process, report};

/// The target the page is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

const CHOICE: &str = "TOOLROOM_WASM_FROM";

/// A compiler for the page, and what whoever starts it must set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WasmToolchain {
    /// Where it comes from, in a word or two.
    pub origin: String,
    /// Variables for cargo or trunk.
    pub env: Vec<(&'static str, OsString)>,
    /// Whether clippy can check the page: clippy reads only the standard library of its own
    /// toolchain.
    pub has_clippy: bool,
}

/// Which way is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Any,
    Rustup,
    Debian,
}

impl WasmToolchain {
    fn rustup() -> Self {
        Self {
            origin: "rustup".to_owned(),
            env: Vec::new(),
            has_clippy: true,
        }
    }

    /// Sets what this compiler needs.
    pub fn apply(&self, command: &mut Command) {
        for (name, value) in &self.env {
            command.env(name, value);
        }
    }
}

/// The compiler that is there, if any. Cheap.
pub fn find(cache: &Cache) -> Result<Option<WasmToolchain>> {
    let choice = choice()?;
    if choice != Choice::Debian && has_target(components::sysroot()?) {
        return Ok(Some(WasmToolchain::rustup()));
    }
    if choice == Choice::Rustup {
        return Ok(None);
    }
    wasm_debian::find(cache)
}

/// The compiler that is there, or else the one that can be had.
pub fn ensure(cache: &Cache) -> Result<WasmToolchain> {
    if let Some(found) = find(cache)? {
        return Ok(found);
    }
    let choice = choice()?;
    if choice == Choice::Debian {
        return wasm_debian::ensure(cache);
    }
    let what = format!("installing the target {TARGET} (rustup)");
    let Err(first) = report::timed(&what, add_target) else {
        return Ok(WasmToolchain::rustup());
    };
    if choice == Choice::Rustup {
        return Err(first);
    }
    eprintln!("rustup did not get the target ({first:#}); trying Debian's packages instead");
    wasm_debian::ensure(cache).with_context(|| {
        format!("no compiler for the page: `rustup target add {TARGET}` failed, then this")
    })
}

fn add_target() -> Result<()> {
    if process::find("rustup").is_none() {
        bail!("rustup was not found on the PATH");
    }
    process::run(Command::new("rustup").args(["target", "add", TARGET]))?;
    if !has_target(components::sysroot()?) {
        bail!("rustup added {TARGET}, but not to the toolchain in use; see `rustup show`");
    }
    Ok(())
}

fn has_target(sysroot: &Path) -> bool {
    sysroot
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib")
        .is_dir()
}

fn choice() -> Result<Choice> {
    choice_from(env::var(CHOICE).ok().as_deref())
}

fn choice_from(value: Option<&str>) -> Result<Choice> {
    match value {
        None | Some("") => Ok(Choice::Any),
        Some("rustup") => Ok(Choice::Rustup),
        Some("debian") => Ok(Choice::Debian),
        Some(other) => {
            bail!("{CHOICE} is {other:?}; set it to `rustup` or `debian`, or leave it unset")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_forces_a_way_and_a_slip_of_the_pen_is_refused() {
        assert_eq!(choice_from(None).unwrap(), Choice::Any);
        assert_eq!(choice_from(Some("")).unwrap(), Choice::Any);
        assert_eq!(choice_from(Some("rustup")).unwrap(), Choice::Rustup);
        assert_eq!(choice_from(Some("debian")).unwrap(), Choice::Debian);
        assert!(
            choice_from(Some("Debian"))
                .unwrap_err()
                .to_string()
                .contains("`debian`")
        );
    }

    #[test]
    fn a_target_is_there_when_its_library_folder_is() {
        let sysroot = tempfile::tempdir().unwrap();
        assert!(!has_target(sysroot.path()));
        std::fs::create_dir_all(sysroot.path().join("lib/rustlib").join(TARGET).join("lib"))
            .unwrap();
        assert!(has_target(sysroot.path()));
    }

    #[test]
    fn rustups_compiler_needs_no_variables() {
        let mut command = Command::new("trunk");
        WasmToolchain::rustup().apply(&mut command);
        assert_eq!(command.get_envs().count(), 0);
    }
}
