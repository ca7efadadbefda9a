//! The thread that writes: it takes what waits, commits it together, and says so.
//!
//! What can't be written for now, because the disk is full or another program holds the file, is
//! parked and tried again before anything newer: what has happened to a job must not be lost. Only
//! the start of a new job is refused at once, since somebody waits for the answer and nothing has
//! happened yet.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    slice,
    sync::{Arc, mpsc::Sender},
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{
    artifact::Artifacts,
    batch::{Batches, Entry},
    error::{StoreError, StoreErrorKind},
    file,
    handle::StoreOptions,
    queue::Queue,
    upkeep::Upkeep,
};

/// How soon a parked change is tried again at first. The time doubles with each failure.
const FIRST_RETRY: Duration = Duration::from_millis(100);
/// How soon at the latest.
const LAST_RETRY: Duration = Duration::from_secs(1);

/// A change that is safe, or that has failed.
#[derive(Debug)]
pub struct Settled<T> {
    /// What was given with the change.
    pub ticket: T,
    /// Whether the change is safe.
    pub result: Result<(), StoreError>,
}

/// Is told of settled changes.
pub(super) type OnSettled<T> = Arc<dyn Fn(Vec<Settled<T>>) + Send + Sync>;

/// What the thread is given.
pub(super) struct Setup<T> {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
    pub(super) artifacts: Artifacts,
    pub(super) options: StoreOptions,
    pub(super) queue: Arc<Queue<T>>,
    pub(super) on_settled: OnSettled<T>,
    /// Is told whether the thread has begun.
    pub(super) ready: Sender<Result<(), StoreError>>,
}

/// Writes until the queue is closed.
pub(super) fn run<T>(setup: Setup<T>) {
    match Writer::new(&setup) {
        Err(error) => {
            let _ = setup.ready.send(Err(error));
        }
        Ok(mut writer) => {
            let _ = setup.ready.send(Ok(()));
            // A fault in here must not leave anybody waiting for an answer that never comes.
            let _ = catch_unwind(AssertUnwindSafe(|| writer.write_until_closed()));
            let parked = std::mem::take(&mut writer.parked);
            let left = parked.into_iter().map(|parked| parked.entry);
            writer.settle_all(left.chain(setup.queue.shut()), &StoreError::closed());
        }
    }
    let _ = setup
        .connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    let Setup {
        connection, queue, ..
    } = setup;
    drop(connection);
    queue.end();
}

/// A change that could not be written for now.
struct Parked<T> {
    entry: Entry<T>,
    since: Instant,
}

/// When parked changes are tried again.
struct Retry {
    at: Instant,
    delay: Duration,
}

enum Turn<T> {
    Write(Vec<Entry<T>>),
    Retry { last: bool },
    Upkeep,
    End,
}

struct Writer<'s, T> {
    setup: &'s Setup<T>,
    batches: Batches<'s>,
    upkeep: Upkeep,
    parked: VecDeque<Parked<T>>,
    /// There is one exactly when something is parked.
    retry: Option<Retry>,
}

impl<'s, T> Writer<'s, T> {
    fn new(setup: &'s Setup<T>) -> Result<Self, StoreError> {
        Ok(Self {
            setup,
            batches: Batches::new(&setup.connection)?,
            upkeep: Upkeep::new(&setup.connection)?,
            parked: VecDeque::new(),
            retry: None,
        })
    }

    fn write_until_closed(&mut self) {
        loop {
            match self.next_turn() {
                Turn::Write(batch) => self.write(batch),
                Turn::Retry { last } => self.retry(last),
                Turn::Upkeep => {
                    let setup = self.setup;
                    let step =
                        self.upkeep
                            .step(&setup.connection, &setup.artifacts, &setup.options);
                    if let Err(error) = step {
                        self.note(&error);
                    }
                }
                Turn::End => return,
            }
        }
    }

    /// Waits until there is something to do.
    fn next_turn(&mut self) -> Turn<T> {
        let queue = &self.setup.queue;
        let mut state = queue.state();
        loop {
            let now = Instant::now();
            let retry_at = self.retry.as_ref().map(|retry| retry.at);
            let last = state.closing.is_some_and(|deadline| deadline <= now);
            if retry_at.is_some_and(|at| at <= now || last) {
                return Turn::Retry { last };
            }
            if state.closing.is_none() && self.upkeep.is_urgent() {
                return Turn::Upkeep;
            }
            if !state.waiting.is_empty() {
                let taken = state.waiting.len().min(self.setup.options.max_batch.max(1));
                return Turn::Write(state.waiting.drain(..taken).collect());
            }
            let mut until = retry_at;
            if let Some(deadline) = state.closing {
                if retry_at.is_none() {
                    return Turn::End;
                }
                until = until.min(Some(deadline));
            } else if retry_at.is_none() {
                if self.upkeep.is_due(now) {
                    return Turn::Upkeep;
                }
                until = self.upkeep.at();
            }
            state = queue.wait(state, until);
        }
    }

    fn write(&mut self, mut batch: Vec<Entry<T>>) {
        if self.retry.is_some() {
            // A job's changes stay in order: only new jobs may pass by what is parked.
            let (starts, others) = batch.into_iter().partition(Entry::is_start);
            batch = starts;
            self.park_behind(others);
        }
        if batch.is_empty() {
            return;
        }
        match self.batches.write(&mut batch) {
            Ok(()) => self.settle_written(batch),
            // The same for each of them, or it would take as long for each.
            Err(error) if error.kind.is_lasting() || error.kind == StoreErrorKind::Busy => {
                self.fail(batch, &error);
            }
            Err(error) if batch.len() == 1 => self.fail(batch, &error),
            Err(_) => self.write_one_by_one(batch),
        }
    }

    /// So that one bad change, or one for which there is no room, doesn't take others with it.
    fn write_one_by_one(&mut self, batch: Vec<Entry<T>>) {
        for mut entry in batch {
            if self.retry.is_some() && !entry.is_start() {
                self.park_behind(vec![entry]);
                continue;
            }
            match self.batches.write(slice::from_mut(&mut entry)) {
                Ok(()) => self.settle_written(vec![entry]),
                Err(error) => self.fail(vec![entry], &error),
            }
        }
    }

    /// Settles what can't be written, and parks what may be written later.
    fn fail(&mut self, batch: Vec<Entry<T>>, error: &StoreError) {
        self.note(error);
        let (parked, failed): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .partition(|entry| error.kind.may_pass() && !entry.is_start());
        if !parked.is_empty() {
            self.retry.get_or_insert_with(|| Retry {
                at: Instant::now() + FIRST_RETRY,
                delay: FIRST_RETRY,
            });
            self.park_behind(parked);
        }
        self.settle_all(failed.into_iter(), error);
    }

    fn park_behind(&mut self, entries: Vec<Entry<T>>) {
        let since = Instant::now();
        let parked = entries.into_iter().map(|entry| Parked { entry, since });
        self.parked.extend(parked);
    }

    /// Tries what is parked, from the oldest on, as many at once as will go.
    fn retry(&mut self, last: bool) {
        let mut together = self.setup.options.max_batch.max(1);
        while !self.parked.is_empty() {
            together = together.min(self.parked.len());
            let mut batch: Vec<_> = self.parked.drain(..together).collect();
            let since: Vec<_> = batch.iter().map(|parked| parked.since).collect();
            let mut entries: Vec<_> = batch.drain(..).map(|parked| parked.entry).collect();
            match self.batches.write(&mut entries) {
                Ok(()) => {
                    self.settle_written(entries);
                    together = self.setup.options.max_batch.max(1);
                    continue;
                }
                Err(error) if error.kind.is_lasting() => {
                    self.note(&error);
                    let rest = std::mem::take(&mut self.parked);
                    let rest = rest.into_iter().map(|parked| parked.entry);
                    self.settle_all(entries.into_iter().chain(rest), &error);
                }
                Err(error) if together == 1 && !error.kind.may_pass() => {
                    self.settle_all(entries.into_iter(), &error);
                }
                Err(error) => {
                    let back = entries.into_iter().zip(since).rev();
                    for (entry, since) in back {
                        self.parked.push_front(Parked { entry, since });
                    }
                    if together == 1 || error.kind == StoreErrorKind::Busy {
                        self.wait_on(&error, last);
                        return;
                    }
                    together /= 2;
                }
            }
        }
        self.retry = None;
    }

    /// Goes on waiting, and gives up on what has waited for too long.
    fn wait_on(&mut self, error: &StoreError, last: bool) {
        let now = Instant::now();
        let patience = self.setup.options.patience;
        let too_long = |parked: &Parked<T>| last || now.duration_since(parked.since) >= patience;
        let given_up = self
            .parked
            .iter()
            .take_while(|parked| too_long(parked))
            .count();
        let given_up: Vec<_> = self.parked.drain(..given_up).collect();
        self.settle_all(given_up.into_iter().map(|parked| parked.entry), error);
        self.retry = match self.retry.take() {
            Some(retry) if !self.parked.is_empty() => {
                let delay = (retry.delay * 2).min(LAST_RETRY);
                let at = now + delay;
                Some(Retry { at, delay })
            }
            _ => None,
        };
    }

    fn settle_written(&mut self, batch: Vec<Entry<T>>) {
        let is_safe = |entry: &&Entry<T>| entry.refused.is_none();
        let ended = batch.iter().filter(is_safe).filter(|entry| entry.is_end());
        self.upkeep.written(ended.count());
        let settled = batch.into_iter().map(|entry| Settled {
            ticket: entry.ticket,
            result: entry.refused.map_or(Ok(()), Err),
        });
        self.tell(settled.collect());
    }

    fn settle_all(&mut self, entries: impl Iterator<Item = Entry<T>>, error: &StoreError) {
        let settled = entries.map(|entry| Settled {
            ticket: entry.ticket,
            result: Err(error.clone()),
        });
        self.tell(settled.collect());
    }

    fn tell(&self, settled: Vec<Settled<T>>) {
        if !settled.is_empty() {
            // A fault of whoever is told must not end the writing.
            let _ = catch_unwind(AssertUnwindSafe(|| (self.setup.on_settled)(settled)));
        }
    }

    fn note(&self, error: &StoreError) {
        if error.kind == StoreErrorKind::Corrupt {
            file::note_damage(&self.setup.folder);
        }
    }
}
