//! What is kept, how much room it takes, and what was done to it.

use serde::{Deserialize, Serialize};

/// How much room everything takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct StorageReport {
    /// The data folder.
    pub folder: String,
    /// Jobs of the history, those that haven't ended too.
    pub jobs: u32,
    /// Bytes of the history.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub database_bytes: u64,
    /// Bytes of large results.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub outputs_bytes: u64,
    /// Bytes of the part of the audit trail that was moved into files.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub audit_bytes: u64,
    /// Bytes that the window's page keeps.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub window_bytes: u64,
}

/// What a clean-up would remove, or has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CleanUp {
    /// Jobs.
    pub jobs: u32,
    /// Bytes of their large results.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub output_bytes: u64,
}

/// What became of a file with jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct HistoryCopy {
    /// Jobs that were written, or taken in.
    pub jobs: u32,
    /// Jobs that were left out: such are there already, or haven't ended.
    pub left_out: u32,
}
