//! What the threads of a walk pass to each other, and to whoever takes what they find.

use std::{fs::File, sync::Arc};

use super::{AtHand, Entry, Found, Visitor, entry::Position, rules::Level};
use crate::{Skipped, ToolError};

/// Who is given what a walk comes across.
pub(super) trait Taker: Send {
    fn entry(&mut self, found: AtHand<'_>) -> Result<(), ToolError>;

    fn skipped(&mut self, skipped: Skipped, at: impl FnOnce() -> Position)
    -> Result<(), ToolError>;
}

impl<V: Visitor> Taker for V {
    fn entry(&mut self, found: AtHand<'_>) -> Result<(), ToolError> {
        self.visit_at_hand(found)
    }

    fn skipped(&mut self, skipped: Skipped, _: impl FnOnce() -> Position) -> Result<(), ToolError> {
        self.visit(Found::Skipped(skipped))
    }
}

/// What is to be done.
pub(super) enum Job {
    /// Read a folder.
    Folder(Entry, Option<Arc<Level>>),
    /// Give out a part of what is in one.
    Piece(Piece),
}

/// A part of what is in a folder.
pub(super) struct Piece {
    /// The folder, open; none for the paths that a walk begins at.
    pub folder: Option<Arc<File>>,
    pub entries: Vec<Entry>,
    pub level: Option<Arc<Level>>,
}
