//! Threads that share work which makes more work: each has a stack of its own, and takes from the
//! others' when that is empty. Who finds nothing sleeps until there is something.

use std::sync::{
    Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use crossbeam_deque::{Steal, Stealer, Worker as Stack};

/// What the threads share.
pub(super) struct Crew<J> {
    stacks: Vec<Stealer<J>>,
    /// Jobs that wait or are being done.
    open_jobs: AtomicUsize,
    sleepers: AtomicUsize,
    is_stopped: AtomicBool,
    lock: Mutex<()>,
    wake: Condvar,
}

/// One thread's part.
pub(super) struct Member<'c, J> {
    crew: &'c Crew<J>,
    stack: Stack<J>,
    number: usize,
}

impl<J> Crew<J> {
    /// A crew of as many threads as stacks, and the stacks to give to them.
    pub(super) fn new(threads: usize) -> (Self, Vec<Stack<J>>) {
        // The last in is the first out: what is deep in a tree is finished before more is begun.
        let stacks: Vec<_> = (0..threads).map(|_| Stack::new_lifo()).collect();
        let crew = Self {
            stacks: stacks.iter().map(Stack::stealer).collect(),
            open_jobs: AtomicUsize::new(0),
            sleepers: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
            lock: Mutex::default(),
            wake: Condvar::new(),
        };
        (crew, stacks)
    }

    /// The part of the thread that has this stack.
    pub(super) fn member(&self, number: usize, stack: Stack<J>) -> Member<'_, J> {
        Member {
            crew: self,
            stack,
            number,
        }
    }

    /// No more jobs are begun.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        let _guard = self.lock();
        self.wake.notify_all();
    }

    /// Whether no more jobs are begun.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn steal(&self, but: usize) -> Option<J> {
        let count = self.stacks.len();
        loop {
            let mut again = false;
            for other in (but + 1..but + count).map(|other| other % count) {
                match self.stacks[other].steal() {
                    Steal::Success(job) => return Some(job),
                    Steal::Retry => again = true,
                    Steal::Empty => {}
                }
            }
            if !again {
                return None;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst) || self.open_jobs.load(Ordering::SeqCst) == 0
    }
}

impl<J> Member<'_, J> {
    /// Another job, for whoever has time first.
    pub(super) fn push(&self, job: J) {
        self.crew.open_jobs.fetch_add(1, Ordering::SeqCst);
        self.stack.push(job);
        if self.crew.sleepers.load(Ordering::SeqCst) > 0 {
            let _guard = self.crew.lock();
            self.crew.wake.notify_one();
        }
    }

    /// The next job; none when all is done or stopped. To be told as done when it is.
    pub(super) fn next(&self) -> Option<J> {
        loop {
            if self.crew.is_stopped() {
                return None;
            }
            let job = self.stack.pop().or_else(|| self.crew.steal(self.number));
            if job.is_some() {
                return job;
            }
            let guard = self.crew.lock();
            self.crew.sleepers.fetch_add(1, Ordering::SeqCst);
            // Who pushes looks for sleepers after that and wakes them under the lock: nothing is missed.
            let is_idle = self.crew.stacks.iter().all(Stealer::is_empty) && !self.crew.is_over();
            if is_idle {
                drop(self.crew.wake.wait(guard));
            }
            self.crew.sleepers.fetch_sub(1, Ordering::SeqCst);
            if self.crew.is_over() {
                return None;
            }
        }
    }

    /// A job is done.
    pub(super) fn done(&self) {
        if self.crew.open_jobs.fetch_sub(1, Ordering::SeqCst) == 1 {
            let _guard = self.crew.lock();
            self.crew.wake.notify_all();
        }
    }

    /// No more jobs are begun, by nobody.
    pub(super) fn stop(&self) {
        self.crew.stop();
    }

    /// Whether no more jobs are begun.
    pub(super) fn is_stopped(&self) -> bool {
        self.crew.is_stopped()
    }
}

impl<J> Drop for Member<'_, J> {
    fn drop(&mut self) {
        // A job that panicked is never done: the others must not wait for it.
        if std::thread::panicking() {
            self.crew.stop();
        }
    }
}
