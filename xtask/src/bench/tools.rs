//! The bench `tools`: hashing a tree of files, against `b3sum` and `sha256sum`.
//!
//! Whole processes are timed, since that is what a user waits for: start, walk, hash, print. The
//! files are in the system's cache, so the disk plays no part.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::data::Data;
use super::measure::{self, Comparison};
use super::{Options, Report, comparison};
use crate::binaries::{self, Program};
use crate::needs::{self, Stage, tools};
use crate::workspace::Workspace;
use crate::{codegen, process, report};

const LARGE: u64 = 512 << 20;
const SMALL_COUNT: u64 = 2_000;
const SMALL_SIZE: u64 = LARGE / SMALL_COUNT;

/// Builds the terminal program optimised, makes the data and compares.
pub fn run(workspace: &Workspace, options: Options) -> Result<Report> {
    needs::ensure(&workspace.cache, Stage::Test)?;
    codegen::catalogue::write(&workspace.root)?;
    let folder = report::timed("building the terminal program, optimised (cargo)", || {
        binaries::programs(workspace, &[Program::Terminal], true)
    })?;
    let ours = folder.join(Program::Terminal.file());
    let b3sum = tools::B3SUM.program(&workspace.cache);
    let sha256sum = process::find("sha256sum")
        .context("sha256sum was not found; it is part of the GNU core utilities")?;
    let data = if options.quick {
        Data::make(SMALL_SIZE, 2, SMALL_SIZE)?
    } else {
        report::timed(
            "making one large file and 2,000 small ones, 1 GiB in all",
            || Data::make(LARGE, SMALL_COUNT, SMALL_SIZE),
        )?
    };
    let rows: Result<Vec<Comparison>> =
        [("blake3", b3sum.as_path()), ("sha256", sha256sum.as_path())]
            .into_iter()
            .map(|(algorithm, reference)| compare(&ours, algorithm, reference, &data))
            .collect();
    Ok(comparison::report(&rows?))
}

fn compare(ours: &Path, algorithm: &str, reference: &Path, data: &Data) -> Result<Comparison> {
    let name = reference
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let (ours, theirs) = report::timed(
        &format!(
            "timing {algorithm} against {name}, {} rounds",
            measure::ROUNDS
        ),
        || {
            measure::compare(
                &mut hash_folder(ours, algorithm, data),
                &mut hash_files(reference, data),
            )
        },
    )?;
    Ok(Comparison {
        work: format!("hash {algorithm}"),
        bytes: data.bytes,
        ours,
        reference: name,
        theirs,
    })
}

fn hash_folder(program: &Path, algorithm: &str, data: &Data) -> Command {
    let mut command = Command::new(program);
    command
        .args([
            "run",
            "hash-files",
            "--algorithm",
            algorithm,
            "--json",
            "--paths",
        ])
        .arg(data.folder());
    command
}

/// The reference programs know no folders: they are given every file.
fn hash_files(program: &Path, data: &Data) -> Command {
    let mut command = Command::new(program);
    command.args(&data.files);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_get_the_same_files() {
        let data = Data::make(8, 3, 8).unwrap();
        let theirs = hash_files(Path::new("b3sum"), &data);
        assert_eq!(theirs.get_args().count(), data.files.len());
        let ours = hash_folder(Path::new("toolroom"), "blake3", &data);
        assert_eq!(ours.get_args().last().unwrap(), data.folder().as_os_str());
    }

    #[cfg(unix)]
    #[test]
    fn a_comparison_names_the_work_and_the_reference() {
        let data = Data::make(8, 1, 8).unwrap();
        let program = process::find("true").unwrap();
        let comparison = compare(&program, "sha256", &program, &data).unwrap();
        assert_eq!(comparison.work, "hash sha256");
        assert_eq!(comparison.reference, "true");
        assert_eq!(comparison.ours.seconds.len(), measure::ROUNDS);
        assert_eq!(comparison.bytes, 16);
    }
}
