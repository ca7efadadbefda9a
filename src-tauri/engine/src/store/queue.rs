//! Where changes wait for the writing thread.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{batch::Entry, errand::Errand, handle::Keeping};

/// Changes in their order.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    work: Condvar,
    ended: Condvar,
}

pub(super) struct State<T> {
    pub(super) waiting: VecDeque<Entry<T>>,
    /// Until when everything should be written, once nothing more is wanted.
    pub(super) closing: Option<Instant>,
    /// The thread should give back what it keeps to be quick.
    pub(super) shrink: bool,
    /// How much is kept from now on, if that is to change.
    pub(super) keeping: Option<Keeping>,
    /// What is to be done with the file itself.
    pub(super) errands: VecDeque<Errand>,
    /// Nothing is taken any more.
    closed: bool,
    /// The thread is done.
    ended: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                closing: None,
                shrink: false,
                keeping: None,
                errands: VecDeque::new(),
                closed: false,
                ended: false,
            }),
            work: Condvar::new(),
            ended: Condvar::new(),
        }
    }
}

impl<T> Queue<T> {
    /// Adds a change, or gives it back if nothing is taken any more.
    pub(super) fn push(&self, entry: Entry<T>) -> Result<(), Entry<T>> {
        let mut state = self.state();
        if state.closed || state.closing.is_some() {
            return Err(entry);
        }
        state.waiting.push_back(entry);
        // A thread that has more to do than this looks again before it waits.
        let wake = state.waiting.len() == 1;
        drop(state);
        if wake {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Asks the thread to give back what it keeps to be quick.
    pub(super) fn shrink(&self) {
        self.state().shrink = true;
        self.work.notify_one();
    }

    /// Tells the thread how much is kept from now on.
    pub(super) fn keep(&self, keeping: Keeping) {
        self.state().keeping = Some(keeping);
        self.work.notify_one();
    }

    /// Adds an errand, unless nothing is taken any more: then it is dropped.
    pub(super) fn send(&self, errand: Errand) {
        let mut state = self.state();
        if state.closed || state.closing.is_some() {
            return;
        }
        state.errands.push_back(errand);
        drop(state);
        self.work.notify_one();
    }

    /// Takes no more changes; those that wait should be written by `deadline`.
    pub(super) fn close(&self, deadline: Instant) {
        self.state().closing.get_or_insert(deadline);
        self.work.notify_one();
    }

    /// Waits until the thread is done; false if it isn't within `limit`.
    pub(super) fn wait_for_end(&self, limit: Duration) -> bool {
        let waited = self
            .ended
            .wait_timeout_while(self.state(), limit, |state| !state.ended);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.ended
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change, the wish to close, or the moment.
    pub(super) fn wait<'q>(
        &self,
        state: MutexGuard<'q, State<T>>,
        until: Option<Instant>,
    ) -> MutexGuard<'q, State<T>> {
        match until {
            None => self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner),
            Some(until) => {
                let limit = until.saturating_duration_since(Instant::now());
                let waited = self.work.wait_timeout(state, limit);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }

    /// Waits until then, or until nothing more is wanted. Whether the time for closing is over.
    pub(super) fn rest(&self, until: Instant) -> bool {
        let mut state = self.state();
        loop {
            let now = Instant::now();
            if let Some(deadline) = state.closing {
                return deadline <= now;
            }
            if until <= now {
                return false;
            }
            state = self.wait(state, Some(until));
        }
    }

    /// Takes no more changes from here on, and gives back those that were not taken.
    pub(super) fn shut(&self) -> VecDeque<Entry<T>> {
        let mut state = self.state();
        state.closed = true;
        // Who waits for one hears that it is gone.
        state.errands.clear();
        std::mem::take(&mut state.waiting)
    }

    /// Says that the thread is done.
    pub(super) fn end(&self) {
        self.state().ended = true;
        self.ended.notify_all();
    }
}
