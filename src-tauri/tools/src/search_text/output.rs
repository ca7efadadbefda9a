//! What a search gives: the lines, the counts, and what was left out.

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{SkipReason, SkipSentence};

/// What was found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Output {
    /// Matches found, over all files.
    #[schemars(title = "Matches")]
    pub matches: u64,
    /// Lines that a match is on, over all files.
    #[schemars(title = "Lines with matches")]
    pub lines: u64,
    /// Files that a match was found in.
    #[schemars(title = "Files with matches")]
    pub files_with_matches: u64,
    /// Files that were looked into, to their end or until the search of them stopped.
    #[schemars(title = "Files searched")]
    pub files_searched: u64,
    /// What was read of them.
    #[schemars(title = "Read", extend("x-unit" = "bytes"))]
    pub bytes_read: u64,
    /// Whether the search stopped before its end because there was more than was to be shown.
    #[schemars(title = "There is more")]
    pub more_were_found: bool,
    /// What that means for the counts and the lists.
    #[schemars(title = "Note")]
    pub note: Option<String>,
    /// The lines, in the order of the paths and, within a folder, by name.
    #[schemars(title = "Results")]
    pub results: Vec<FoundLine>,
    /// How many there are in each file that has any.
    #[schemars(title = "Files")]
    pub files: Vec<FileCount>,
    /// What was left out, and why; nothing that ignore files, globs or types leave out.
    #[schemars(title = "Skipped")]
    pub skipped: Vec<Skipped>,
}

/// A line with a match on it; several of them where a match goes on from one to the next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct FoundLine {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// The line's number, from 1.
    #[schemars(title = "Line")]
    pub line: u64,
    /// The number of the last line, if there are several.
    #[schemars(title = "To line")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_line: Option<u64>,
    /// At which of the line's characters the first match begins, from 1.
    #[schemars(title = "Column")]
    pub column: u64,
    /// The line without its end. Bytes that are not text are shown as �, what was cut off as ….
    #[schemars(title = "Text")]
    pub text: String,
    /// Where in the text the matches are: each from which character, counted from 0, up to which,
    /// that one not included. What was cut off is left out.
    #[schemars(title = "Matches at", extend("x-hidden" = true))]
    pub spans: Vec<[u64; 2]>,
    /// How many bytes long it is, if it was cut.
    #[schemars(title = "Whole length", extend("x-unit" = "bytes"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole_length: Option<u64>,
    /// The lines right before it, if any were asked for and are there.
    #[schemars(title = "Before")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The lines right after it, if any were asked for and are there.
    #[schemars(title = "After")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// How much was found in a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct FileCount {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// Matches found in it.
    #[schemars(title = "Matches")]
    pub matches: u64,
    /// Lines that a match is on.
    #[schemars(title = "Lines")]
    pub lines: u64,
    /// Whether its search stopped before its end, so that there may be more, or some of its lines are
    /// not among the results.
    #[schemars(title = "Cut short")]
    pub cut_short: bool,
    /// Whether a zero byte was met in it, so that it may be no text.
    #[schemars(title = "Binary")]
    pub binary: bool,
    /// Its encoding, if a byte order mark tells one that isn't UTF-8.
    #[schemars(title = "Encoding")]
    pub encoding: Option<&'static str>,
}

pub(super) type Skipped = toolroom_toolkit::Skipped<Reason>;

/// Why a file or folder was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// There is a zero byte in it.
    #[schemars(title = "Binary")]
    Binary,
    /// What has to be held in memory at once is more than 256 MiB.
    #[schemars(title = "Too long")]
    TooLong,
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
            Self::Binary => {
                "A binary file: there is a zero byte in it. It can be searched as text on request."
            }
            Self::TooLong => "More than 256 MiB would have to be held in memory at once.",
            Self::Skip(reason) => reason.sentence(),
        }
    }
}
