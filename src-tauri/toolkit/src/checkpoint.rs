//! Where a tool says from where it could go on, should it be paused or its engine be killed.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::Revealed;

/// A job's checkpoint: the one that it begins from, and the latest that it saved. Clones are the
/// same one.
#[derive(Clone, Debug, Default)]
pub struct Checkpoints {
    /// None for a tool that doesn't declare any.
    kept: Option<Arc<Kept>>,
    revealed: Revealed,
}

#[derive(Debug, Default)]
struct Kept {
    from: Option<Arc<Value>>,
    saved: Mutex<Option<Arc<Value>>>,
    count: AtomicU64,
    pause: CancellationToken,
}

impl Checkpoints {
    /// Those of an attempt that begins from `from`.
    #[must_use]
    pub fn from_saved(from: Option<Arc<Value>>) -> Self {
        let kept = Kept {
            from,
            ..Kept::default()
        };
        Self {
            kept: Some(Arc::new(kept)),
            revealed: Revealed::default(),
        }
    }

    /// The same without the secrets in `revealed`. For the engine.
    #[must_use]
    pub fn without(mut self, revealed: &Revealed) -> Self {
        self.revealed = revealed.clone();
        self
    }

    /// Where this attempt is to go on; none for a fresh start. What doesn't decode, because the
    /// tool has changed since, is a fresh start too.
    #[must_use]
    pub fn begin<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(self.kept.as_ref()?.from.as_deref()?).ok()
    }

    /// Saves from where the work could go on. Only the latest is kept; the engine stores it within
    /// a second. Does nothing for a tool that doesn't declare checkpoints.
    pub fn save(&self, state: &impl Serialize) {
        if let Some(kept) = &self.kept
            && let Ok(mut value) = serde_json::to_value(state)
        {
            self.revealed.scrub_value(&mut value);
            *kept.saved() = Some(Arc::new(value));
            kept.count.fetch_add(1, Ordering::Release);
        }
    }

    /// Whether the work is to save a checkpoint and end with
    /// [`ToolError::Paused`](crate::ToolError::Paused).
    #[must_use]
    pub fn is_pause_requested(&self) -> bool {
        self.kept
            .as_ref()
            .is_some_and(|kept| kept.pause.is_cancelled())
    }

    /// Waits until a pause is asked for: for work that waits for something else.
    pub async fn pause_requested(&self) {
        match &self.kept {
            Some(kept) => kept.pause.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// Asks for a pause. For the engine.
    pub fn request_pause(&self) {
        if let Some(kept) = &self.kept {
            kept.pause.cancel();
        }
    }

    /// The latest checkpoint, if it is not the `seen`th. For the engine.
    #[must_use]
    pub fn newer_than(&self, seen: &mut u64) -> Option<Arc<Value>> {
        let count = self.kept.as_ref()?.count.load(Ordering::Acquire);
        if count == *seen {
            return None;
        }
        *seen = count;
        self.latest()
    }

    /// What a next attempt would begin from. For the engine.
    #[must_use]
    pub fn latest(&self) -> Option<Arc<Value>> {
        let kept = self.kept.as_ref()?;
        kept.saved().clone().or_else(|| kept.from.clone())
    }
}

impl Kept {
    fn saved(&self) -> MutexGuard<'_, Option<Arc<Value>>> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_checkpoint_stands_and_is_told_once() {
        let checkpoints = Checkpoints::from_saved(Some(Arc::new(1.into())));
        assert_eq!(checkpoints.begin::<u32>(), Some(1));
        assert_eq!(checkpoints.begin::<String>(), None);
        let mut seen = 0;
        assert_eq!(checkpoints.newer_than(&mut seen), None);
        checkpoints.save(&2);
        checkpoints.save(&3);
        assert_eq!(checkpoints.newer_than(&mut seen), Some(Arc::new(3.into())));
        assert_eq!(checkpoints.newer_than(&mut seen), None);
        assert_eq!(checkpoints.latest(), Some(Arc::new(3.into())));
        // An attempt's own beginning doesn't move under it.
        assert_eq!(checkpoints.begin::<u32>(), Some(1));
    }

    #[test]
    fn a_tool_without_checkpoints_saves_none_and_is_never_paused() {
        let none = Checkpoints::default();
        none.save(&1);
        none.request_pause();
        assert_eq!(none.latest(), None);
        assert!(!none.is_pause_requested());
    }
}
