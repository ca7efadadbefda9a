//! Runs jobs: takes a tool's name and an input, and sees the job through to its end.
//!
//! Every door (window, terminal and, later, HTTP) speaks to [`JobApi`] and to nothing else here.
//! Which tools there are, and where things are kept, is decided by whoever builds the engine; this
//! crate knows no tool, no window and no wire.

#![cfg_attr(test, allow(clippy::duplicate_mod))] // a test tries `event_ring` with other locks

mod clock;
mod job_api;
mod record;
mod registry;
mod runtime;
mod store;

pub use clock::Clock;
pub use job_api::JobApi;
pub use registry::{RESERVED_FIELDS, Registry, RegistryError};
pub use runtime::{
    ClosingLimits, EngineConfig, EngineGauges, EngineLimits, HistoryConfig, JobManager, JobReader,
    OpenedEngine, RetryPolicies, RetryPolicy, StreamItem, Subscription,
};
pub use store::{Durability, Retention, StoreOptions};
