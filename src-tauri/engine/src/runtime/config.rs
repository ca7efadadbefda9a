//! What an engine is told when it is made.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc};

use super::retry::RetryPolicies;
use crate::{
    LocalSettings, PermissionConfig, SecretStore, clock::Clock, health::HealthConfig,
    store::StoreOptions,
};

/// What bounds an engine.
#[derive(Clone, Debug)]
pub struct EngineLimits {
    /// How many jobs may wait.
    pub queue_depth: usize,
    /// How many jobs may run at once.
    pub concurrency: NonZeroUsize,
    /// How many past events a slow subscriber may still read.
    pub events_kept: usize,
    /// How many jobs that have ended are kept where there is no history on disk.
    pub ended_kept: usize,
    /// How many pieces of blocking work run at once, over all jobs.
    pub blocking_threads: NonZeroUsize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        const SIXTY_FOUR: NonZeroUsize = NonZeroUsize::MIN.saturating_add(63);
        Self {
            queue_depth: 10_000,
            concurrency: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            events_kept: 4_096,
            ended_kept: 1_000,
            blocking_threads: SIXTY_FOUR,
        }
    }
}

/// What an engine is told when it is made.
#[derive(Clone, Debug, Default)]
pub struct EngineConfig {
    /// What bounds it.
    pub limits: EngineLimits,
    /// How often and how soon failed attempts are tried again.
    pub retry: RetryPolicies,
    /// Where the history is kept; none: in memory, for as long as the engine lives.
    pub history: Option<HistoryConfig>,
    /// Where secrets are kept by name; none: there are none.
    pub secrets: Option<Arc<dyn SecretStore>>,
    /// How it looks at itself; none: it doesn't.
    pub health: Option<HealthConfig>,
    /// What a person has set, which goes over the limits above, also when it changes; none: those hold.
    pub settings: Option<LocalSettings>,
    /// Who may do what.
    pub permissions: PermissionConfig,
    /// Tells the time of day.
    pub clock: Clock,
    /// Where chance begins, for a test that is to be repeated.
    pub seed: Option<u64>,
}

/// Where and how the history is kept.
#[derive(Clone, Debug)]
pub struct HistoryConfig {
    /// The folder, which must be there.
    pub folder: PathBuf,
    /// How.
    pub options: StoreOptions,
    /// Whether jobs that an earlier engine left waiting are run. One that lives for a single job
    /// leaves them to one that lives longer.
    pub run_left_over: bool,
}

impl HistoryConfig {
    /// A history in `folder`, for an engine that runs what was left.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            options: StoreOptions::default(),
            run_left_over: true,
        }
    }
}
