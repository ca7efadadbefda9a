//! The bounded pool for work that blocks: files and CPU. It counts itself.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Semaphore;

/// How many pieces of blocking work run at once unless an engine says otherwise. Tokio's own limit
/// of 512 threads would let one burst of jobs take the memory of all.
const DEFAULT_THREADS: usize = 64;

/// Runs blocking work beside the async workers. Clones are the same pool.
#[derive(Clone, Debug)]
pub struct BlockingPool {
    permits: Arc<Semaphore>,
    gauges: Arc<Gauges>,
}

#[derive(Debug, Default)]
struct Gauges {
    waiting: AtomicUsize,
    running: AtomicUsize,
}

impl Default for BlockingPool {
    fn default() -> Self {
        Self::new(DEFAULT_THREADS)
    }
}

impl BlockingPool {
    /// A pool that runs at most `threads` pieces of work at once.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(threads)),
            gauges: Arc::default(),
        }
    }

    /// How many pieces of work wait for a thread.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.gauges.waiting.load(Ordering::Relaxed)
    }

    /// How many pieces of work run.
    #[must_use]
    pub fn running(&self) -> usize {
        self.gauges.running.load(Ordering::Relaxed)
    }

    /// Runs `work` and waits for it; none if the runtime goes down before it began. Work that has
    /// begun runs to its end even if nobody waits any more: it must look at its job's token.
    ///
    /// # Panics
    /// If `work` does.
    pub async fn run<T, F>(&self, work: F) -> Option<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let waiting = Count::one(&self.gauges, |gauges| &gauges.waiting);
        // The semaphore is never closed.
        let permit = self.permits.clone().acquire_owned().await.ok()?;
        drop(waiting);
        let running = Count::one(&self.gauges, |gauges| &gauges.running);
        // joined: below; work that has begun hears its job's token
        let task = tokio::task::spawn_blocking(move || {
            let _held = (permit, running);
            work()
        });
        match task.await {
            Ok(result) => Some(result),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => None,
            },
        }
    }
}

/// Counts one up, and down again when dropped.
struct Count {
    gauges: Arc<Gauges>,
    gauge: fn(&Gauges) -> &AtomicUsize,
}

impl Count {
    fn one(gauges: &Arc<Gauges>, gauge: fn(&Gauges) -> &AtomicUsize) -> Self {
        gauge(gauges).fetch_add(1, Ordering::Relaxed);
        Self {
            gauges: gauges.clone(),
            gauge,
        }
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        (self.gauge)(&self.gauges).fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn no_more_runs_at_once_than_there_are_threads_and_the_rest_is_counted_as_waiting() {
        let pool = BlockingPool::new(2);
        let (begun, has_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let released = Arc::new(std::sync::Mutex::new(released));
        let tasks: Vec<_> = (0..5)
            .map(|_| {
                let (pool, begun, released) = (pool.clone(), begun.clone(), released.clone());
                tokio::spawn(async move {
                    let work = move || {
                        begun.send(()).unwrap();
                        released.lock().unwrap().recv().unwrap();
                    };
                    pool.run(work).await
                })
            })
            .collect();
        while pool.running() + pool.waiting() < 5 {
            tokio::task::yield_now().await;
        }
        assert_eq!((pool.running(), pool.waiting()), (2, 3));
        for _ in 0..5 {
            release.send(()).unwrap();
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), Some(()));
        }
        drop(begun);
        assert_eq!(has_begun.iter().count(), 5);
        assert_eq!((pool.running(), pool.waiting()), (0, 0));
    }
}
