//! The thread that writes: it takes what waits, commits it together, and says so.
//!
//! What can't be written for now, because the disk is full or another program holds the file, is
//! parked and tried again before anything newer: what has happened to a job must not be lost. Only
//! the start of a new job is refused at once, since somebody waits for the answer and nothing has
//! happened yet.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use fail::fail_point;

use super::{
    audit::Trail,
    batch::{Batches, Entry},
    errand::Errand,
    error::{StoreError, StoreErrorKind},
    file,
    handle::{Keeping, StoreOptions},
    thread::Setup,
    upkeep::Upkeep,
};

/// How soon a parked change is tried again at first. The time doubles with each failure.
const FIRST_RETRY: Duration = Duration::from_millis(100);
/// How soon at the latest.
const LAST_RETRY: Duration = Duration::from_secs(1);
/// How often one change by itself may make the writer fall before it is answered as failed.
const FALLS_FORGIVEN: u32 = 2;

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
    Shrink,
    Keep(Keeping),
    Errand(Errand),
    End,
}

/// Writes what waits.
pub(super) struct Writer<'s, T> {
    setup: &'s Setup<T>,
    /// As they are now.
    options: StoreOptions,
    batches: Batches<'s>,
    upkeep: Upkeep,
    parked: VecDeque<Parked<T>>,
    /// There is one exactly when something is parked.
    retry: Option<Retry>,
    /// What is being written: kept here so that a fall doesn't take it along.
    at_work: Vec<Entry<T>>,
    /// What is written one by one after that.
    next: VecDeque<Entry<T>>,
    /// It fell over what is parked, which is therefore written one by one.
    careful: bool,
    /// How often it fell in a row over a single change.
    falls: u32,
}

/// What writes, as the file stands now.
fn prepare<'s, T>(
    setup: &'s Setup<T>,
    options: &StoreOptions,
) -> Result<(Batches<'s>, Upkeep), StoreError> {
    let connection = &setup.connection;
    let trail = Trail::open(connection, &setup.folder, setup.set_aside.as_deref())?;
    let is_over = trail.is_over(&options.audit);
    Ok((
        Batches::new(connection, trail)?,
        Upkeep::new(connection, is_over)?,
    ))
}

impl<'s, T> Writer<'s, T> {
    pub(super) fn new(setup: &'s Setup<T>) -> Result<Self, StoreError> {
        let options = setup.options.clone();
        let (batches, upkeep) = prepare(setup, &options)?;
        Ok(Self {
            setup,
            options,
            batches,
            upkeep,
            parked: VecDeque::new(),
            retry: None,
            at_work: Vec::new(),
            next: VecDeque::new(),
            careful: false,
            falls: 0,
        })
    }

    /// Puts things in order after a fall: what was at work is settled if it was committed, and
    /// else written again before anything newer.
    pub(super) fn recover(&mut self) -> Result<(), StoreError> {
        let connection = &self.setup.connection;
        let committed = self.batches.is_committed();
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK")?;
        }
        // Upkeep may have fallen while it was set lower.
        file::set_durability(connection, &self.setup.options)?;
        (self.batches, self.upkeep) = prepare(self.setup, &self.options)?;
        let at_work = std::mem::take(&mut self.at_work);
        let next = std::mem::take(&mut self.next);
        let alone = self.careful && at_work.len() == 1;
        if committed || !alone {
            self.falls = 0;
        }
        if committed {
            self.settle_written(at_work);
        } else if alone && self.falls >= FALLS_FORGIVEN {
            self.falls = 0;
            self.settle_all(at_work.into_iter(), &StoreError::fault());
        } else {
            self.falls += u32::from(alone);
            // Older than what is parked, unless it is starts, whose order is nobody's business.
            self.park_before(at_work);
        }
        self.park_behind(next.into());
        self.careful = !self.parked.is_empty();
        self.retry = (!self.parked.is_empty()).then(|| Retry {
            at: Instant::now(),
            delay: FIRST_RETRY,
        });
        Ok(())
    }

    /// Answers everything that it holds: nobody may be left waiting.
    pub(super) fn settle_left(&mut self, unwritten: impl Iterator<Item = Entry<T>>) {
        let at_work = std::mem::take(&mut self.at_work);
        let mut left: Vec<_> = if self.batches.is_committed() {
            self.settle_written(at_work);
            Vec::new()
        } else {
            at_work
        };
        left.extend(
            std::mem::take(&mut self.parked)
                .into_iter()
                .map(|parked| parked.entry),
        );
        left.extend(std::mem::take(&mut self.next));
        self.settle_all(left.into_iter().chain(unwritten), &StoreError::closed());
    }

    pub(super) fn write_until_closed(&mut self) {
        loop {
            fail_point!("writer-turns");
            match self.next_turn() {
                Turn::Write(batch) => self.write(batch),
                Turn::Retry { last } => self.retry(last),
                Turn::Upkeep => {
                    let setup = self.setup;
                    let trail = &mut self.batches.trail;
                    let step =
                        self.upkeep
                            .step(&setup.connection, &setup.artifacts, trail, &self.options);
                    if let Err(error) = step {
                        self.note(&error);
                    }
                }
                Turn::Shrink => {
                    // What can't be given back now is asked for again when memory stays short.
                    let _ = self.setup.connection.execute_batch("PRAGMA shrink_memory");
                }
                Turn::Keep(Keeping { retention, audit }) => {
                    let is_over = self.batches.trail.is_over(&audit);
                    self.options.retention = retention;
                    self.options.audit = audit;
                    self.upkeep.look_again(is_over);
                }
                Turn::Errand(errand) => {
                    errand(&self.setup.connection, &self.setup.artifacts);
                    if let Err(error) = self.upkeep.recount(&self.setup.connection) {
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
            if std::mem::take(&mut state.shrink) {
                return Turn::Shrink;
            }
            if let Some(keeping) = state.keeping.take() {
                return Turn::Keep(keeping);
            }
            if state.closing.is_none()
                && let Some(errand) = state.errands.pop_front()
            {
                return Turn::Errand(errand);
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
        let (written, batch) = self.try_write(batch);
        match written {
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
        self.next = batch.into();
        while let Some(entry) = self.next.pop_front() {
            if self.retry.is_some() && !entry.is_start() {
                self.park_behind(vec![entry]);
                continue;
            }
            match self.try_write(vec![entry]) {
                (Ok(()), batch) => self.settle_written(batch),
                (Err(error), batch) => self.fail(batch, &error),
            }
        }
    }

    /// Writes a batch, which stays at hand until it is known what has become of it.
    fn try_write(&mut self, batch: Vec<Entry<T>>) -> (Result<(), StoreError>, Vec<Entry<T>>) {
        self.at_work = batch;
        let written = self.batches.write(&mut self.at_work);
        (written, std::mem::take(&mut self.at_work))
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

    fn park_before(&mut self, entries: Vec<Entry<T>>) {
        let since = Instant::now();
        let mut parked: VecDeque<_> = entries
            .into_iter()
            .map(|entry| Parked { entry, since })
            .collect();
        parked.append(&mut self.parked);
        self.parked = parked;
    }

    /// Tries what is parked, from the oldest on, as many at once as will go.
    fn retry(&mut self, last: bool) {
        let most = match self.careful {
            true => 1,
            false => self.setup.options.max_batch.max(1),
        };
        let mut together = most;
        while !self.parked.is_empty() {
            together = together.min(self.parked.len());
            let mut batch: Vec<_> = self.parked.drain(..together).collect();
            let since: Vec<_> = batch.iter().map(|parked| parked.since).collect();
            let entries = batch.drain(..).map(|parked| parked.entry).collect();
            let (written, entries) = self.try_write(entries);
            match written {
                Ok(()) => {
                    self.falls = 0;
                    self.settle_written(entries);
                    together = most;
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
        self.careful = false;
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
        let is_over = self.batches.trail.is_over(&self.options.audit);
        self.upkeep.written(ended.count(), is_over);
        let settled = batch.into_iter().map(|entry| Settled {
            ticket: entry.ticket,
            result: entry.refused.map_or(Ok(()), Err),
        });
        self.tell(settled.collect());
    }

    pub(super) fn settle_all(
        &mut self,
        entries: impl Iterator<Item = Entry<T>>,
        error: &StoreError,
    ) {
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
