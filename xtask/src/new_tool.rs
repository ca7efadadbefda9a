//! `cargo xtask new-tool NAME`: a tool's file to begin with, and its line in the catalogue.
//!
//! What it writes is a small tool that works, with tests: it can be run at once and changed bit by bit. It
//! is a file of the tools' own tests under another name, so that it is compiled and held to the rules
//! whenever they are.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::codegen::catalogue;
use crate::workspace::Workspace;

const TEMPLATE: &str = include_str!("../../src-tauri/tools/tests/new_tool/template_tool.rs");
/// What the template's tool is called.
const TEMPLATE_ID: &str = "template-tool";

/// Longer ids don't fit where the window shows them.
const MOST_LETTERS: usize = 40;
/// What neither a module nor a type can be called, or would mean something else as such.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// Crates that the catalogue, or what is derived in a tool's file, calls by name.
const CRATES: &[&str] = &[
    "alloc",
    "core",
    "schemars",
    "serde",
    "serde_json",
    "std",
    "toolroom_toolkit",
];

/// Writes a new tool and the catalogue.
pub fn run(workspace: &Workspace, name: &str) -> Result<()> {
    let place = write(&workspace.root, name)?;
    eprintln!("wrote {place}: a tool that counts lines, to be made into yours");
    catalogue::write(&workspace.root).with_context(|| {
        format!("{place} is written, but not in the catalogue yet; `cargo xtask codegen` does that")
    })?;
    eprintln!("try it with `cargo xtask run`, check it with `cargo xtask test`");
    Ok(())
}

/// Writes the tool's file, and gives its place in the repository.
fn write(root: &Path, name: &str) -> Result<String> {
    if let Some(fault) = fault(name) {
        bail!("“{name}” can't be a tool's name: {fault}. Nothing was written");
    }
    let module = name.replace('-', "_");
    if catalogue::tools(root)?
        .iter()
        .any(|tool| tool.module == module)
    {
        bail!("there is a tool {name} already. Nothing was written; choose another name");
    }
    let place = format!("{}/{module}.rs", catalogue::SOURCES);
    let source = catalogue::format(root, &filled_in(name))?;
    let file = root.join(&place);
    fs::write(&file, source).with_context(|| {
        // Half a file would be taken for a tool.
        let _ = fs::remove_file(&file);
        format!("cannot write {place}")
    })?;
    Ok(place)
}

/// Why a name can't be one; none if it can.
fn fault(name: &str) -> Option<String> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !name.split('-').all(is_word) {
        return Some(
            "it must be small letters and digits in words that begin with a letter, divided by single dashes, as in count-lines".to_owned(),
        );
    }
    if name.len() > MOST_LETTERS {
        return Some(format!("it is longer than {MOST_LETTERS} letters"));
    }
    let module = name.replace('-', "_");
    let is_taken = [KEYWORDS, CRATES, catalogue::NOT_TOOLS]
        .iter()
        .any(|words| words.contains(&module.as_str()));
    if is_taken || words(TEMPLATE).any(|word| word == catalogue::type_name(&module)) {
        return Some(
            "it means something else in the code; add a word, as in count-lines".to_owned(),
        );
    }
    None
}

/// The words of which code consists.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The template under another name, not laid out yet.
fn filled_in(name: &str) -> String {
    let names = |id: &str| {
        let title = id.replace('-', " ");
        let title = title[..1].to_uppercase() + &title[1..];
        [
            id.to_owned(),
            catalogue::type_name(&id.replace('-', "_")),
            title,
        ]
    };
    names(TEMPLATE_ID)
        .iter()
        .zip(names(name))
        .fold(TEMPLATE.to_owned(), |text, (theirs, ours)| {
            text.replace(theirs, &ours)
        })
}

#[cfg(test)]
mod tests;
