//! apalis over SQLite, through the program in `apalis-sqlite` beside this crate.
//!
//! A program of its own, since its SQLite can't be linked beside ours. It does one load and prints
//! an [`Outcome`]; what it measures and with which settings stands there.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::contender::Contender;
use crate::load::{Load, Outcome};

const PROGRAM: &str = "toolroom-bench-apalis-sqlite";

/// Jobs as tasks of apalis, kept in a SQLite file.
#[derive(Debug)]
pub struct ApalisSqlite;

impl Contender for ApalisSqlite {
    fn who(&self) -> String {
        "apalis, SQLite".to_owned()
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let program = program()?;
        let output = Command::new(&program)
            .arg("--jobs")
            .arg(load.jobs.to_string())
            .arg("--callers")
            .arg(load.callers.to_string())
            .arg("--folder")
            .arg(folder)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("{PROGRAM} doesn't start"))?;
        ensure!(output.status.success(), "{PROGRAM}: {}", output.status);
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{PROGRAM} says something else than an outcome"))
    }
}

/// Beside this program: both are built into one target folder.
fn program() -> Result<PathBuf> {
    let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
    let program = env::current_exe()?.with_file_name(name);
    ensure!(
        program.is_file(),
        "{PROGRAM} isn't built; build benches/engine/apalis-sqlite into the same target folder"
    );
    Ok(program)
}
