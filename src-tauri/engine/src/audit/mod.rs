//! The audit trail: who did what, what was decided and what came of it, so that nobody can change
//! it later without being found out.
//!
//! `record` has an entry's bytes, `chain` ties entries together, `line` and `file` are the same as
//! text. Entries are numbered and chained by the store's one writing thread, in the order in which
//! they are committed and in the transaction of what they tell of: see `store::audit`, which also
//! moves old ones into files. [`AuditReader`] shows, checks and exports a trail. Changes of jobs
//! are told by the store itself; everything else by [`AuditLog`]; what is done outside of an engine waits
//! in `journal`.

mod api;
pub mod chain;
mod codes;
pub mod file;
mod journal;
pub mod line;
mod note;
mod query;
mod reader;
pub mod record;
#[cfg(test)]
pub mod samples;
mod verify;

pub use api::AuditApi;
pub use journal::AuditJournal;
pub use note::{AuditLog, AuditNote};
pub use reader::AuditReader;
