//! `cargo xtask screenshots`: pictures of every page and state, for people to look at.
//!
//! The example `screenshots` of the end-to-end tests drives the window; which states there are, in
//! which sizes, and which pictures the README shows, stands there. Here the window is built.

use std::path::PathBuf;

use anyhow::Result;

use crate::binaries::{self, Program};
use crate::needs::{self, Stage};
use crate::page::{self, Page};
use crate::workspace::Workspace;
use crate::{codegen, process, report};

const PACKAGE: &str = "toolroom-tests";
const PROGRAM: &str = "screenshots";
/// Where the pictures that the README shows are kept.
const README: &str = "docs/pictures";

/// What pictures are made, and where to.
#[derive(Debug, Default)]
pub struct Options {
    /// The folder for them; one below `target/` if there is none.
    pub folder: Option<PathBuf>,
    /// Only scenes whose names contain this.
    pub only: Option<String>,
    /// Also replaces the pictures that the README shows.
    pub readme: bool,
}

/// Builds the window and makes the pictures.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let toolchain = needs::ensure(&workspace.cache, Stage::Test)?;
    codegen::catalogue::write(&workspace.root)?;
    report::timed("building the page (trunk)", || {
        page::build(workspace, &toolchain, Page::App, false)
    })?;
    let programs = report::timed("building the window (cargo)", || {
        binaries::programs(workspace, &[Program::Desktop], false)
    })?;
    let folder = match &options.folder {
        Some(folder) => std::path::absolute(folder)?,
        None => workspace.root.join("target/pictures"),
    };
    let mut pictures = workspace.cargo([
        "run",
        "--quiet",
        "--package",
        PACKAGE,
        "--example",
        PROGRAM,
        "--",
    ])?;
    pictures.env("TOOLROOM_BIN_DIR", programs).arg(&folder);
    if let Some(only) = &options.only {
        pictures.args(["--only", only]);
    }
    if options.readme {
        pictures.arg("--readme").arg(workspace.root.join(README));
    }
    let outcome = process::run(&mut pictures);
    println!("the pictures are in {}", folder.display());
    outcome
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_program_is_where_it_is_looked_for_and_the_readme_shows_what_it_keeps() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let program = root.join("tests/examples").join(PROGRAM).join("main.rs");
        let code = fs::read_to_string(program).unwrap();
        let readme = fs::read_to_string(root.join("README.md")).unwrap();
        let shown: Vec<&str> = readme
            .split(&format!("({README}/"))
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        assert_eq!(shown.len(), 4);
        for picture in shown {
            assert!(code.contains(&format!("{picture:?}")), "{picture}");
            assert!(root.join(README).join(picture).is_file(), "{picture}");
        }
    }
}
