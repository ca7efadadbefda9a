//! search-text against ripgrep, on a tree like that of a program's sources: many small files, a few long
//! ones, and a `.gitignore`.
//!
//! ripgrep runs twice: with `--json`, by which it tells as much as we do, and as people type it. Both
//! sides choose their threads themselves.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::arena::{Arena, Match, nothing};
use crate::bench::data::Xorshift;
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

/// In one line of half a million.
const RARE: &str = "quarantine_ledger";
/// In one line of a thousand, and so fewer times than are shown unless asked for more.
const COMMON: &str = "borrow_counter";
/// What fits stands in as many lines as the rare word.
const REGEX: &str = r"quaran\w+_led[a-z]+\s*\(";

/// ripgrep's time may be this part of ours.
const GOAL: f64 = 1.0 / 0.95;

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
                files: 20_000,
                long_files: 4,
                long_lines: 1_000_000,
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
                goal: Some(GOAL),
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

/// How much there is in a tree.
#[derive(Clone, Copy)]
struct Size {
    files: u64,
    long_files: u64,
    long_lines: u64,
}

/// A tree of made-up sources.
struct Tree {
    folder: PathBuf,
    bytes: u64,
}

impl Tree {
    fn make(parent: &Path, size: Size) -> Result<Self> {
        let mut tree = Self {
            folder: parent.join("sources"),
            bytes: 0,
        };
        let mut numbers = Xorshift::new(1);
        let lines = lines(&mut numbers);
        // As in a repository: ripgrep heeds the rules of git only there, and so do we.
        tree.write(".git/HEAD", |file| writeln!(file, "ref: refs/heads/main"))?;
        tree.write(".gitignore", |file| {
            writeln!(
                file,
                "/target/\n*.log\nnode_modules/\n.idea/\n!keep.log\n**/generated/*.tmp"
            )
        })?;
        for number in 0..size.files {
            // Some thirty to a folder.
            let (one, two) = (number / 900, number / 30 % 30);
            let place = format!("crate-{one:02}/src/module_{two:02}/file_{number:05}.rs");
            let count = 20 + numbers.next() % 400;
            tree.write(&place, |file| some_lines(file, &lines, count, &mut numbers))?;
        }
        for number in 0..size.long_files {
            let place = format!("data/records-{number}.sql");
            tree.write(&place, |file| {
                some_lines(file, &lines, size.long_lines, &mut numbers)
            })?;
        }
        Ok(tree)
    }

    fn write(
        &mut self,
        place: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
    ) -> Result<()> {
        let path = self.folder.join(place);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let written = File::create(&path).and_then(|file| {
            let mut file = BufWriter::new(file);
            fill(&mut file)?;
            file.into_inner()?.metadata()
        });
        let metadata = written.with_context(|| format!("cannot write {}", path.display()))?;
        self.bytes += metadata.len();
        Ok(())
    }
}

/// Lines to choose from, of words as they stand in sources.
fn lines(numbers: &mut Xorshift) -> Vec<String> {
    const WORDS: &[&str] = &[
        "let",
        "mut",
        "self",
        "match",
        "return",
        "for",
        "in",
        "if",
        "else",
        "pub",
        "fn",
        "struct",
        "value",
        "index",
        "count",
        "buffer",
        "result",
        "error",
        "context",
        "request",
        "response",
        "quarter",
        "quantity",
        "ledge",
        "border",
        "counter",
        "iterator",
        "Option",
        "Result",
        "Vec<u8>",
        "String",
        "->",
        "=>",
        "=",
        "==",
        "&&",
        "{",
        "}",
        "();",
        "::new()",
        "0x1f",
        "42",
        "\"text\"",
        "// why",
        "#[test]",
        "assert_eq!(",
        "größe",
        "état",
    ];
    (0..4_096)
        .map(|_| {
            let indent = "    ".repeat((numbers.next() % 4) as usize);
            let words: Vec<&str> = (0..numbers.next() % 12)
                .map(|_| WORDS[numbers.next() as usize % WORDS.len()])
                .collect();
            format!("{indent}{}\n", words.join(" "))
        })
        .collect()
}

fn some_lines(
    file: &mut impl Write,
    lines: &[String],
    count: u64,
    numbers: &mut Xorshift,
) -> std::io::Result<()> {
    for _ in 0..count {
        let number = numbers.next() >> 16;
        if number.is_multiple_of(500_000) {
            writeln!(file, "    let entry = {RARE}(index, value);")?;
        } else if number.is_multiple_of(1_000) {
            writeln!(file, "    let count = {COMMON}.load(Ordering::Relaxed);")?;
        } else {
            file.write_all(lines[number as usize % lines.len()].as_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use walkdir::WalkDir;

    #[test]
    fn the_tree_holds_as_much_as_it_says_and_common_words_but_not_more_than_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let size = Size {
            files: 1_000,
            long_files: 1,
            long_lines: 100_000,
        };
        let tree = Tree::make(folder.path(), size).unwrap();
        let files = WalkDir::new(&tree.folder).into_iter().map(Result::unwrap);
        let texts: Vec<String> = files
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| fs::read_to_string(entry.path()).unwrap())
            .collect();
        assert_eq!(texts.len(), 1_003);
        let bytes: usize = texts.iter().map(String::len).sum();
        assert_eq!(bytes as u64, tree.bytes);
        let found = texts.iter().flat_map(|text| text.lines());
        let found = found.filter(|line| line.contains(COMMON)).count();
        // 320,000 lines, and one of a thousand; the whole tree is twenty times as large.
        assert!((200..450).contains(&found), "{found}");
    }

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
