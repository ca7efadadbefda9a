//! Three-line adapters from the window's calls onto `JobApi`. The caller is always the person at
//! the window: it is set here and never taken from a payload.

pub mod about;
pub mod audit;
pub mod exports;
pub mod health;
pub mod jobs;
pub mod native;
pub mod permissions;
pub mod presets;
pub mod secrets;
pub mod settings;
pub mod storage;
pub mod tools;
pub mod watching;
