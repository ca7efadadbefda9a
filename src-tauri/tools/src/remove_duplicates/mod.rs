//! # remove-duplicates
//! Takes files with the same content, as [`find_duplicates`](crate::find_duplicates) finds them, keeps
//! one of each and either makes the others hard links of it or moves them to the trash. Unless it is
//! told to carry that out, it only says what it would do.
//!
//! Nothing that was found before is believed: right before a file goes, it and the one that stays are
//! read whole, and must be two files with one content. What isn't done is listed with the reason.
//!
//! A job that was broken off doesn't begin again by itself: which files go depends on which are there.
//! Of several jobs one runs at a time, or two could each remove the copy that the other keeps.
//!
//! `plan` says which stay, `copies` looks at the files, `act` and `link` do it; `reason` says why they
//! don't.

mod act;
mod copies;
mod link;
mod plan;
mod reason;
mod work;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, IdenticalInputs, InputPath, InputProblem, Permission,
    ToolBehavior, ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

pub use self::reason::{NotDone, Reason};

/// Keeps one of several files with the same content.
pub struct RemoveDuplicates;

/// Which files, and what is to become of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Folders and files to search for duplicates.
    #[serde(default)]
    #[schemars(title = "Folders and files")]
    pub paths: Vec<InputPath>,
    /// Groups of files with the same content, as the result of "Find duplicates" has them.
    #[serde(default)]
    #[schemars(title = "Groups", extend("x-advanced" = true))]
    pub groups: Vec<GivenGroup>,
    /// What becomes of all copies but the one that is kept.
    #[schemars(title = "What to do")]
    pub action: Action,
    /// Which copy is kept.
    #[serde(default)]
    #[schemars(title = "Keep")]
    pub keep: Keep,
    /// Every copy in this folder is kept, and others only go if there is one in it.
    #[serde(default)]
    #[schemars(title = "Keep what is in this folder")]
    pub keep_under: Option<InputPath>,
    /// Carry it out. Otherwise the result only says what would be done.
    #[serde(default)]
    #[schemars(title = "Carry it out")]
    pub apply: bool,
    /// When folders are searched, shorter files are left alone.
    #[serde(default = "one")]
    #[schemars(title = "Smallest size", range(min = 1), extend("x-unit" = "bytes", "x-advanced" = true))]
    pub minimum_bytes: u64,
}

fn one() -> u64 {
    1
}

/// Files with the same content. What else the result of "Find duplicates" says of them is passed over.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct GivenGroup {
    /// The BLAKE3 digest of the content. If it is given, files with any other stay.
    #[serde(default)]
    #[schemars(title = "Digest")]
    pub digest: Option<String>,
    /// The length of each. If it is given, files of any other stay.
    #[serde(default)]
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: Option<u64>,
    /// The files.
    #[schemars(title = "Files")]
    pub files: Vec<GivenCopy>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct GivenCopy {
    /// The file.
    #[schemars(title = "Path")]
    pub path: InputPath,
    /// When it was last changed. If it is given and has been changed since, it stays.
    #[serde(default)]
    #[schemars(title = "Changed", extend("format" = "date-time"))]
    pub modified: Option<String>,
}

/// What becomes of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Action {
    /// It becomes another name of the file that is kept, with its times. The space is free at once; from
    /// then on a change to one is a change to both.
    #[schemars(title = "Replace by a hard link")]
    HardLink,
    /// It is moved to the trash, from where it can be put back.
    #[schemars(title = "Move to the trash")]
    Trash,
}

/// Which copy is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Keep {
    /// The first, in the order of the paths or of the group.
    #[default]
    #[schemars(title = "The first")]
    First,
    /// The one that was changed first.
    #[schemars(title = "The oldest")]
    Oldest,
    /// The one that was changed last.
    #[schemars(title = "The newest")]
    Newest,
}

/// What was done, or would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// Whether it was carried out. Otherwise this is what would be done.
    #[schemars(title = "Carried out")]
    pub applied: bool,
    /// What was done to the files.
    #[schemars(title = "Action")]
    pub action: Action,
    /// How many were replaced or moved, or would be.
    #[schemars(title = "Removed, or would be")]
    pub removed: u64,
    /// The space that this wins: at once with hard links, with the trash when that is emptied. A file
    /// that has further names elsewhere wins nothing.
    #[schemars(title = "Space won, or would be", extend("x-unit" = "bytes"))]
    pub freed_bytes: u64,
    /// One entry a file that was replaced or moved, or would be.
    #[schemars(title = "Files")]
    pub files: Vec<RemovedFile>,
    /// What stayed as it was though it is a duplicate or was named as one, and what the search left out;
    /// and why.
    #[schemars(title = "Not done")]
    pub not_done: Vec<NotDone>,
}

/// One file that was replaced or moved, or would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct RemovedFile {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// The copy that was kept.
    #[schemars(title = "Kept", extend("format" = "path"))]
    pub kept: String,
    /// Its length.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
}

impl ExecutableTool for RemoveDuplicates {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "remove-duplicates",
        title: "Remove duplicates",
        description: "Keeps one of several files with the same content and makes the others hard links of it or moves them to the trash. Shows first what it would do.",
        category: ToolCategory::Files,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles, Permission::WriteFiles],
        // Two at once could each remove the copy that the other keeps.
        limits: ToolLimits {
            concurrency: Some(1),
            ..ToolLimits::NONE
        },
        // Which files go depends on which are there: whoever broke it off looks first.
        behavior: ToolBehavior {
            identical_inputs: IdenticalInputs::Join,
            ..ToolBehavior::CAUTIOUS
        },
    };

    fn examples() -> Vec<Example> {
        let film = || (0..=255).cycle().take(6 << 20).collect();
        vec![
            Example::new(
                "See what could go to the trash",
                json!({ "paths": ["Films"], "action": "trash", "keep": "oldest" }),
            )
            .file("Films/hills.mp4", film)
            .file("Films/hills (2).mp4", film),
            Example::new(
                "Make copies in a backup links to one file",
                json!({
                    "groups": [{
                        "files": [
                            { "path": "Backup/2024/hills.mp4" },
                            { "path": "Backup/2025/hills.mp4" },
                            { "path": "Backup/2026/hills.mp4" },
                        ],
                    }],
                    "action": "hard_link",
                    "apply": true,
                }),
            )
            .file("Backup/2024/hills.mp4", film)
            .file("Backup/2025/hills.mp4", film)
            .file("Backup/2026/hills.mp4", film),
        ]
    }

    fn check(&self, input: &Input) -> Vec<InputProblem> {
        if input.paths.is_empty() && input.groups.is_empty() {
            vec![InputProblem::new(
                "/paths",
                "Give folders to search, or groups that were found before.",
            )]
        } else {
            Vec::new()
        }
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| work::remove(&ctx, &input)).await
    }
}
