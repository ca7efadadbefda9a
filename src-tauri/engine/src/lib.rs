//! Runs jobs: takes a tool's name and an input, and sees the job through to its end.
//!
//! Every door (window, terminal and, later, HTTP) speaks to [`JobApi`] and to nothing else here.
//! Which tools there are, and where things are kept, is decided by whoever builds the engine; this
//! crate knows no tool, no window and no wire.

#![cfg_attr(test, allow(clippy::duplicate_mod))] // a test tries `event_ring` with other locks

mod audit;
mod clock;
mod crash_output;
mod health;
mod job_api;
mod permissions;
mod record;
mod registry;
mod runtime;
mod secrets;
mod services;
mod settings;
mod storage_api;
mod store;

pub use audit::{AuditApi, AuditJournal, AuditLog, AuditNote, AuditReader};
pub use clock::Clock;
pub use crash_output::hide_what_panics_say;
pub use health::{
    HealthApi, HealthConfig, HealthMonitor, HealthThresholds, StoredHealth,
    read_stored as read_stored_health,
};
pub use job_api::JobApi;
pub use permissions::{
    Decision, DecisionLog, NoDecisionLog, Operation, Outcome, PermissionApi, PermissionChanges,
    PermissionConfig, PermissionFiles, Permissions,
};
pub use registry::{RESERVED_FIELDS, Registry, RegistryError};
pub use runtime::{
    ClosingLimits, EngineConfig, EngineGauges, EngineLimits, HistoryConfig, JobManager, JobReader,
    OpenedEngine, RetryPolicies, RetryPolicy, StreamItem, Subscription,
};
pub use secrets::{LocalSecrets, SecretApi, SecretStore};
pub use services::{
    Backoff, OwnedTask, Service, ServiceContext, ServiceEnd, ServiceList, Supervisor,
};
pub use settings::{LocalSettings, SettingsApi};
pub use storage_api::StorageApi;
pub use store::sqlite_version;
pub use store::{AuditRotation, Durability, Retention, StoreOptions};
// What a door hands over.
pub use toolroom_toolkit::SecretText;
