//! What both pages show of a job.

mod actions;
mod large_output;
mod outcome;
mod pill;
mod progress;
mod reading;
mod standing;
mod times;

pub use actions::Can;
pub use outcome::{Outcome, file_actions};
pub use pill::StatusPill;
pub use progress::Progress;
pub use reading::{JobReading, short_id};
pub use standing::{standing, tone, tone_of};
pub use times::{When, took, took_so_far};
