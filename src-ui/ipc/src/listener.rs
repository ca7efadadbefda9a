//! A subscription to an event, as a value.

use std::fmt;

/// Keeps a subscription alive: dropping it, at any time, ends it.
#[must_use = "dropping a listener ends its subscription"]
pub struct Listener {
    unlisten: Option<Box<dyn FnOnce()>>,
}

impl Listener {
    /// A listener that runs `unlisten` when it is dropped.
    pub fn new(unlisten: impl FnOnce() + 'static) -> Self {
        Self {
            unlisten: Some(Box::new(unlisten)),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(unlisten) = self.unlisten.take() {
            unlisten();
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}
