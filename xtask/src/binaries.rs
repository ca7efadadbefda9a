//! Building the programs, and everything that must be there first.
//!
//! The page itself is built by `page`, generated code is written by `codegen`.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::needs::{self, Stage};
use crate::page::{self, Page};
use crate::workspace::{Workspace, profile};
use crate::{codegen, process, report};

/// A program of this workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `toolroom`, for the terminal.
    Terminal,
    /// `toolroom-desktop`, the window.
    Desktop,
    /// `toolroom-ipc-lab`, the window that the typed IPC is tested and measured in.
    Lab,
}

impl Program {
    fn package(self) -> &'static str {
        match self {
            Self::Terminal => "toolroom-cli",
            Self::Desktop => "toolroom-desktop",
            Self::Lab => "toolroom-ipc-lab",
        }
    }

    /// The file's name.
    #[must_use]
    pub fn file(self) -> String {
        let name = match self {
            Self::Terminal => "toolroom",
            Self::Desktop => "toolroom-desktop",
            Self::Lab => "toolroom-ipc-lab",
        };
        format!("{name}{}", env::consts::EXE_SUFFIX)
    }
}

/// Builds the app's page and its two programs; returns the folder with the programs.
pub fn build(workspace: &Workspace, release: bool) -> Result<PathBuf> {
    let toolchain = needs::ensure(&workspace.cache, Stage::Build)?;
    codegen::catalogue::write(&workspace.root)?;
    report::timed("building the page (trunk)", || {
        page::build(workspace, &toolchain, Page::App, release)
    })?;
    report::timed("building the programs (cargo)", || {
        programs(workspace, &[Program::Terminal, Program::Desktop], release)
    })
}

/// Builds programs and returns the folder where this clone keeps them.
pub fn programs(workspace: &Workspace, programs: &[Program], release: bool) -> Result<PathBuf> {
    // From building to copying nobody else may put a program of the same name into the shared
    // folder.
    let _lock = workspace.cache.lock("programs")?;
    let mut build = workspace.cargo(["build"])?;
    for program in programs {
        build.args(["--package", program.package()]);
    }
    if release {
        build.arg("--release");
    }
    process::run(&mut build)?;
    let folder = workspace.programs(release);
    fs::create_dir_all(&folder)?;
    for program in programs {
        let built = workspace.target.join(profile(release)).join(program.file());
        keep(&built, &folder.join(program.file())).with_context(|| {
            format!(
                "{} was built but could not be copied to {}",
                program.file(),
                folder.display()
            )
        })?;
    }
    Ok(folder)
}

/// Copies a program, unless the copy is the same; a copy that is running just now is not disturbed.
fn keep(built: &Path, copy: &Path) -> Result<()> {
    let source = fs::metadata(built)?;
    if let Ok(present) = fs::metadata(copy)
        && present.len() == source.len()
        && present.modified()? == source.modified()?
    {
        return Ok(());
    }
    let fresh = copy.with_extension("fresh");
    fs::copy(built, &fresh)?;
    File::options()
        .write(true)
        .open(&fresh)?
        .set_modified(source.modified()?)?;
    Ok(fs::rename(&fresh, copy)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_program_built_anew_replaces_the_copy_and_the_same_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (built, copy) = (folder.path().join("built"), folder.path().join("copy"));
        fs::write(&built, "one").unwrap();
        keep(&built, &copy).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "one");

        // Same length and time: taken for the same, so what lies there stays.
        let time = fs::metadata(&built).unwrap().modified().unwrap();
        fs::write(&copy, "two").unwrap();
        File::options()
            .write(true)
            .open(&copy)
            .unwrap()
            .set_modified(time)
            .unwrap();
        keep(&built, &copy).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "two");

        let later = SystemTime::now() + Duration::from_secs(5);
        File::options()
            .write(true)
            .open(&built)
            .unwrap()
            .set_modified(later)
            .unwrap();
        keep(&built, &copy).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "one");
    }

    #[test]
    fn a_program_that_was_not_built_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(keep(&folder.path().join("none"), &folder.path().join("copy")).is_err());
    }

    #[test]
    fn every_program_has_a_name_and_a_package_of_its_own() {
        let programs = [Program::Terminal, Program::Desktop, Program::Lab];
        for (place, program) in programs.iter().enumerate() {
            for other in &programs[..place] {
                assert_ne!(program.file(), other.file());
                assert_ne!(program.package(), other.package());
            }
        }
    }
}
