//! The audit trail in the history's file: appended in the transaction of what it tells of, and
//! old entries moved into files.
//!
//! A row of `audit` is a page of entries (see `audit::chain`): what was committed together stands
//! together, so that many entries cost one row. Where the trail ends stands in `meta` too, so that
//! an end that was cut off is found; and so does what was moved into files. Rows are never changed,
//! and leave only when they stand in a file.

mod append;
mod read;
mod rotate;
mod state;

pub use read::TrailSnapshot;

pub(super) use append::Trail;
pub use rotate::AuditRotation;
