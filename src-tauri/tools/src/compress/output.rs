//! What a run tells: the archive, and what was left out of it and why.

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{SkipReason, SkipSentence};

use super::format::Format;

/// The archive, and what was left out of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// Where it is; nothing if there is none.
    #[schemars(title = "Archive", extend("format" = "path"))]
    pub archive: Option<String>,
    /// What it is.
    #[schemars(title = "Format")]
    pub format: Format,
    /// How many files are in it.
    #[schemars(title = "Files")]
    pub files: u64,
    /// How many folders are in it.
    #[schemars(title = "Folders")]
    pub folders: u64,
    /// How many links are in it, hard ones included.
    #[schemars(title = "Links")]
    pub links: u64,
    /// Bytes of the files that were packed.
    #[schemars(title = "Packed", extend("x-unit" = "bytes"))]
    pub bytes_in: u64,
    /// The archive's length.
    #[schemars(title = "Archive size", extend("x-unit" = "bytes"))]
    pub bytes_out: u64,
    /// How many times smaller it is than what is in it.
    #[schemars(title = "Ratio")]
    pub ratio: Option<f64>,
    /// What was left out or is not whole, and why.
    #[schemars(title = "Left out")]
    pub skipped: Vec<Skipped>,
}

impl Output {
    pub(super) fn new(format: Format) -> Self {
        Self {
            archive: None,
            format,
            files: 0,
            folders: 0,
            links: 0,
            bytes_in: 0,
            bytes_out: 0,
            ratio: None,
            skipped: Vec::new(),
        }
    }
}

/// Something that was left out, or is not whole.
pub type Skipped = toolroom_toolkit::Skipped<Reason>;

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// It is the archive that is being replaced.
    #[schemars(title = "Archive")]
    IsArchive,
    /// It got shorter or could not be read to its end.
    #[schemars(title = "Not whole")]
    NotWhole,
    /// It got longer while it was read.
    #[schemars(title = "Grew")]
    Grew,
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
            Self::IsArchive => "It is the archive that is being replaced.",
            Self::NotWhole => {
                "It is in the archive, but not whole: it got shorter or could not be read to its end. In a tar, zeros stand for the rest."
            }
            Self::Grew => {
                "It is in the archive as long as it was at first: it got longer while it was read."
            }
            Self::Skip(reason) => reason.sentence(),
        }
    }
}
