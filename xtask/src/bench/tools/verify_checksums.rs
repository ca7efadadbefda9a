//! verify-checksums against `b3sum --check` and `sha256sum --check`, on manifests that they wrote of one
//! large file and many small ones.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::arena::{AS_FAST, Arena, Match, nothing};
use crate::bench::data::Data;
use crate::bench::measure::Comparison;
use crate::needs::tools;
use crate::process;

/// Each digest against the program whose manifests they are.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let data = Data::to_digest(arena.quick)?;
    let entry = |work, reference, theirs: &dyn Fn() -> Result<Command>, goal| {
        let manifest = written(arena, reference, theirs()?, &data)?;
        let mut ours = arena.tool("verify-checksums");
        ours.arg("--manifests").arg(&manifest);
        let mut theirs = theirs()?;
        theirs.arg("--check").arg(&manifest);
        arena.compare(Match {
            work,
            bytes: data.bytes,
            goal,
            ours,
            reference,
            theirs,
            before: &nothing,
        })
    };
    let b3sum = || Ok(arena.built(&tools::B3SUM));
    let sha256sum = || arena.program("sha256sum");
    Ok(vec![
        entry("verify blake3", "b3sum", &b3sum, Some(AS_FAST))?,
        entry("verify sha256", "sha256sum", &sha256sum, None)?,
    ])
}

/// The manifest that a program writes of all files. Its name says which program that was, which is
/// what tells BLAKE3 from SHA-256.
fn written(arena: &Arena, program: &str, mut writes: Command, data: &Data) -> Result<PathBuf> {
    let manifest = arena.folder().join(format!("manifest.{program}"));
    let output =
        File::create(&manifest).with_context(|| format!("cannot write {}", manifest.display()))?;
    writes.args(&data.files).stdout(output);
    let status = process::status(&mut writes)?;
    let lines = fs::read_to_string(&manifest)?.lines().count();
    if !status.success() || lines != data.files.len() {
        bail!(
            "{program} wrote {lines} lines of {} files ({status})",
            data.files.len()
        );
    }
    Ok(manifest)
}
