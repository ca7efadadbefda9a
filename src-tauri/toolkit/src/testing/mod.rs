//! The test kit: runs a tool as the engine would, cancels it where a script says so, and looks at what
//! it said and left behind.
//!
//! ```
//! # use toolroom_toolkit::testing::doc::CountWords;
//! use serde_json::json;
//! use toolroom_toolkit::testing::{CancelAt, TestFolder, TestRun};
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let folder = TestFolder::new();
//! folder.write("notes.txt", "three short words");
//! let end = TestRun::of(CountWords)
//!     .within(&folder)
//!     .input(json!({ "files": ["notes.txt"] }))
//!     .run()
//!     .await;
//! assert_eq!(end.output()["words"], 3);
//!
//! let end = TestRun::of(CountWords)
//!     .within(&folder)
//!     .input(json!({ "files": ["notes.txt"] }))
//!     .cancel_at(CancelAt::Phase(0))
//!     .run()
//!     .await;
//! assert!(end.is_canceled());
//! # });
//! ```
//!
//! It panics where something is wrong, as tests do. Only tests switch it on (the feature `testing`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc
)]

mod catalogue;
#[doc(hidden)]
pub mod doc;
mod folder;
#[cfg(unix)]
mod full_disk;
mod programs;
mod run;
mod server;
#[cfg(test)]
mod tests;
mod watch;

pub use catalogue::check_tool;
pub use folder::{Content, TestFolder};
#[cfg(unix)]
pub use full_disk::on_a_full_disk;
pub use programs::{installed_program, reference_program};
pub use run::{TestEnd, TestRun};
pub use server::{Answer, Asked, TestServer};
pub use watch::CancelAt;
pub(crate) use watch::Watch;
