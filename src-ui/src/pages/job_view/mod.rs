//! What both pages show of a job.

mod outcome;
mod pill;
mod progress;
mod reading;
mod times;

pub use outcome::Outcome;
pub use pill::{StatusPill, tone};
pub use progress::Progress;
pub use reading::JobReading;
pub use times::{When, took};
