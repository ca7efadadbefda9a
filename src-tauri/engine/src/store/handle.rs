//! The history, opened for writing: its options, its thread, its end.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    artifact::Artifacts,
    audit::AuditRotation,
    batch::Entry,
    change::Change,
    errand::Errand,
    error::{StoreError, StoreErrorKind},
    file,
    history::History,
    queue::Queue,
    retention::Retention,
    thread as writing_thread,
    writer::Settled,
};
use crate::{
    clock::Clock,
    services::{Backoff, ServiceRecord},
};

/// How long a store that is dropped without having been closed may take for what waits.
const DROP_LIMIT: Duration = Duration::from_secs(10);

/// When a change counts as safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When the disk has it: it survives a power cut.
    #[default]
    Full,
    /// When the operating system has it: it survives the end of the process, and a power cut may
    /// take the last moments.
    Normal,
}

/// How the history is written.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// When a change counts as safe.
    pub durability: Durability,
    /// How much is kept.
    pub retention: Retention,
    /// How long a change that can't be written for now is tried again.
    pub patience: Duration,
    /// How many changes share a commit at the most.
    pub max_batch: usize,
    /// How much of the audit trail stands in the database.
    pub audit: AuditRotation,
    /// How long another program that holds the file is waited for.
    pub busy_timeout: Duration,
    /// How many pages the file may have: a disk that is full, for tests.
    pub max_pages: Option<u32>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            retention: Retention::default(),
            patience: Duration::from_secs(10),
            max_batch: 1_024,
            audit: AuditRotation::default(),
            busy_timeout: Duration::from_secs(5),
            max_pages: None,
        }
    }
}

/// How much is kept, which may change while the history is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Of jobs.
    pub retention: Retention,
    /// Of the audit trail, in the database.
    pub audit: AuditRotation,
}

/// A history that was opened.
#[derive(Debug)]
pub struct Opened<T: Send + 'static> {
    /// The history.
    pub store: Store<T>,
    /// Where the file that was there before now is, if it was damaged.
    pub set_aside: Option<PathBuf>,
    /// How often this file has been opened, this time included.
    pub opens: u64,
    /// The number for the next job.
    pub next_seq: u64,
}

/// The history of a data folder, opened for writing. Only one may be open per folder; that is
/// for the caller to see to.
///
/// `T` is a ticket that the caller gets back when its change is safe or has failed.
pub struct Store<T: Send + 'static> {
    queue: Arc<Queue<T>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    service: Arc<ServiceRecord>,
    history: History,
}

impl<T: Send + 'static> Store<T> {
    /// Opens the history in `folder`; makes it if there is none, or if the one there is damaged.
    ///
    /// `on_settled` is called on the writing thread, with the changes of a commit in their order;
    /// after [`close`](Self::close), by [`write`](Self::write).
    pub fn open(
        folder: &Path,
        options: StoreOptions,
        on_settled: Box<dyn Fn(Vec<Settled<T>>) + Send + Sync>,
    ) -> Result<Opened<T>, StoreError> {
        let artifacts = Artifacts::in_folder(folder);
        let opened = file::open(folder, &artifacts, &options)?;
        let history = History::at(folder, artifacts);
        let queue = Arc::new(Queue::default());
        let (ready, begun) = mpsc::channel();
        let service = ServiceRecord::new("store-writer", Backoff::default(), Clock::default());
        let service = Arc::new(service);
        let writing = writing_thread::Setup {
            connection: opened.connection,
            folder: folder.to_owned(),
            set_aside: opened.set_aside.clone(),
            artifacts: history.artifacts().clone(),
            options,
            queue: Arc::clone(&queue),
            on_settled: Arc::from(on_settled),
            service: Arc::clone(&service),
            ready,
        };
        // joined: by `close`, which dropping calls
        let thread = thread::Builder::new()
            .name("toolroom-store".to_owned())
            .spawn(move || writing_thread::run(writing))?;
        begun.recv().map_err(|_| {
            StoreError::new(StoreErrorKind::Other, "the writing thread didn't begin")
        })??;
        Ok(Opened {
            store: Self {
                queue,
                thread: Mutex::new(Some(thread)),
                service,
                history,
            },
            set_aside: opened.set_aside,
            opens: opened.opens,
            next_seq: opened.next_seq,
        })
    }

    /// Writes a change, after all that were given before. Never blocks; `on_settled` tells when it
    /// is safe.
    ///
    /// # Errors
    /// The ticket, when the history is closed.
    pub fn write(&self, change: Change, ticket: T) -> Result<(), T> {
        let entry = Entry::new(change, ticket);
        self.queue.push(entry).map_err(|entry| entry.ticket)
    }

    /// How many changes wait to be written.
    pub fn waiting(&self) -> usize {
        self.queue.state().waiting.len()
    }

    /// Gives back memory that serves only to be quick: here at once, on the writing thread when it
    /// comes to it.
    pub fn shrink(&self) {
        self.history.shrink();
        self.queue.shrink();
    }

    /// Keeps this much from now on. What is past it is removed as soon as there is a moment.
    pub fn keep(&self, keeping: Keeping) {
        self.queue.keep(keeping);
    }

    /// Has the writing thread do something with the file itself.
    pub(super) fn send_errand(&self, errand: Errand) {
        self.queue.send(errand);
    }

    /// What is known of the writing thread.
    pub fn service(&self) -> Arc<ServiceRecord> {
        Arc::clone(&self.service)
    }

    /// What is written, for reading.
    pub fn history(&self) -> History {
        self.history.clone()
    }

    /// The large outputs.
    pub fn artifacts(&self) -> &Artifacts {
        self.history.artifacts()
    }

    /// Writes what waits, tidies the file, and ends the thread. What can't be written within
    /// `limit` is settled with its error. Returns whether all of this was done in time.
    pub fn close(&self, limit: Duration) -> bool {
        self.queue.close(Instant::now() + limit);
        // `on_settled` may hold the last reference, and a thread can't wait for itself.
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread
            .as_ref()
            .is_none_or(|thread| thread.thread().id() == thread::current().id())
        {
            return true;
        }
        let ended = self.queue.wait_for_end(limit);
        if ended && let Some(thread) = thread.take() {
            // The thread's last act was to say that it has ended.
            let _ = thread.join();
        }
        ended
    }
}

impl<T: Send + 'static> Drop for Store<T> {
    fn drop(&mut self) {
        self.close(DROP_LIMIT);
    }
}

impl<T: Send + 'static> fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("history", &self.history)
            .finish_non_exhaustive()
    }
}
