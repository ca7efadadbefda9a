//! The command line: which data folder, which tool, which files.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::Parser;
use toolroom_shared::OpenRequest;

use crate::native;

/// Runs tools on your files, in a window.
///
/// A second start with the same data folder brings the window up and hands over what it was asked.
#[derive(Debug, Default, PartialEq, Eq, Parser)]
#[command(name = "toolroom-desktop", version)]
pub struct Arguments {
    /// Where everything is kept.
    #[arg(long, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// The tool to show.
    #[arg(long, value_name = "NAME")]
    pub tool: Option<String>,
    /// Files and folders for the tool, or to choose a tool for.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

impl Arguments {
    /// Reads a command line, without the program's own name.
    ///
    /// # Errors
    /// What is wrong with it, or what was asked for: its help, its version.
    pub fn read(line: impl Iterator<Item = OsString>) -> Result<Self, clap::Error> {
        let name = OsString::from("toolroom-desktop");
        Self::try_parse_from(std::iter::once(name).chain(line))
    }

    /// What the window is to show, with paths made whole against `folder`; none if nothing was named.
    #[must_use]
    pub fn request(&self, folder: &Path) -> Option<OpenRequest> {
        if self.tool.is_none() && self.paths.is_empty() {
            return None;
        }
        let paths = self.paths.iter().map(|path| whole(&folder.join(path)));
        Some(OpenRequest::Tool {
            tool: self.tool.clone(),
            given: native::given(paths.collect()),
        })
    }
}

/// The path without `.`; `..` stays, since what it leads to depends on links.
fn whole(path: &Path) -> PathBuf {
    path.components().collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &[&str]) -> Result<Arguments, clap::Error> {
        Arguments::read(line.iter().map(OsString::from))
    }

    #[test]
    fn the_description_of_the_command_line_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_data_folder_is_read_in_either_spelling() {
        for line in [&["--data-dir", "a b"][..], &["--data-dir=a b"]] {
            assert_eq!(read(line).unwrap().data_dir, Some("a b".into()));
        }
        assert_eq!(read(&[]).unwrap(), Arguments::default());
        assert!(read(&["--dat", "x"]).is_err());
    }

    #[test]
    fn paths_are_whole_and_what_looks_like_a_flag_can_be_one() {
        let line = read(&["--tool", "t", "./a", "/b/", "--", "--c"]).unwrap();
        let Some(OpenRequest::Tool { tool, given }) = line.request(Path::new("/here")) else {
            panic!("nothing was asked for")
        };
        assert_eq!(tool.as_deref(), Some("t"));
        assert_eq!(given.paths, ["/here/a", "/b", "/here/--c"]);
        assert_eq!(read(&[]).unwrap().request(Path::new("/")), None);
    }
}
