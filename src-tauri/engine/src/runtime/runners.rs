//! Tasks that run attempts, one after the other. One that has nothing to do waits for the next
//! attempt: to start a task takes longer than many a job.
//!
//! What an attempt does is `attempt`'s business.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{attempt::Attempt, scheduler::Scheduler};

/// How many tasks wait at the most; each holds about 1 KiB.
const WAITING_KEPT: usize = 64;

/// The runners that wait for work `T`.
pub struct Runners<T> {
    waiting: Mutex<Waiting<T>>,
}

struct Waiting<T> {
    runners: Vec<oneshot::Sender<T>>,
    closed: bool,
}

impl<T> Default for Runners<T> {
    fn default() -> Self {
        let waiting = Waiting {
            runners: Vec::new(),
            closed: false,
        };
        Self {
            waiting: Mutex::new(waiting),
        }
    }
}

impl<T> Runners<T> {
    /// Lets all that wait end, and none wait from now on.
    pub fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closed = true;
        waiting.runners.clear();
    }

    /// Gives work to a runner that waits. Back, if none does.
    fn give(&self, mut work: T) -> Option<T> {
        loop {
            // The one that has waited least: what it needs is still in a cache.
            let runner = self.waiting().runners.pop();
            let Some(runner) = runner else {
                return Some(work);
            };
            match runner.send(work) {
                Ok(()) => return None,
                // It is gone, with the runtime that it ran on.
                Err(back) => work = back,
            }
        }
    }

    /// Waits for work. None when there are enough who wait, or no more work is to come.
    async fn next(&self) -> Option<T> {
        let given = {
            let mut waiting = self.waiting();
            if waiting.closed || waiting.runners.len() >= WAITING_KEPT {
                return None;
            }
            let (give, given) = oneshot::channel();
            waiting.runners.push(give);
            given
        };
        given.await.ok()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Scheduler {
    /// Has an attempt run, by a task that waits or by a new one.
    pub fn spawn(self: &Arc<Self>, attempt: Attempt) {
        self.started.notify_one();
        let Some(attempt) = self.runners.give(attempt) else {
            return;
        };
        let scheduler = self.clone();
        let run = async move {
            let mut next = Some(attempt);
            while let Some(attempt) = next {
                // The one that takes over the place goes first.
                next = match scheduler.run(attempt).await {
                    None => scheduler.runners.next().await,
                    next => next,
                };
                // Jobs that end at once must not keep the worker from everything else.
                tokio::task::coop::consume_budget().await;
            }
        };
        // joined: by `tasks`, which closing waits for
        self.tasks.spawn_on(run, &self.runtime);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::{FutureExt, poll};

    use super::*;

    #[tokio::test]
    async fn work_goes_to_who_waits_and_back_if_nobody_does() {
        let runners = Runners::default();
        assert_eq!(runners.give(1), Some(1));
        let (mut first, mut gone) = (pin!(runners.next()), Box::pin(runners.next()));
        assert!(poll!(first.as_mut()).is_pending());
        assert!(poll!(gone.as_mut()).is_pending());
        drop(gone);
        assert_eq!(runners.give(2), None);
        assert_eq!(first.await, Some(2));
        assert_eq!(runners.give(3), Some(3));
    }

    #[tokio::test]
    async fn closing_ends_all_who_wait_and_nobody_waits_from_then_on() {
        let runners = Runners::<u8>::default();
        let mut waits = pin!(runners.next());
        assert!(poll!(waits.as_mut()).is_pending());
        runners.close();
        assert_eq!(waits.now_or_never(), Some(None));
        assert_eq!(runners.next().now_or_never(), Some(None));
    }

    #[tokio::test]
    async fn no_more_wait_than_are_kept() {
        let runners = Runners::<u8>::default();
        let mut waiting: Vec<_> = (0..WAITING_KEPT)
            .map(|_| Box::pin(runners.next()))
            .collect();
        for waits in &mut waiting {
            assert!(poll!(waits).is_pending());
        }
        assert_eq!(runners.next().now_or_never(), Some(None));
    }
}
