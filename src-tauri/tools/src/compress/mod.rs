//! # compress
//! Packs files and folders into a zip, tar, tar.gz or tar.zst, on all cores.
//!
//! The same files give the same bytes: entries stand in the order of the paths and of their names, and no
//! owners are kept. Modes are, and times to the second; links are, or are followed. The archive appears
//! whole or not at all, and is left out of itself. What can't be read is reported and doesn't stop the
//! rest.
//!
//! Here is what it takes, in `output` what it gives, in `format` the kinds of archives. `run` goes from the
//! one to the other; `packing` gives entry by entry to an archive, which is a `tars` or a `zips` and is written
//! by `out`; `pipeline` deflates for `zips` and for `gzip`.

mod entries;
mod format;
mod gzip;
mod out;
mod output;
mod packing;
mod pipeline;
mod run;
mod tars;
mod zips;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, InputProblem, OutputPath, Overwrite, Permission,
    ToolBehavior, ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

pub use format::Format;
pub use output::{Output, Reason, Skipped};

/// Packs files into an archive.
pub struct Compress;

/// What to pack, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// They stand in the archive under their own names, folders with all that is in them.
    #[schemars(title = "Files and folders", length(min = 1))]
    pub paths: Vec<InputPath>,
    /// The archive to write. Its ending says what it is, if nothing else is chosen.
    #[schemars(title = "Archive")]
    pub archive: OutputPath,
    /// A zip is opened everywhere. A tar keeps hard links, and in Zstandard it is the fastest by far.
    #[serde(default)]
    #[schemars(title = "Format")]
    pub format: Format,
    /// From 1, the fastest, to 9, the smallest, or 19 in Zstandard. Left empty: 6, or 3 in Zstandard.
    #[serde(default)]
    #[schemars(title = "Level", range(min = 1, max = 19))]
    pub level: Option<u32>,
    /// What becomes of a file that has the archive's name.
    #[serde(default)]
    #[schemars(title = "If the archive is there already")]
    pub overwrite: Overwrite,
    /// What becomes of symbolic links inside the folders. One that is named itself is followed.
    #[serde(default)]
    #[schemars(title = "Symbolic links", extend("x-advanced" = true))]
    pub links: Links,
    /// Leave out what .gitignore and .ignore files and git's own lists say. It isn't listed.
    #[serde(default)]
    #[schemars(title = "Leave out ignored files", extend("x-advanced" = true))]
    pub leave_out_ignored: bool,
    /// Leave out files and folders whose names begin with a dot. They aren't listed.
    #[serde(default)]
    #[schemars(title = "Leave out hidden files", extend("x-advanced" = true))]
    pub leave_out_hidden: bool,
}

/// What becomes of symbolic links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Links {
    /// They are packed as links.
    #[default]
    #[schemars(title = "Keep")]
    Keep,
    /// What they point to is packed in their place.
    #[schemars(title = "Follow")]
    Follow,
    /// They are left out and reported.
    #[schemars(title = "Leave out")]
    LeaveOut,
}

impl ExecutableTool for Compress {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "compress",
        title: "Compress files",
        description: "Packs files and folders into a zip, tar, tar.gz or tar.zst, on all cores.",
        category: ToolCategory::Archives,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles, Permission::WriteFiles],
        limits: ToolLimits::NONE,
        // Begun again it might find its own archive, and keep both.
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn examples() -> Vec<Example> {
        fn text() -> Vec<u8> {
            b"All work and no play.\n".repeat(500_000)
        }
        let example = |title, archive: &str| {
            Example::new(title, json!({ "paths": ["Documents"], "archive": archive }))
                .file("Documents/long.txt", text)
                .file("Documents/letters/short.txt", || b"Dear all".to_vec())
        };
        vec![
            example(
                "Pack a folder into a zip that opens everywhere",
                "documents.zip",
            ),
            example("Pack a folder as fast as it goes", "documents.tar.zst"),
            example("Pack a folder for any Unix", "documents.tar.gz"),
        ]
    }

    fn check(&self, input: &Input) -> Vec<InputProblem> {
        let Some(format) = input.format.of(input.archive.as_path()) else {
            return vec![InputProblem::new(
                "/archive",
                "Its ending doesn't say what it is to be. End it with .zip, .tar, .tar.gz or .tar.zst, or choose a format.",
            )];
        };
        let problem = input.level.and_then(|level| format.problem_with(level));
        problem
            .map(|problem| InputProblem::new("/level", problem))
            .into_iter()
            .collect()
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| run::compress(&ctx, &input)).await
    }
}
