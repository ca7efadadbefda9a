//! Three-line adapters from the window's calls onto `JobApi`. The caller is always the person at
//! the window: it is set here and never taken from a payload.

pub mod health;
pub mod jobs;
pub mod tools;
pub mod watching;
