//! # find-duplicates
//! Finds files with the same content in folders: by size, then by a hash of their beginnings and ends,
//! then by a BLAKE3 digest of every byte.
//!
//! The names of one file, its hard links, are one file here and no duplicates of each other; they are
//! told as what they are. What can't be read is reported and doesn't stop the rest. A cancel is heard
//! after at most 4 MiB more; what was compared to the end by then is kept.
//!
//! `search` does the work, for [`remove_duplicates`](crate::remove_duplicates) too; `report` puts what
//! it finds into the output.

mod compare;
pub(crate) mod report;
pub(crate) mod search;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, Permission, ToolBehavior, ToolCategory, ToolError,
    ToolExecutionContext, ToolLimits,
};

use self::search::{Scope, Skipped};

/// Finds files with the same content.
pub struct FindDuplicates;

/// Where to look, and for what.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// All files in these folders, however deep, are compared with each other.
    #[schemars(title = "Folders and files", length(min = 1))]
    pub paths: Vec<InputPath>,
    /// Shorter files are left out. Empty files all have the same content: 0 takes them in.
    #[serde(default = "one")]
    #[schemars(title = "Smallest size", extend("x-unit" = "bytes"))]
    pub minimum_bytes: u64,
    /// Leave out what .gitignore and .ignore files say.
    #[serde(default)]
    #[schemars(title = "Heed ignore files", extend("x-advanced" = true))]
    pub heed_ignore_files: bool,
    /// Leave out files and folders whose names begin with a dot.
    #[serde(default)]
    #[schemars(title = "Leave out hidden files", extend("x-advanced" = true))]
    pub skip_hidden: bool,
}

fn one() -> u64 {
    1
}

/// What is there more than once.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Output {
    /// Bytes that would be free if each content were there once.
    #[schemars(title = "Wasted", extend("x-unit" = "bytes"))]
    pub wasted_bytes: u64,
    /// Files beyond the first of each group.
    #[schemars(title = "Duplicates")]
    pub duplicates: u64,
    /// Files that were looked at. Those that are shorter than asked for don't count.
    #[schemars(title = "Files")]
    pub files: u64,
    /// Their length together.
    #[schemars(title = "Total", extend("x-unit" = "bytes"))]
    pub total_bytes: u64,
    /// How much of that had to be read.
    #[schemars(title = "Read", extend("x-unit" = "bytes"))]
    pub read_bytes: u64,
    /// Files with the same content, the group that wastes the most first.
    #[schemars(title = "Groups", extend("x-view" = ["tree", "treemap"]))]
    pub groups: Vec<Group>,
    /// Names of files that were found under another name too. They take no space of their own.
    #[schemars(title = "Hard links")]
    pub hard_links: Vec<HardLink>,
    /// What was left out, and why.
    #[schemars(title = "Skipped")]
    pub skipped: Vec<Skipped>,
}

/// Files with the same content.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Group {
    /// The length of each.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
    /// How many files there are; the hard links of one file count once.
    #[schemars(title = "Copies")]
    pub copies: u64,
    /// What all but one of them take.
    #[schemars(title = "Wasted", extend("x-unit" = "bytes", "x-size" = true))]
    pub wasted_bytes: u64,
    /// The files, in the order of the paths that were given and, within a folder, by name.
    #[schemars(title = "Files")]
    pub files: Vec<Copy>,
    /// When the one that was changed first was changed.
    #[schemars(title = "Oldest", extend("format" = "date-time"))]
    pub oldest: Option<String>,
    /// When the one that was changed last was changed.
    #[schemars(title = "Newest", extend("format" = "date-time"))]
    pub newest: Option<String>,
    /// The BLAKE3 digest of the content.
    #[schemars(title = "Digest")]
    pub digest: String,
}

/// One of several files with the same content.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Copy {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// When it was last changed.
    #[schemars(title = "Changed", extend("format" = "date-time"))]
    pub modified: Option<String>,
    /// Of which file in this group it is only another name.
    #[schemars(title = "Hard link of", extend("format" = "path"))]
    pub hard_link_of: Option<String>,
}

/// A further name of a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct HardLink {
    /// The name; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// The first name of the same file.
    #[schemars(title = "Same file as", extend("format" = "path"))]
    pub same_file_as: String,
    /// The file's length.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
}

impl ExecutableTool for FindDuplicates {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "find-duplicates",
        title: "Find duplicates",
        description: "Finds files with the same content, byte for byte, and says how much space the copies take.",
        category: ToolCategory::Files,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles],
        limits: ToolLimits::NONE,
        // It only reads.
        behavior: ToolBehavior {
            starts_again: true,
            ..ToolBehavior::CAUTIOUS
        },
    };

    fn examples() -> Vec<Example> {
        let film = || (0..=255).cycle().take(12 << 20).collect();
        vec![
            Example::new(
                "Find what is in two folders",
                json!({ "paths": ["Films", "Backup"] }),
            )
            .file("Films/hills.mp4", film)
            .file("Films/sea.mp4", || b"another film".to_vec())
            .file("Backup/2024/hills.mp4", film)
            .file("Backup/2024/hills (2).mp4", film),
            Example::new(
                "Find long files only, and heed ignore files",
                json!({ "paths": ["Projects"], "minimum_bytes": 1000, "heed_ignore_files": true }),
            )
            .file("Projects/a/notes.txt", || b"notes".repeat(300))
            .file("Projects/b/notes.txt", || b"notes".repeat(300))
            .file("Projects/b/short.txt", || b"short".to_vec()),
        ]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| {
            let search = search::search(
                &ctx,
                &Scope {
                    paths: &input.paths,
                    minimum_bytes: input.minimum_bytes,
                    heed_ignore_files: input.heed_ignore_files,
                    skip_hidden: input.skip_hidden,
                },
                100,
            );
            let (found, end) = search?;
            let output = report::report(found);
            match end {
                Ok(()) => Ok(output),
                Err(error) => Err(error.with_partial(&output)),
            }
        })
        .await
    }
}
