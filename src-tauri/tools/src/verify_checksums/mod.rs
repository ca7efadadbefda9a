//! # verify-checksums
//! Compares files with the digests in manifests, as `sha256sum --check`, `sha512sum --check`,
//! `b3sum --check` and `xxh128sum --check` do, and says of each listed file what has become of it.
//!
//! The tool only reads. What a manifest says is read by `manifest`, what a bare digest is of is told by
//! `algorithm`, where the files are by `survey`; they are read by `reading`. A cancel is heard after at most 4 MiB more; what was
//! verified by then is kept.

mod algorithm;
mod manifest;
mod reading;
mod survey;
mod work;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, Permission, Skipped, ToolBehavior, ToolCategory,
    ToolError, ToolExecutionContext, ToolLimits,
};

use self::{algorithm::Choice, manifest::LineReason};
use crate::support::digest::{Algorithm, Digester};

/// Compares files with the digests in manifests.
pub struct VerifyChecksums;

/// Which manifests to go by, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Files such as SHA256SUMS, as sha256sum, sha512sum, b3sum and xxh128sum write them.
    #[schemars(title = "Manifests", length(min = 1))]
    pub manifests: Vec<InputPath>,
    /// The folder that the names in the manifests are meant against. Left empty, it is the folder
    /// that each manifest is in.
    #[serde(default)]
    #[schemars(title = "Folder")]
    pub folder: Option<InputPath>,
    /// Also list the files in the folder that no manifest names.
    #[serde(default)]
    #[schemars(title = "List files that aren't in a manifest")]
    pub unlisted: bool,
    /// How the digests were computed where a line doesn't say so itself. By itself it is told by
    /// their length and the manifest's name.
    #[serde(default)]
    #[schemars(title = "Algorithm", extend("x-advanced" = true))]
    pub algorithm: Choice,
    /// Listed files that aren't there are no fault, as when only some of a download were fetched.
    #[serde(default)]
    #[schemars(title = "Some may be missing", extend("x-advanced" = true))]
    pub ignore_missing: bool,
}

/// What has become of the listed files.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Output {
    /// Every listed file is as it was, or may be missing, at least one is there, and every line of every
    /// manifest could be used.
    #[schemars(title = "All is well")]
    pub all_well: bool,
    /// Listed files that are as they were.
    #[schemars(title = "In order")]
    pub ok: u64,
    /// Listed files with another content.
    #[schemars(title = "Changed")]
    pub changed: u64,
    /// Listed files that aren't there.
    #[schemars(title = "Missing")]
    pub missing: u64,
    /// Listed files that are there and couldn't be read.
    #[schemars(title = "Unreadable")]
    pub unreadable: u64,
    /// Lines that couldn't be used.
    #[schemars(title = "Lines not used")]
    pub malformed: u64,
    /// Bytes read, over all files.
    #[schemars(title = "Total", extend("x-unit" = "bytes"))]
    pub total_bytes: u64,
    /// One entry a line, in the order of the manifests.
    #[schemars(title = "Files")]
    pub files: Vec<CheckedFile>,
    /// The lines that couldn't be used, the first 10,000 of them.
    #[schemars(title = "Lines not used")]
    pub malformed_lines: Vec<MalformedLine>,
    /// The files in the folder that no manifest names, if they were asked for.
    #[schemars(title = "Not in a manifest")]
    pub unlisted: Vec<UnlistedFile>,
    /// What was left out when the folder was looked through, and manifests that couldn't be read.
    #[schemars(title = "Skipped")]
    pub skipped: Vec<Skipped>,
}

/// What has become of one listed file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct CheckedFile {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// What has become of it.
    #[schemars(title = "State")]
    pub state: State,
    /// How its digest was computed; empty where that can't be told.
    #[schemars(title = "Algorithm")]
    pub algorithm: Option<Algorithm>,
    /// The manifest that lists it.
    #[schemars(title = "Manifest", extend("format" = "path"))]
    pub manifest: String,
    /// The line there, from 1.
    #[schemars(title = "Line")]
    pub line: u64,
    /// What is wrong with it, in words.
    #[schemars(title = "What happened")]
    pub message: Option<String>,
}

/// What has become of a listed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum State {
    /// Its content is the one that the manifest tells of.
    #[schemars(title = "In order")]
    Ok,
    /// Its content is another.
    #[schemars(title = "Changed")]
    Changed,
    /// There is nothing of that name.
    #[schemars(title = "Missing")]
    Missing,
    /// It is there, and could not be read or may not be.
    #[schemars(title = "Unreadable")]
    Unreadable,
}

/// A line that couldn't be used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct MalformedLine {
    /// The manifest that it is in.
    #[schemars(title = "Manifest", extend("format" = "path"))]
    pub manifest: String,
    /// Which line, from 1.
    #[schemars(title = "Line")]
    pub line: u64,
    /// How it begins.
    #[schemars(title = "Text")]
    pub text: String,
    /// Why it couldn't be used.
    #[schemars(title = "Reason")]
    pub reason: LineReason,
    /// The same in words.
    #[schemars(title = "What happened")]
    pub message: String,
}

/// A file in the folder that no manifest names.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct UnlistedFile {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// Its length.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
}

impl ExecutableTool for VerifyChecksums {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "verify-checksums",
        title: "Verify checksums",
        description: "Compares files with the checksums in manifests of sha256sum, sha512sum, b3sum and xxh128sum, and lists what has changed or is missing.",
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
        vec![
            Example::new(
                "Verify a download",
                json!({ "manifests": ["Downloads/SHA256SUMS"], "ignore_missing": true }),
            )
            .file("Downloads/SHA256SUMS", || {
                manifest_of(Algorithm::Sha256, &["system.iso", "manual.pdf"])
            })
            .file("Downloads/system.iso", || example_content("system.iso")),
            Example::new(
                "Find what has changed in a backup, and what is new",
                json!({ "manifests": ["backup.b3"], "folder": "Backup", "unlisted": true }),
            )
            .file("backup.b3", || {
                manifest_of(Algorithm::Blake3, &["2024/hills.png", "sea.png"])
            })
            .file("Backup/2024/hills.png", || {
                example_content("2024/hills.png")
            })
            .file("Backup/sea.png", || b"damaged".to_vec())
            .file("Backup/new.png", || b"new".to_vec()),
        ]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| work::verify(&ctx, &input)).await
    }
}

/// Long enough that a cancel can come in between.
fn example_content(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(12 << 20).collect()
}

fn manifest_of(algorithm: Algorithm, names: &[&str]) -> Vec<u8> {
    let line = |name: &&str| {
        let mut digester = Digester::new(algorithm);
        digester.update(&example_content(name));
        format!("{}  {name}\n", digester.finish()).into_bytes()
    };
    names.iter().flat_map(line).collect()
}
