//! The engine as its owner holds it: opens it, closes it, finds and changes a job.
//!
//! What can be asked of it stands in `requests`; how a job is run is `scheduler`'s business.

use std::{
    sync::{Arc, OnceLock, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::sync::oneshot;
use toolroom_shared::{AppError, Caller, ErrorCode, JobId};

use super::{
    ClosingLimits, EngineConfig, EngineLimits,
    job_reader::{self, JobReader},
    job_table::JobChange,
    scheduler::{Cause, Handling, Scheduler},
    settling::Ticket,
    state::State,
};
use crate::{
    Registry,
    record::JobRecord,
    store::{Settled, Store, StoreError},
};

/// How far the numbers of two engines' events are apart that had the same history: 2^53, the
/// largest number that every JSON reader has, leaves room for two million engines.
const EVENTS_AN_ENGINE: u64 = 1 << 32;

/// Runs jobs on the Tokio runtime in which it was made. Cheap to clone.
#[derive(Clone)]
pub struct JobManager {
    pub(super) registry: Arc<Registry>,
    pub(super) scheduler: Arc<Scheduler>,
    pub(super) reader: Option<JobReader>,
}

/// An engine that was opened.
pub struct OpenedEngine {
    /// The engine.
    pub manager: JobManager,
    /// Where a history was put that could not be read: a new one has been begun.
    pub set_aside: Option<std::path::PathBuf>,
}

/// How busy an engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineGauges {
    /// Jobs that wait: for their turn, for a retry, or held back.
    pub queued: usize,
    /// Jobs that run.
    pub running: usize,
    /// Pieces of blocking work that wait for a thread.
    pub blocking_waiting: usize,
    /// Pieces of blocking work that run.
    pub blocking_running: usize,
    /// The longest that a tool has held an async worker so far.
    pub longest_step: Duration,
}

impl JobManager {
    /// An engine for these tools that keeps jobs in memory.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn in_memory(registry: Registry, limits: EngineLimits) -> Self {
        let config = EngineConfig {
            limits,
            ..EngineConfig::default()
        };
        Self::assemble(registry, &config, None, 1, 0)
    }

    /// An engine for these tools. With a history it takes over what an engine before left.
    ///
    /// # Errors
    /// `storage`, when the history can't be used.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn open(registry: Registry, config: EngineConfig) -> Result<OpenedEngine, AppError> {
        let Some(history) = &config.history else {
            return Ok(OpenedEngine {
                manager: Self::assemble(registry, &config, None, 1, 0),
                set_aside: None,
            });
        };
        let scheduler: Arc<OnceLock<Weak<Scheduler>>> = Arc::default();
        let settles = scheduler.clone();
        let on_settled = Box::new(move |batch: Vec<Settled<Ticket>>| {
            if let Some(scheduler) = settles.get().and_then(Weak::upgrade) {
                scheduler.settled(batch);
            }
        });
        let opened = Store::open(&history.folder, history.options.clone(), on_settled)
            .map_err(StoreError::into_app_error)?;
        let left = opened
            .store
            .history()
            .unfinished()
            .map_err(StoreError::into_app_error)?;
        let events_before = opened.opens.saturating_sub(1) * EVENTS_AN_ENGINE;
        let store = Arc::new(opened.store);
        let manager = Self::assemble(
            registry,
            &config,
            Some(store),
            opened.next_seq,
            events_before,
        );
        // Set before anything is written.
        let _ = scheduler.set(Arc::downgrade(&manager.scheduler));
        manager.scheduler.recover(left, history.run_left_over);
        Ok(OpenedEngine {
            manager,
            set_aside: opened.set_aside,
        })
    }

    fn assemble(
        registry: Registry,
        config: &EngineConfig,
        store: Option<Arc<Store<Ticket>>>,
        next_seq: u64,
        events_before: u64,
    ) -> Self {
        let registry = Arc::new(registry);
        let reader = store.as_ref().map(|store| JobReader::new(store.history()));
        let scheduler = Scheduler::new(registry.clone(), config, store, next_seq, events_before);
        scheduler.start_sampling();
        Self {
            registry,
            scheduler,
            reader,
        }
    }

    /// Takes nothing new, lets what runs go on for a while, stops it, and stores the last changes.
    /// Whether everything has stopped and is stored. What waits, waits for the next engine.
    pub async fn shut_down(&self, limits: ClosingLimits) -> bool {
        self.scheduler.close(limits).await
    }

    /// How busy it is.
    #[must_use]
    pub fn gauges(&self) -> EngineGauges {
        let state = self.scheduler.state();
        EngineGauges {
            queued: state.live.queued(),
            running: state.queue.running(),
            blocking_waiting: self.scheduler.pool.waiting(),
            blocking_running: self.scheduler.pool.running(),
            longest_step: Duration::from_micros(
                self.scheduler.longest_step.load(Ordering::Relaxed),
            ),
        }
    }

    /// Reads from the disk where that holds up nothing else.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        reader: &JobReader,
        read: impl FnOnce(&JobReader) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let reader = reader.clone();
        // joined: right here
        tokio::task::spawn_blocking(move || read(&reader))
            .await
            .map_err(|_| storage_gone())?
    }

    /// A job as everyone may see it, from memory or from the disk.
    pub(super) async fn find(&self, job_id: &JobId) -> Result<Arc<JobRecord>, AppError> {
        let id = job_reader::parse(job_id)?;
        if let Some(job) = self.visible(id) {
            return Ok(job);
        }
        let Some(reader) = &self.reader else {
            return Err(job_reader::unknown(job_id));
        };
        let wanted = job_id.clone();
        let found = self
            .read(reader, move |reader| reader.find(&wanted))
            .await?;
        Ok(Arc::new(found))
    }

    fn visible(&self, id: uuid::Uuid) -> Option<Arc<JobRecord>> {
        let state = self.scheduler.state();
        state.live.by_id(id)?.visible.clone()
    }

    /// Decides a change that somebody asked for, and waits until it is stored. Whether it fitted.
    pub(super) async fn change(
        &self,
        seq: u64,
        caller: Caller,
        change: JobChange,
        show_at_once: bool,
    ) -> Result<bool, AppError> {
        let stored = {
            let mut state = self.scheduler.state();
            let Some(stored) = self.change_now(&mut state, seq, caller, change, show_at_once)
            else {
                return Ok(false);
            };
            self.scheduler.start_what_may_run(&mut state);
            stored
        };
        settled(stored).await.map(|()| true)
    }

    /// The same, for who holds the state and waits later.
    pub(super) fn change_now(
        &self,
        state: &mut State,
        seq: u64,
        caller: Caller,
        change: JobChange,
        show_at_once: bool,
    ) -> Option<oneshot::Receiver<Result<(), StoreError>>> {
        let (acknowledge, stored) = oneshot::channel();
        let handling = Handling {
            acknowledge: Some(acknowledge),
            show_at_once,
            ..Handling::default()
        };
        let fits = self
            .scheduler
            .decide(state, seq, change, Cause::asked(caller), handling);
        fits.then_some(stored)
    }
}

/// Waits until a change is stored.
pub async fn settled(stored: oneshot::Receiver<Result<(), StoreError>>) -> Result<(), AppError> {
    match stored.await {
        Ok(result) => result.map_err(StoreError::into_app_error),
        Err(_) => Err(storage_gone()),
    }
}

/// The engine ended before it could answer.
pub fn storage_gone() -> AppError {
    AppError::new(
        ErrorCode::ShuttingDown,
        "Toolroom is closing. Whether this was done shows in the list of jobs after the next start.",
    )
}
