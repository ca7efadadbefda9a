//! What a run tells: what was unpacked, what was left out and why, and why it stopped.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{ErrorCode, SkipReason, SkipSentence, ToolError};

/// What became of an archive.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// What the archive is, told by its content.
    #[schemars(title = "Format")]
    pub format: Format,
    /// The folder that it was unpacked into.
    #[schemars(title = "Folder", extend("format" = "path"))]
    pub into: String,
    /// Bytes of the files that were unpacked.
    #[schemars(title = "Unpacked", extend("x-unit" = "bytes"))]
    pub total_bytes: u64,
    /// The archive's own length.
    #[schemars(title = "Archive", extend("x-unit" = "bytes"))]
    pub archive_bytes: u64,
    /// How many files were unpacked, hard links included.
    #[schemars(title = "Files")]
    pub files: u64,
    /// How many folders the archive names that are there now.
    #[schemars(title = "Folders")]
    pub folders: u64,
    /// How many symbolic links were made.
    #[schemars(title = "Links")]
    pub links: u64,
    /// How many of the files took the place of another.
    #[schemars(title = "Replaced")]
    pub replaced: u64,
    /// What was unpacked, in the archive's order, links last.
    #[schemars(title = "Unpacked files", extend("x-view" = "files"))]
    pub unpacked: Vec<Unpacked>,
    /// What was left out, and why. The paths are as the archive has them.
    #[schemars(title = "Left out")]
    pub skipped: Vec<Skipped>,
}

/// One file or link that was unpacked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Unpacked {
    /// Where it is now; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// What it is.
    #[schemars(title = "Kind")]
    pub kind: Kind,
    /// Its length.
    #[schemars(title = "Size", extend("x-unit" = "bytes"))]
    pub bytes: u64,
}

/// What was unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Kind {
    /// A file of its own.
    #[schemars(title = "File")]
    File,
    /// Another name of a file.
    #[schemars(title = "Hard link")]
    HardLink,
    /// A symbolic link.
    #[schemars(title = "Symbolic link")]
    SymbolicLink,
}

/// What an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum Format {
    /// Zip.
    #[serde(rename = "zip")]
    Zip,
    /// 7-Zip.
    #[serde(rename = "7z")]
    SevenZip,
    /// Tar.
    #[serde(rename = "tar")]
    Tar,
    /// Tar in gzip.
    #[serde(rename = "tar.gz")]
    TarGz,
    /// Tar in Zstandard.
    #[serde(rename = "tar.zst")]
    TarZst,
    /// Tar in xz.
    #[serde(rename = "tar.xz")]
    TarXz,
    /// One file in gzip.
    #[serde(rename = "gz")]
    Gz,
    /// One file in Zstandard.
    #[serde(rename = "zst")]
    Zst,
    /// One file in xz.
    #[serde(rename = "xz")]
    Xz,
}

/// Something in an archive that was left out.
pub type Skipped = toolroom_toolkit::Skipped<Reason>;

/// Why something in an archive was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// Its name leads out of the folder.
    #[schemars(title = "Leads out")]
    LeadsOut,
    /// A link that leads out of the folder.
    #[schemars(title = "Link leads out")]
    LinkLeadsOut,
    /// A hard link to something that isn't there.
    #[schemars(title = "Link to nothing")]
    LinkToNothing,
    /// Its name can't be a file's.
    #[schemars(title = "Bad name")]
    BadName,
    /// There is a file of that name.
    #[schemars(title = "Already there")]
    AlreadyThere,
    /// Something that can't be replaced has that name.
    #[schemars(title = "In the way")]
    InTheWay,
    /// It is locked with a password.
    #[schemars(title = "Encrypted")]
    Encrypted,
    /// It is damaged or cut off.
    #[schemars(title = "Damaged")]
    Damaged,
    /// It is packed or meant in a way that isn't known here.
    #[schemars(title = "Unknown method")]
    Unsupported,
    /// It could not be written.
    #[schemars(title = "Not written")]
    NotWritten,
    /// As with any file.
    #[serde(untagged)]
    Skip(SkipReason),
}

impl From<SkipReason> for Reason {
    fn from(reason: SkipReason) -> Self {
        Self::Skip(reason)
    }
}

impl SkipSentence for Reason {
    fn sentence(&self) -> &'static str {
        match self {
            Self::LeadsOut => {
                "Its name is a whole path or goes up with “..”, which would leave the folder."
            }
            Self::LinkLeadsOut => "A link that leads out of the folder, or round in a circle.",
            Self::LinkToNothing => "A hard link to a file that was not unpacked.",
            Self::BadName => "Its name is empty, too long, or none that a file can have here.",
            Self::AlreadyThere => "There is a file of that name already; it was left as it is.",
            Self::InTheWay => {
                "A folder, a link or something else that is not replaced is in the way."
            }
            Self::Encrypted => "It is locked with a password.",
            Self::Damaged => "It is damaged or cut off.",
            Self::Unsupported => "It is packed in a way that is not supported.",
            Self::NotWritten => "It could not be written.",
            Self::Skip(SkipReason::SpecialFile) => {
                "A device or a pipe, which are not made from archives."
            }
            Self::Skip(reason) => reason.sentence(),
        }
    }
}

/// Why a run does not go on.
#[derive(Debug)]
pub enum Stop {
    /// It was asked to.
    Canceled,
    /// A limit was passed: which, as a sentence.
    Limit(String),
    /// The archive can't be read any further: why.
    Damaged(String),
    /// All of the archive is locked with a password.
    Encrypted,
    /// The disk refuses, or the archive can't be read at all.
    Failed(ToolError),
}

impl Stop {
    /// The end of the job.
    pub fn into_error(self, archive: &Path, output: &Output) -> ToolError {
        let archive = archive.display();
        let kept = match output.files + output.links {
            0 => "Nothing was unpacked".to_owned(),
            1 => "The one file before that was unpacked and kept".to_owned(),
            files => format!("The {files} files before that were unpacked and kept"),
        };
        let error = match self {
            Self::Canceled => ToolError::canceled(),
            Self::Failed(error) => error,
            Self::Limit(limit) => tool_error(
                "limit_exceeded",
                format!("{limit} {kept}. If you trust {archive}, raise the limit and start again."),
            ),
            Self::Damaged(why) => tool_error(
                "damaged_archive",
                format!(
                    "{archive} is damaged or cut off: {}. {kept}.",
                    why.trim_end_matches('.')
                ),
            ),
            Self::Encrypted => tool_error(
                "encrypted_archive",
                format!("{archive} is locked with a password, which is not supported. {kept}."),
            ),
        };
        error.with_partial(output)
    }
}

/// A failure with a code of this tool's own.
pub fn tool_error(code: &str, message: String) -> ToolError {
    ToolError::failed(ErrorCode::Tool(code.to_owned()), message)
}
