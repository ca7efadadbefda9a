//! Whether the person has the window before their eyes.

use tokio::sync::watch;

/// How the window stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// It has the focus.
    pub is_in_front: bool,
    /// It was closed while jobs went on.
    pub is_hidden: bool,
}

/// Keeps how the window stands.
#[derive(Debug)]
pub struct Sight(watch::Sender<Stand>);

impl Default for Sight {
    fn default() -> Self {
        Self(watch::Sender::new(Stand::default()))
    }
}

impl Sight {
    /// The window has got or lost the focus.
    pub fn set_in_front(&self, is_in_front: bool) {
        self.0.send_modify(|stand| stand.is_in_front = is_in_front);
    }

    /// The window was taken out of sight, or brought up again.
    pub fn set_hidden(&self, is_hidden: bool) {
        self.0.send_modify(|stand| stand.is_hidden = is_hidden);
    }

    /// How it stands, now and from now on.
    pub fn watch(&self) -> watch::Receiver<Stand> {
        self.0.subscribe()
    }
}
