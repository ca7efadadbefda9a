//! How many files may be open at once: fewer than the system lets the process have, so that the
//! engine's own history and connections never find the last one taken by a job.
//!
//! The system gives out the lowest number that is free. So a descriptor's number says how many are
//! open at the least, and nothing has to be counted.

use std::{
    os::fd::{AsRawFd, OwnedFd},
    sync::OnceLock,
};

use rustix::{
    io::Errno,
    process::{Resource, getrlimit},
};

/// How many are left to the engine.
const RESERVED: u64 = 64;

/// How many descriptors may be open when a job opens one. As it is at the first one: whoever raises
/// the system's limit does it before.
fn bound() -> i32 {
    static BOUND: OnceLock<i32> = OnceLock::new();
    *BOUND.get_or_init(|| bound_of(getrlimit(Resource::Nofile).current))
}

/// Of a limit; at least half of it is for jobs.
fn bound_of(limit: Option<u64>) -> i32 {
    let limit = limit.unwrap_or(u64::MAX);
    let bound = limit - RESERVED.min(limit / 2);
    i32::try_from(bound).unwrap_or(i32::MAX)
}

/// Closes what is past the bound, and says so as the system would at its own.
pub(crate) fn within_bound(opened: OwnedFd) -> Result<OwnedFd, Errno> {
    if opened.as_raw_fd() < bound() {
        Ok(opened)
    } else {
        Err(Errno::MFILE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_always_left_to_the_engine_and_at_least_half_to_jobs() {
        assert_eq!(bound_of(Some(1_024)), 960);
        assert_eq!(bound_of(Some(20)), 10);
        assert_eq!(bound_of(None), i32::MAX);
    }
}
