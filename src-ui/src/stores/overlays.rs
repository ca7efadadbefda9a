//! Which of the frame's own dialogs is open: one at a time.

use leptos::prelude::*;

/// A dialog of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Finds anything.
    Palette,
    /// Shows the shortcuts.
    Shortcuts,
    /// Lists the notices of the past hour.
    Notices,
    /// Asks before every unfinished job is canceled.
    CancelAll,
}

/// Keeps which dialog is open.
#[derive(Clone, Default)]
pub struct OverlaysStore {
    open: ArcRwSignal<Option<Overlay>>,
}

impl OverlaysStore {
    /// The dialog that is open, tracked.
    #[must_use]
    pub fn open(&self) -> Option<Overlay> {
        self.open.get()
    }

    /// Whether that dialog is open, untracked.
    #[must_use]
    pub fn is_open(&self, overlay: Overlay) -> bool {
        self.open.get_untracked() == Some(overlay)
    }

    /// Opens a dialog in place of the one that is open.
    pub fn show(&self, overlay: Overlay) {
        self.open.set(Some(overlay));
    }

    /// Closes a dialog, unless another has taken its place.
    pub fn close(&self, overlay: Overlay) {
        if self.open.get_untracked() == Some(overlay) {
            self.open.set(None);
        }
    }
}
