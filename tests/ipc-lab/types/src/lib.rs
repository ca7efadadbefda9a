//! What crosses between the IPC lab and its page: plain data, which both sides read.
//!
//! [`Everything`] holds every type of Toolroom's own contract, the other types are what is measured
//! and counted. What the lab's commands do with them is told there.

mod everything;
mod numbered;
mod row;

pub use everything::{Everything, Native};
pub use numbered::{Flood, Numbered};
pub use row::{ROWS_OF_A_LARGE_REPLY, Row};
