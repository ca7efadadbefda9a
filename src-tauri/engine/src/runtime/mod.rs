//! The way of a job from its start to its end.
//!
//! `job_manager` answers requests, `scheduler` starts what may run, `job_table` decides what
//! becomes of a job, `queue` orders, `job_task` runs one, `progress` measures it, `events` tells
//! everyone, `job_list` answers queries.

mod clock;
mod events;
mod job_list;
mod job_manager;
mod job_table;
mod job_task;
mod progress;
mod queue;
mod scheduler;

pub use events::{StreamItem, Subscription};
pub use job_manager::JobManager;
pub use scheduler::EngineLimits;
