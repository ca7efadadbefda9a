//! Runs jobs: takes a tool's name and an input, and sees the job through to its end.
//!
//! Every door (window, terminal and, later, HTTP) speaks to [`JobApi`] and to nothing else here.
//! Which tools there are, and where things are kept, is decided by whoever builds the engine; this
//! crate knows no tool, no window and no wire.

mod job_api;
mod registry;
mod runtime;

pub use job_api::JobApi;
pub use registry::{RESERVED_FIELDS, Registry, RegistryError};
pub use runtime::{EngineLimits, JobManager, StreamItem, Subscription};
