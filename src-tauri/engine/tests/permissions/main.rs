//! Callers who aren't persons: what they may do, whose jobs they see, and what a person is asked.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod desk;
mod jobs;
mod questions;
mod strangers;
#[path = "../support/mod.rs"]
mod support;
