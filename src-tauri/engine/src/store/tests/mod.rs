//! The history as a whole, on real files.

mod audit;
mod audit_damage;
mod opening;
mod ordering;
mod pruning;
mod reading;
mod round_trip;
mod support;
mod trouble;
mod writing;
