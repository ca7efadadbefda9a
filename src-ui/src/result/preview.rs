//! A picture of a result, as far as it is here.

use toolroom_shared::Thumbnail;

/// How far the small picture of a file has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// It is being made.
    Loading,
    /// It is here.
    Here(Thumbnail),
    /// There is none: why, as a sentence.
    Nothing(String),
}
