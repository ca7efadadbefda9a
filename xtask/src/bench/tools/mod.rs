//! The bench `tools`: whole runs of the terminal program, against the programs that people would
//! otherwise open a terminal for.
//!
//! Whole processes are timed, since that is what a user waits for: start, work, history, print.
//! The data is in the system's cache, so the disk plays no part. One file for each tool, named as
//! the tool is, and a line in [`CONTESTS`]; `arena` holds what they share.

mod arena;
mod compress;
mod convert_images;
mod download_files;
mod extract;
mod find_duplicates;
mod hash_files;
mod prose;
mod search_text;
mod sources;
mod verify_checksums;

use anyhow::{Result, bail};

use super::measure::Comparison;
use super::{Options, Report, comparison};
use crate::binaries::{self, Program};
use crate::needs::{self, Stage};
use crate::workspace::Workspace;
use crate::{codegen, report};
use arena::Arena;

/// A tool and the programs it is measured against.
struct Contest {
    /// The tool's name.
    tool: &'static str,
    run: fn(&Arena) -> Result<Vec<Comparison>>,
}

const CONTESTS: &[Contest] = &[
    Contest {
        tool: "compress",
        run: compress::run,
    },
    Contest {
        tool: "convert-images",
        run: convert_images::run,
    },
    Contest {
        tool: "download-files",
        run: download_files::run,
    },
    Contest {
        tool: "extract",
        run: extract::run,
    },
    Contest {
        tool: "find-duplicates",
        run: find_duplicates::run,
    },
    Contest {
        tool: "hash-files",
        run: hash_files::run,
    },
    Contest {
        tool: "search-text",
        run: search_text::run,
    },
    Contest {
        tool: "verify-checksums",
        run: verify_checksums::run,
    },
];

/// Builds the terminal program optimised, and compares one tool or all.
pub fn run(workspace: &Workspace, options: Options<'_>) -> Result<Report> {
    let contests = choose(options.only)?;
    needs::ensure(&workspace.cache, Stage::Bench)?;
    codegen::catalogue::write(&workspace.root)?;
    let folder = report::timed("building the terminal program, optimised (cargo)", || {
        binaries::programs(workspace, &[Program::Terminal], true)
    })?;
    let arena = Arena::new(
        workspace,
        &folder.join(Program::Terminal.file()),
        options.quick,
    )?;
    let mut rows = Vec::new();
    for contest in contests {
        rows.extend((contest.run)(&arena)?);
    }
    Ok(comparison::report(&rows))
}

fn choose(only: Option<&str>) -> Result<Vec<&'static Contest>> {
    let chosen: Vec<&Contest> = CONTESTS
        .iter()
        .filter(|contest| only.is_none_or(|only| only == contest.tool))
        .collect();
    if chosen.is_empty() {
        let tools: Vec<&str> = CONTESTS.iter().map(|contest| contest.tool).collect();
        bail!(
            "{:?} is not measured against anything; the tools that are: {}",
            only.unwrap_or_default(),
            tools.join(", ")
        );
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_chosen_by_name_and_all_without_one() {
        assert_eq!(choose(None).unwrap().len(), CONTESTS.len());
        assert_eq!(choose(Some("hash-files")).unwrap().len(), 1);
        let error = choose(Some("hash-flies")).err().unwrap().to_string();
        assert!(error.contains("hash-flies") && error.contains("hash-files"));
    }
}
