//! search-text against ripgrep, on a tree like that of a program's sources: many small files, a few long
//! ones, and a `.gitignore`.
//!
//! ripgrep runs twice: with `--json`, by which it tells as much as we do, and as people type it. Both
//! sides choose their threads themselves.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::arena::{AS_FAST, Arena, Match, nothing};
use super::sources::{COMMON, RARE, Size, Tree};
use crate::bench::measure::Comparison;
use crate::needs::tools;
use crate::report;

/// A search, as both sides are told of it.
struct Search {
    work: &'static str,
    ours: &'static [&'static str],
    theirs: &'static [&'static str],
}

const SEARCHES: &[Search] = &[
    Search {
        work: "a rare word",
        ours: &["--pattern", RARE, "--case", "sensitive"],
        theirs: &["--fixed-strings", RARE],
    },
    Search {
        work: "a common word",
        ours: &["--pattern", COMMON, "--case", "sensitive"],
        theirs: &["--fixed-strings", COMMON],
    },
    Search {
        work: "a regex",
        ours: &[
            "--pattern",
            REGEX,
            "--case",
            "sensitive",
            "--syntax",
            "regex",
        ],
        theirs: &[REGEX],
    },
    Search {
        work: "in any case",
        ours: &["--pattern", RARE, "--case", "insensitive"],
        theirs: &["--fixed-strings", "--ignore-case", RARE],
    },
];

/// What fits stands in as many lines as the rare word.
const REGEX: &str = r"quaran\w+_led[a-z]+\s*\(";

/// Each search, against both ways of ripgrep's.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let tree = report::timed("making a tree of sources", || {
        let size = match arena.quick {
            true => Size {
                files: 100,
                long_files: 1,
                long_lines: 1_000,
            },
            false => Size {
                files: 40_000,
                long_files: 4,
                long_lines: 2_000_000,
            },
        };
        Tree::make(arena.folder(), size)
    })?;
    let mut rows = Vec::new();
    for search in SEARCHES {
        for (reference, flags) in [("rg --json", &["--json"][..]), ("rg", &[])] {
            let mut ours = arena.tool("search-text");
            ours.args(search.ours).arg("--paths").arg(&tree.folder);
            rows.push(arena.compare(Match {
                work: &format!("search {}", search.work),
                bytes: tree.bytes,
                goal: Some(AS_FAST),
                ours,
                reference,
                theirs: ripgrep(arena.built(&tools::RIPGREP), flags, search, &tree.folder),
                before: &nothing,
            })?);
        }
    }
    Ok(rows)
}

fn ripgrep(mut program: Command, flags: &[&str], search: &Search, folder: &Path) -> Command {
    program
        .arg("--no-config")
        .args(flags)
        .args(search.theirs)
        .arg(folder);
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ripgrep_is_told_what_we_are_told() {
        for search in SEARCHES {
            let command = ripgrep(Command::new("rg"), &["--json"], search, Path::new("x"));
            let theirs: Vec<_> = command
                .get_args()
                .map(|arg| arg.to_string_lossy())
                .collect();
            let pattern = search.ours[1];
            assert!(theirs.iter().any(|arg| arg == pattern), "{theirs:?}");
            let is_insensitive = search.ours.contains(&"insensitive");
            assert_eq!(
                is_insensitive,
                theirs.iter().any(|arg| arg == "--ignore-case")
            );
            let is_regex = search.ours.contains(&"regex");
            assert_eq!(!is_regex, theirs.iter().any(|arg| arg == "--fixed-strings"));
        }
    }
}
