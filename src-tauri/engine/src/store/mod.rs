//! The history on disk: every job, what happened to it, its log and its result, in one SQLite
//! file, with large outputs as files beside it.
//!
//! [`Store`] takes changes in their order and tells when they are safe: one thread writes, and as
//! many changes as have come by then share a commit; `thread` lets it come back when it falls. [`History`] reads, from any process. What is
//! written, and when somebody is told, is the runtime's business.

mod apply;
mod artifact;
mod audit;
mod batch;
mod change;
mod clean_up;
mod codes;
mod errand;
mod error;
mod file;
mod handle;
mod history;
mod import;
mod ordered;
mod page;
mod pool;
mod queue;
mod retention;
mod rows;
mod schema;
mod search;
mod search_index;
#[cfg(test)]
mod tests;
mod thread;
mod upkeep;
mod writer;

/// The version of SQLite that is built in.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

pub use artifact::Artifacts;
pub use audit::{AuditRotation, TrailSnapshot};
pub use change::{Change, HistoryEntry, Payload, TransitionChange};
pub use error::{StoreError, StoreErrorKind};
pub use handle::{Durability, Keeping, Store, StoreOptions};
pub use history::History;
pub use import::ImportedJob;
pub use ordered::{Entry, HistoryOrder, OrderKey};
pub use page::HistoryFilter;
pub use retention::{OUTPUT_REMOVED, Retention};
pub use search::SearchWords;
pub use writer::Settled;
