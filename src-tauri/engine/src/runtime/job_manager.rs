//! The engine as its owner holds it: opens it, closes it, finds and changes a job.
//!
//! What can be asked of it stands in `requests`; how a job is run is `scheduler`'s business.

use std::sync::{Arc, OnceLock, Weak};

use tokio::sync::oneshot;
use toolroom_shared::{AppError, Caller, ErrorCode, JobId, Settings};

use super::{
    ClosingLimits, EngineConfig, EngineGauges, EngineLimits, apply_settings,
    job_reader::{self, JobReader},
    job_table::JobChange,
    scheduler::{Cause, Handling, Scheduler},
    settling::Ticket,
    state::State,
};
use crate::{
    AuditJournal, LocalSettings, Permissions, Registry,
    health::HealthMonitor,
    record::JobRecord,
    services::Supervisor,
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
    services: Arc<Supervisor>,
    health: HealthMonitor,
}

/// An engine that was opened.
pub struct OpenedEngine {
    /// The engine.
    pub manager: JobManager,
    /// Where a history was put that could not be read: a new one has been begun.
    pub set_aside: Option<std::path::PathBuf>,
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
        let config = match config.settings.clone() {
            Some(settings) => config.with(&settings.now().settings),
            None => config,
        };
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
        let services = Arc::new(Supervisor::new(config.clock.clone()));
        if let Some(store) = &scheduler.store {
            services.list_other(store.service());
        }
        for service in scheduler.services() {
            services.add(service);
        }
        if let Some(history) = &config.history {
            let journal = AuditJournal::in_folder(&history.folder);
            services.add(scheduler.outside_notes(journal));
        }
        if let Some(settings) = &config.settings {
            services.add(settings.service());
        }
        let health = HealthMonitor::default();
        // The last, so that its first look finds the others at work.
        if let Some(look) = &config.health {
            let folder = config
                .history
                .as_ref()
                .map(|history| history.folder.clone());
            services.add(health.service(
                look.clone(),
                config.clock.clone(),
                folder,
                scheduler.load_source(),
                services.list(),
                scheduler.caches(),
            ));
        }
        scheduler.permissions.begin();
        if let Some(settings) = &config.settings {
            connect(settings, &scheduler, &health);
        }
        Self {
            registry,
            scheduler,
            reader,
            services,
            health,
        }
    }

    /// Takes nothing new, lets what runs go on for a while, stops it, and stores the last changes.
    /// Whether everything has stopped and is stored. What waits, waits for the next engine.
    pub async fn shut_down(&self, limits: ClosingLimits) -> bool {
        let ended = self.scheduler.end_jobs(limits).await;
        for name in self.services.stop(limits.services).await {
            eprintln!("toolroom: the service {name} did not stop in time and was broken off.");
        }
        // What is written last is written after everything that could write has ended.
        self.scheduler.close_store(limits).await && ended
    }

    /// What lives as long as the engine. A service that is added is stopped before those that were
    /// there already.
    #[must_use]
    pub fn services(&self) -> &Supervisor {
        &self.services
    }

    /// Who may do what: the policy, and the questions to the person.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.scheduler.permissions.clone()
    }

    /// How busy it is.
    #[must_use]
    pub fn gauges(&self) -> EngineGauges {
        self.scheduler.gauges()
    }

    /// How it is, if it looks at itself.
    #[must_use]
    pub fn health(&self) -> &HealthMonitor {
        &self.health
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

/// Has changes of the settings put into force, for as long as the engine lives.
fn connect(settings: &LocalSettings, scheduler: &Arc<Scheduler>, health: &HealthMonitor) {
    let (to, health) = (Arc::downgrade(scheduler), health.clone());
    let apply = move |settings: &Settings| {
        if let Some(scheduler) = to.upgrade() {
            apply_settings::judge_by(&health, settings);
            scheduler.apply(settings);
        }
    };
    settings.connect(scheduler.audit.clone(), Box::new(apply));
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
