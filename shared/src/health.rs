//! How an engine is: what it has to do, what it takes, how its services stand, and what to worry
//! about.

use serde::{Deserialize, Serialize};

/// How an engine was at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct HealthSnapshot {
    /// When it was looked at, in RFC 3339 and UTC.
    pub at: String,
    /// Its process.
    pub pid: u32,
    /// What it has to do.
    pub load: EngineLoad,
    /// What its process takes of the machine, and what is left.
    pub resources: ResourceUse,
    /// What runs as long as it does, in the order in which it was begun.
    pub services: Vec<ServiceHealth>,
    /// What to worry about; nothing if all is well.
    pub warnings: Vec<HealthWarning>,
}

/// What an engine has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EngineLoad {
    /// Jobs that wait: for their turn, for a retry, or held back.
    pub jobs_queued: u32,
    /// Jobs that run.
    pub jobs_running: u32,
    /// Jobs that have ended since it was begun.
    pub jobs_ended: u32,
    /// Tasks that are alive on the engine's runtime.
    pub tasks: u32,
    /// Tasks that wait for a worker.
    pub tasks_waiting: u32,
    /// Pieces of blocking work that wait for a thread.
    pub blocking_waiting: u32,
    /// Pieces of blocking work that run.
    pub blocking_running: u32,
    /// Changes that wait to be written to the history.
    pub changes_unwritten: u32,
    /// How late the engine came to look, in milliseconds: what anything else has to wait for too.
    pub lag_ms: f64,
    /// The longest that a tool has held a worker so far, in milliseconds.
    pub longest_step_ms: f64,
}

/// What an engine's process takes of the machine, and what is left. What a system doesn't tell is
/// none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ResourceUse {
    /// Bytes of memory that it holds.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub memory_bytes: Option<u64>,
    /// Bytes that it holds at rest: the least that was seen.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub resting_memory_bytes: Option<u64>,
    /// What it takes of one processor, in percent; of several it can take more than 100.
    pub cpu_percent: Option<f64>,
    /// Files, sockets and the like that it has open.
    pub open_files: Option<u32>,
    /// How many it may have open.
    pub open_files_limit: Option<u32>,
    /// Bytes that are left on the disk with the data folder.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub disk_free_bytes: Option<u64>,
    /// Bytes of the history: the database and its log; none without one.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub database_bytes: Option<u64>,
}

/// How a service stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ServiceHealth {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: ServiceState,
    /// How often it was begun again.
    pub restarts: u32,
    /// Why it fell last; none if it never did.
    pub last_error: Option<String>,
    /// Since when it stands so, in RFC 3339 and UTC.
    pub since: String,
}

/// How a service can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    /// One before it isn't ready yet.
    Waiting,
    /// It was begun and isn't ready yet.
    Starting,
    /// It does its work.
    Running,
    /// It fell, and is begun again in a while.
    Resting,
    /// It was stopped, for good.
    Stopped,
}

impl ServiceState {
    /// The state as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Resting => "fallen, begun again in a while",
            Self::Stopped => "stopped",
        }
    }
}

/// What there is to worry about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// More tasks are alive than should be.
    ManyTasks,
    /// Blocking work waits for threads.
    BlockingBacklog,
    /// The process holds much more memory than at rest.
    HighMemory,
    /// The disk with the data folder is nearly full.
    LowDisk,
    /// The process has nearly all the files open that it may.
    ManyFiles,
    /// A service has fallen.
    ServiceDown,
}

/// Something to worry about, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct HealthWarning {
    /// What it is.
    pub code: WarningCode,
    /// A sentence for people: what is so, and what to do.
    pub message: String,
    /// Since when, in RFC 3339 and UTC.
    pub since: String,
}
