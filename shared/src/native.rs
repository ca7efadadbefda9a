//! What the page asks of the system and is told by it: paths that are chosen, dropped or given at the
//! start, and the window's end.
//!
//! Which of it is done, and how, is the shell's business.

use serde::{Deserialize, Serialize};

use crate::JobId;

/// What kind of path a person is to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PathKind {
    /// Files that are there.
    File,
    /// Folders that are there.
    Folder,
    /// A file to write, which need not be there.
    Save,
}

/// What a person is asked to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PathWish {
    /// What kind of path.
    pub kind: PathKind,
    /// Whether it may be more than one; never of what is to be written.
    pub several: bool,
    /// What it is for: the field's name.
    pub title: String,
    /// A path beside which to begin, such as the one that was chosen before.
    pub beside: Option<String>,
}

/// Paths that came from outside of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GivenPaths {
    /// Whole paths, in the order in which they came.
    pub paths: Vec<String>,
    /// How many could not be taken: their names are no text, or they lie on no disk.
    pub left_out: u32,
}

/// A picture made small, for a view that shows many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Thumbnail {
    /// The small picture itself, as a `data:` address: upright, in sRGB.
    pub url: String,
    /// The width of the picture in the file, upright, in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// A place on the page, in CSS pixels from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PagePlace {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Files are dragged over the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PathsDragged {
    /// Where they are now; none once they have left again.
    pub place: Option<PagePlace>,
}

/// Files were dropped on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PathsDropped {
    /// Where.
    pub place: PagePlace,
    /// Which.
    pub given: GivenPaths,
}

/// What the window was asked from outside to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OpenRequest {
    /// Something is to be done with files and folders, or a tool is to be shown.
    Tool {
        /// The tool's name; with none, the person chooses among those that take the paths.
        tool: Option<String>,
        /// The paths for its first path field.
        given: GivenPaths,
    },
    /// A job, of which a notification told.
    Job {
        /// Which.
        job_id: JobId,
    },
}

/// Something is to be shown: `take_open_requests` says what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OpenRequested {
    /// How many requests wait to be taken.
    pub waiting: u32,
}

/// The window is to be closed while jobs are unfinished: the person is to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CloseAsked {
    /// How many jobs run or wait.
    pub unfinished: u32,
}

/// What is to be done about the wish to close the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum CloseAnswer {
    /// The person is being asked. A page that doesn't say so in time is taken for one that can't.
    Asking,
    /// The window goes, and the jobs go on until the last has ended.
    KeepGoing,
    /// The jobs are stopped, and the app ends.
    Quit,
    /// Nothing.
    Stay,
}
