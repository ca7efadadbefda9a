//! Why a file stays as it was.

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{SkipReason, SkipSentence};

/// A file that stayed as it was.
pub type NotDone = toolroom_toolkit::Skipped<Reason>;

/// Why a file stayed as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// It is another name of the file that is kept.
    #[schemars(title = "Same file")]
    SameFile,
    /// It is in the folder whose files are kept.
    #[schemars(title = "Kept")]
    Kept,
    /// It is the last one: there is no other copy that could be kept.
    #[schemars(title = "Last copy")]
    LastCopy,
    /// None of the copies is in the folder whose files are kept.
    #[schemars(title = "No copy to keep")]
    NoneUnderFolder,
    /// It isn't any more what it was when it was found.
    #[schemars(title = "Changed")]
    Changed,
    /// Its content is not that of the copy that is kept.
    #[schemars(title = "Other content")]
    OtherContent,
    /// It belongs to somebody else than the copy that is kept, or has other permissions: a link has only
    /// those of that copy.
    #[schemars(title = "Other permissions")]
    OtherPermissions,
    /// It is on another volume than the copy that is kept, and links can't lead there.
    #[schemars(title = "Other volume")]
    OtherVolume,
    /// The system refused.
    #[schemars(title = "Refused")]
    Refused,
    /// It went to the trash, but something was changed at that moment: look at what is there.
    #[schemars(title = "Uncertain")]
    Uncertain,
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
            Self::SameFile => "It is another name of the file that is kept: nothing would be won.",
            Self::Kept => "It is in the folder whose files are kept.",
            Self::LastCopy => "There is no other copy that could be kept.",
            Self::NoneUnderFolder => "None of the copies is in the folder whose files are kept.",
            Self::Changed => "It isn't any more what it was when it was found.",
            Self::OtherContent => "Its content is not that of the copy that is kept.",
            Self::OtherPermissions => {
                "It has another owner or other permissions than the copy that is kept, and would lose them."
            }
            Self::OtherVolume => {
                "It is on another volume than the copy that is kept, where no hard link can lead."
            }
            Self::Refused => "The system refused.",
            Self::Uncertain => {
                "It is gone from its place, but was changed at that moment: look into the trash whether it is there."
            }
            Self::Skip(reason) => reason.sentence(),
        }
    }
}
