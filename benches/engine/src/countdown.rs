//! Counts jobs down and tells when the last has ended.
//!
//! For peers whose callers aren't told of the end of their jobs: somebody else has to notice.
//! Shared by its path with the program in `apalis-sqlite`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::Notify;

/// How many jobs have yet to end.
#[derive(Debug)]
pub struct Countdown {
    left: AtomicUsize,
    last_end: OnceLock<Instant>,
    over: Notify,
}

impl Countdown {
    /// For that many jobs, at least one.
    pub fn new(jobs: usize) -> Self {
        Self {
            left: AtomicUsize::new(jobs),
            last_end: OnceLock::new(),
            over: Notify::new(),
        }
    }

    /// A job has ended.
    pub fn ended(&self) {
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.last_end.get_or_init(Instant::now);
            self.over.notify_waiters();
        }
    }

    /// Waits for the end of the last job, and tells when that was.
    pub async fn wait(&self) -> Instant {
        loop {
            // Before the look: it hears of everything from now on.
            let over = self.over.notified();
            if let Some(end) = self.last_end.get() {
                return *end;
            }
            over.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::runtime::Runtime;

    use super::*;

    #[test]
    fn everybody_who_waits_hears_of_the_last_end_before_and_after_it() {
        let runtime = Runtime::new().unwrap();
        let countdown = Arc::new(Countdown::new(2));
        let wait = || {
            let countdown = Arc::clone(&countdown);
            // joined: below.
            runtime.spawn(async move { countdown.wait().await })
        };
        let early = [wait(), wait()];
        countdown.ended();
        assert!(countdown.last_end.get().is_none());
        countdown.ended();
        for waiter in early.into_iter().chain([wait()]) {
            let end = runtime.block_on(waiter).unwrap();
            assert_eq!(Some(&end), countdown.last_end.get());
        }
    }
}
