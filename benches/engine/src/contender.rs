//! The boundary between the harness and whoever is measured.
//!
//! A contender knows how to do one load once; how often, in which order and beside whom is
//! `rounds`' business, and what is made of the outcome `report`'s.

use std::path::Path;

use anyhow::Result;

use crate::load::{Load, Outcome};

/// Someone who does jobs.
///
/// A run is a closed unit: it happens in a process of its own, makes its runtime and its files,
/// and has taken them down again when it returns.
pub trait Contender {
    /// What it is called in tables.
    fn who(&self) -> String;

    /// Does all jobs of the load once, with as many callers at the same time, and times it.
    ///
    /// Files belong into `folder`: it is empty, on a real disk, and removed afterwards. Preparing
    /// isn't part of the time that is told; neither is taking down.
    fn run(&self, load: Load, folder: &Path) -> Result<Outcome>;
}
