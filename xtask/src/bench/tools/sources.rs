//! A made-up tree like that of a program's sources: many short files, a few long ones, and a
//! `.gitignore`.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::bench::data::Xorshift;

/// A word in one line of half a million.
pub const RARE: &str = "quarantine_ledger";
/// A word in one line of two thousand.
pub const COMMON: &str = "borrow_counter";

/// How much there is in a tree.
#[derive(Clone, Copy)]
pub struct Size {
    /// Short files.
    pub files: u64,
    /// Long ones.
    pub long_files: u64,
    /// Lines in each of those.
    pub long_lines: u64,
}

/// A tree of made-up sources.
pub struct Tree {
    /// Where it is.
    pub folder: PathBuf,
    /// All files together.
    pub bytes: u64,
}

impl Tree {
    /// Makes one in `parent`: the same every time.
    pub fn make(parent: &Path, size: Size) -> Result<Self> {
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
        } else if number.is_multiple_of(2_000) {
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
        // One of two thousand, of 320,000 lines. The tree of the bench is fifty times as large, and 10,000 are
        // shown unless asked for more.
        assert!((100..190).contains(&found), "{found}");
    }
}
