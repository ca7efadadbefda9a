//! `cargo xtask tidy`: the rules of the house that a program can check.
//!
//! One file for each rule; each looks at a [`Tree`] and returns what it found. Rules that are
//! about this folder's own words leave it out, since it must spell what it forbids.

mod clean_text;
mod detached;
mod file_length;
mod generated;
mod layers;
mod module_docs;
mod source;
mod status_writer;
mod tool_doors;
mod tool_names;
mod vocabulary;
mod window_grants;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

const LOCK_FILES: &[&str] = &[
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
];

/// The files of the repository that hold text.
#[derive(Debug, Default)]
pub struct Tree {
    files: Vec<File>,
}

/// One text file.
#[derive(Debug)]
pub struct File {
    /// Its place in the repository, with `/` on every system.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Something that a rule objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub path: String,
    /// In which line, counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
    /// Told, but no failure.
    pub is_warning: bool,
}

impl File {
    /// Whether a package manager keeps it: it bears other people's headers and addresses.
    pub fn is_lock(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        LOCK_FILES.contains(&name)
    }

    /// Whether it holds nothing but tests: end to end, of one crate, or of one module.
    pub fn is_test(&self) -> bool {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        name == "tests.rs" || folder.split('/').any(|part| part == "tests")
    }
}

impl Finding {
    /// An objection to a line.
    pub fn at(file: &File, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: file.path.clone(),
            line,
            message: message.into(),
            is_warning: false,
        }
    }

    /// An objection to a file as a whole.
    pub fn whole(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: 0,
            message: message.into(),
            is_warning: false,
        }
    }

    fn text(&self) -> String {
        let kind = if self.is_warning { "warning" } else { "error" };
        match self.line {
            0 => format!("{kind}: {}: {}", self.path, self.message),
            line => format!("{kind}: {}:{line}: {}", self.path, self.message),
        }
    }
}

impl Tree {
    /// Everything that git tracks or would track.
    pub fn of_repository(root: &Path) -> Result<Self> {
        let mut list = Command::new("git");
        list.args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root);
        let names =
            process::output(&mut list).context("git does not list the repository's files")?;
        let mut tree = Self::default();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            // A file may be gone without git having been told; a picture is no text.
            if let Ok(text) = fs::read_to_string(root.join(name)) {
                tree.files.push(File {
                    path: name.to_owned(),
                    text,
                });
            }
        }
        tree.files.sort_by(|left, right| left.path.cmp(&right.path));
        tree.files.dedup_by(|left, right| left.path == right.path);
        Ok(tree)
    }

    /// All files, in the order of their places.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// All files of Rust code.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.path.ends_with(".rs"))
    }

    /// A made-up tree.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        Self { files }
    }

    /// The lines on which a rule finds something.
    #[cfg(test)]
    pub fn lines_with(&self, rule: impl Fn(&Self) -> Vec<Finding>) -> Vec<usize> {
        rule(self).into_iter().map(|finding| finding.line).collect()
    }
}

/// Runs every rule over the repository and tells all findings.
pub fn run(workspace: &Workspace) -> Result<()> {
    let tree = Tree::of_repository(&workspace.root)?;
    let ids: Vec<String> = crate::codegen::catalogue::tools(&workspace.root)?
        .iter()
        .map(crate::codegen::catalogue::ToolModule::id)
        .collect();
    let findings = check(&tree, &ids)?;
    for finding in &findings {
        eprintln!("{}", finding.text());
    }
    let errors = findings
        .iter()
        .filter(|finding| !finding.is_warning)
        .count();
    if errors > 0 {
        bail!(
            "{errors} of the rules' lines above must be put right; the rules are explained in \
             xtask/src/tidy"
        );
    }
    Ok(())
}

fn check(tree: &Tree, tool_ids: &[String]) -> Result<Vec<Finding>> {
    let mut findings = layers::check(tree)?;
    findings.extend(vocabulary::check(tree)?);
    findings.extend(tool_names::check(tree, tool_ids));
    findings.extend(status_writer::check(tree));
    findings.extend(tool_doors::check(tree));
    findings.extend(generated::check(tree, crate::codegen::GENERATED));
    findings.extend(clean_text::check(tree));
    findings.extend(detached::check(tree));
    findings.extend(window_grants::check(tree)?);
    findings.extend(file_length::check(tree));
    findings.extend(module_docs::check(tree));
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_tree_has_no_findings() {
        let tree = Tree::of(&[
            ("shared/src/lib.rs", "//! Words.\n"),
            ("README.md", "Words.\n"),
        ]);
        assert_eq!(check(&tree, &[]).unwrap(), []);
    }

    #[test]
    fn every_rule_is_run() {
        let long = "//! Words.\n".repeat(501);
        let tree = Tree::of(&[
            (
                "shared/Cargo.toml",
                "package.name = \"toolroom-shared\"\n\
                 [dependencies]\ntauri = \"2\"\ntoolroom-ui = \"1\"\n",
            ),
            (
                "src-tauri/engine/src/a.rs",
                "job.status = x;\n// \u{40}generated\n",
            ),
            (
                "src-tauri/engine/src/b.rs",
                "//! Words.\nlet x = \"hash-files\";\n",
            ),
            ("src-tauri/engine/src/c.rs", &long),
            ("notes.md", concat!("TO", "DO\n")),
            ("src-tauri/app/src/d.rs", "//! Words.\ntokio::spawn(x);\n"),
            (
                "src-tauri/capabilities/main.json",
                "{\"windows\":[\"main\"],\"permissions\":[\"core:default\"]}",
            ),
        ]);
        let told: Vec<String> = check(&tree, &["hash-files".to_owned()])
            .unwrap()
            .iter()
            .map(Finding::text)
            .collect();
        for sign in [
            "toolroom-ui",
            "tauri",
            "hash-files",
            "status",
            "generated",
            "501",
            "//!",
            "notes.md",
            "OwnedTask",
            "core:default",
        ] {
            assert!(
                told.iter().any(|text| text.contains(sign)),
                "nothing about {sign}: {told:#?}"
            );
        }
    }

    #[test]
    fn a_finding_tells_its_place() {
        let file = File {
            path: "a.rs".to_owned(),
            text: String::new(),
        };
        assert_eq!(Finding::at(&file, 3, "bad").text(), "error: a.rs:3: bad");
        assert_eq!(Finding::whole("a.rs", "bad").text(), "error: a.rs: bad");
    }
}
