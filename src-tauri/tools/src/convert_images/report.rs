//! What a run tells: what was converted, and what was left out and why.

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{SkipReason, SkipSentence};

/// What was converted.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Output {
    /// The folder that was written into.
    #[schemars(title = "Folder", extend("format" = "path"))]
    pub into: String,
    /// How many pictures were converted.
    #[schemars(title = "Converted")]
    pub converted: u64,
    /// Their length before, together.
    #[schemars(title = "Before", extend("x-unit" = "bytes"))]
    pub bytes_before: u64,
    /// Their length after, together.
    #[schemars(title = "After", extend("x-unit" = "bytes"))]
    pub bytes_after: u64,
    /// One entry a picture, in the order of the paths and, within a folder, by name.
    #[schemars(title = "Pictures", extend("x-view" = "images"))]
    pub pictures: Vec<Converted>,
    /// What was left out, and why.
    #[schemars(title = "Left out")]
    pub skipped: Vec<Skipped>,
}

/// One picture that was converted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Converted {
    /// The picture; bytes that are not text are shown as �.
    #[schemars(title = "Picture", extend("format" = "path"))]
    pub path: String,
    /// The file that was made of it.
    #[schemars(title = "Written", extend("format" = "path", "x-image" = true))]
    pub written: String,
    /// Its length before.
    #[schemars(title = "Before", extend("x-unit" = "bytes"))]
    pub bytes_before: u64,
    /// The new file's length.
    #[schemars(title = "After", extend("x-unit" = "bytes"))]
    pub bytes_after: u64,
    /// Its width before, upright.
    #[schemars(title = "Old width", extend("x-unit" = "px"))]
    pub old_width: u32,
    /// Its height before, upright.
    #[schemars(title = "Old height", extend("x-unit" = "px"))]
    pub old_height: u32,
    /// The new file's width.
    #[schemars(title = "Width", extend("x-unit" = "px"))]
    pub width: u32,
    /// The new file's height.
    #[schemars(title = "Height", extend("x-unit" = "px"))]
    pub height: u32,
    /// What else there is to know, such as that only the first of several pictures was converted.
    #[schemars(title = "Note")]
    pub note: Option<String>,
}

/// A file that was left out.
pub type Skipped = toolroom_toolkit::Skipped<Reason>;

/// Why a file was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// It is no picture.
    #[schemars(title = "Not an image")]
    NotAnImage,
    /// It is a picture of a kind, or in a variant, that is not read here.
    #[schemars(title = "Unknown kind")]
    Unsupported,
    /// It ends too early.
    #[schemars(title = "Truncated")]
    Truncated,
    /// It is damaged.
    #[schemars(title = "Damaged")]
    Damaged,
    /// It has, or would have, more pixels than are allowed or than the format can hold.
    #[schemars(title = "Too large")]
    TooLarge,
    /// There is a file of that name.
    #[schemars(title = "Already there")]
    AlreadyThere,
    /// Another of the pictures has been given that name.
    #[schemars(title = "Same name")]
    SameName,
    /// It is in the folder that is written into.
    #[schemars(title = "In the target")]
    InTheTarget,
    /// The new file could not be made.
    #[schemars(title = "Not made")]
    NotMade,
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
            Self::NotAnImage => "It is not a picture.",
            Self::Unsupported => "It is a picture of a kind that is not read here.",
            Self::Truncated => "It ends too early: a part of the picture is missing.",
            Self::Damaged => "It is damaged.",
            Self::TooLarge => "It has more pixels than are allowed.",
            Self::AlreadyThere => {
                "There is a file of that name already; it was left as it is. Choose to replace it or to keep both."
            }
            Self::SameName => {
                "Another of the pictures has been given that name. Choose to keep both."
            }
            Self::InTheTarget => "It is in the folder that is written into.",
            Self::NotMade => "The new file could not be made.",
            Self::Skip(reason) => reason.sentence(),
        }
    }
}

/// Why one picture was not converted, with words of its own if there is more to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// A whole sentence.
    pub words: String,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason, reason.sentence())
    }
}

impl Refusal {
    /// A reason in other words.
    pub fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self {
            reason,
            words: words.into(),
        }
    }

    /// It is damaged: what its decoder says.
    pub fn damaged(why: &dyn std::fmt::Display) -> Self {
        let why = why.to_string();
        let why = why.trim_end_matches('.');
        Self::new(Reason::Damaged, format!("It is damaged: {why}."))
    }
}
