//! Where the programs under test are.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

/// The terminal's binary.
///
/// # Errors
/// When it isn't built.
pub fn toolroom() -> Result<PathBuf> {
    built("toolroom")
}

/// The window's binary.
///
/// # Errors
/// When it isn't built.
pub fn desktop() -> Result<PathBuf> {
    built("toolroom-desktop")
}

/// The binary of the IPC lab.
///
/// # Errors
/// When it isn't built.
pub fn lab() -> Result<PathBuf> {
    built("toolroom-ipc-lab")
}

/// The reference program for BLAKE3.
#[must_use]
pub fn b3sum() -> PathBuf {
    env::var_os("TOOLROOM_B3SUM").map_or_else(|| "b3sum".into(), PathBuf::from)
}

/// `TOOLROOM_BIN_DIR`, or the folder above the one that the test itself was built into.
fn built(name: &str) -> Result<PathBuf> {
    let folder = match env::var_os("TOOLROOM_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => env::current_exe()?
            .ancestors()
            .nth(2)
            .context("the test has no target folder")?
            .to_owned(),
    };
    let path = folder.join(name);
    ensure!(
        path.exists(),
        "{} is not built: run `cargo xtask build`",
        path.display()
    );
    Ok(path)
}
