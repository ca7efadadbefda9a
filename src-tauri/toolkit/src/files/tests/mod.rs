//! What may be reached, whatever paths, links and swaps say; and what is written, whatever breaks off.

#[cfg(target_os = "linux")]
mod races;
mod reaching;
mod uses;
mod writing;

use std::{
    fs,
    io::Read,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{Folder, PathError, Roots};
use crate::{InputPath, JobId, OutputPath, ToolExecutionContext};

pub const SECRET: &str = "the secret";

/// `open/` is a root; `secret` beside it isn't in any.
pub struct Bench {
    folder: TempDir,
    pub ctx: ToolExecutionContext,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("open/deep")).unwrap();
        fs::create_dir(folder.path().join("closed")).unwrap();
        fs::write(folder.path().join("closed/file"), SECRET).unwrap();
        fs::write(folder.path().join("open/file"), "open").unwrap();
        fs::write(folder.path().join("open/deep/file"), "deep").unwrap();
        let ctx = ToolExecutionContext {
            roots: Roots::within([folder.path().join("open")]).unwrap(),
            ..ToolExecutionContext::new(JobId("j".into()))
        };
        Self { folder, ctx }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn link(&self, target: impl AsRef<Path>, name: &str) {
        symlink(target, self.path(name)).unwrap();
    }

    pub fn read(&self, path: impl Into<PathBuf>) -> Result<String, PathError> {
        let place = self.ctx.input(&InputPath::try_from(path.into()).unwrap())?;
        let mut text = String::new();
        place.open()?.read_to_string(&mut text).unwrap();
        Ok(text)
    }

    pub fn output(&self, name: &str) -> OutputPath {
        self.path(name).try_into().unwrap()
    }

    pub fn names(&self, name: &str) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// `open/`, open.
    pub fn open(&self) -> Folder {
        let place = self.ctx.input(&self.path("open").try_into().unwrap());
        place.unwrap().open_folder().unwrap()
    }
}
