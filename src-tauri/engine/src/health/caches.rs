//! What is kept only to be quick, and can be given back when memory gets short.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type GiveBack = dyn Fn() + Send + Sync;
/// A cache: its name, and how it is made smaller.
type Cache = (&'static str, Arc<GiveBack>);

/// The caches of an engine, each with how it is made smaller. Clones are the same ones.
#[derive(Clone, Default)]
pub struct Caches {
    all: Arc<Mutex<Vec<Cache>>>,
}

impl Caches {
    /// Adds one. `give_back` may block for a moment, and must bear to be called at any time.
    pub fn add(&self, name: &'static str, give_back: impl Fn() + Send + Sync + 'static) {
        self.all().push((name, Arc::new(give_back)));
    }

    /// Asks all to be smaller; which there are. Blocks.
    #[must_use]
    pub fn give_back(&self) -> Vec<&'static str> {
        let all = self.all().clone();
        for (_, give_back) in &all {
            give_back();
        }
        all.into_iter().map(|(name, _)| name).collect()
    }

    fn all(&self) -> MutexGuard<'_, Vec<Cache>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Caches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.all();
        f.debug_list()
            .entries(all.iter().map(|(name, _)| name))
            .finish()
    }
}
