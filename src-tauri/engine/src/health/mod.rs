//! How the engine is: looked at each second, judged, told, and helped when memory gets short.
//!
//! `monitor` is the service that looks; `probe` asks the system, `alarms` judges, `caches` knows
//! what can be given back, `file` is where another process reads it. What the figures mean stands
//! in `toolroom_shared::HealthSnapshot`; who is told of them is the doors' business.

mod alarms;
mod caches;
mod file;
mod monitor;
mod probe;

pub use alarms::HealthThresholds;
pub use caches::Caches;
pub use file::{StoredHealth, read_stored};
pub use monitor::{HealthApi, HealthConfig, HealthMonitor, LoadSource};
