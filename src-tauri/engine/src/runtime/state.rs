//! What the engine's one lock protects, and what is put off until the lock is given back.
//!
//! Starting tasks and freeing memory takes time that nobody should wait for who only wants the
//! lock.

use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
    sync::{Arc, MutexGuard},
};

use smallvec::SmallVec;
use tokio::time::Instant;

use super::{
    attempt::Attempt,
    live_jobs::{LiveJob, LiveJobs},
    queue::Queue,
    scheduler::Scheduler,
};

/// What the lock protects.
pub struct State {
    /// The jobs in memory.
    pub live: LiveJobs,
    /// Those whose turn will come.
    pub queue: Queue,
    /// How many jobs may wait.
    pub queue_depth: usize,
    /// When each waiting retry is due.
    pub retries: BTreeSet<(Instant, u64)>,
    /// Starts that will wait for their turn, on their way to the disk.
    pub accepting: usize,
    /// Jobs that were left by an engine before and wait for one that lives longer.
    pub left_over: usize,
    /// Nothing new is taken, and nothing begun.
    pub closing: bool,
    /// Where chance comes from.
    pub chance: fastrand::Rng,
    /// What is put off until the lock is given back.
    pub later: Later,
}

/// What is put off until the lock is given back: mostly one of each.
#[derive(Default)]
pub struct Later {
    /// Attempts that begin.
    pub attempts: SmallVec<[Attempt; 1]>,
    /// Jobs that nobody needs any more.
    pub forgotten: SmallVec<[Box<LiveJob>; 1]>,
}

/// The state, for as long as it lives; then what was put off is done.
pub struct StateGuard<'a> {
    scheduler: &'a Arc<Scheduler>,
    /// There until it is dropped.
    state: Option<MutexGuard<'a, State>>,
}

impl<'a> StateGuard<'a> {
    pub(super) const fn new(scheduler: &'a Arc<Scheduler>, state: MutexGuard<'a, State>) -> Self {
        Self {
            scheduler,
            state: Some(state),
        }
    }
}

impl Deref for StateGuard<'_> {
    type Target = State;

    #[allow(clippy::expect_used)] // it is taken in drop alone
    fn deref(&self) -> &State {
        self.state.as_ref().expect("the lock is held")
    }
}

impl DerefMut for StateGuard<'_> {
    #[allow(clippy::expect_used)] // it is taken in drop alone
    fn deref_mut(&mut self) -> &mut State {
        self.state.as_mut().expect("the lock is held")
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        let Some(mut state) = self.state.take() else {
            return;
        };
        let Later {
            attempts,
            forgotten,
        } = std::mem::take(&mut state.later);
        drop(state);
        for attempt in attempts {
            self.scheduler.spawn(attempt);
        }
        drop(forgotten);
    }
}
