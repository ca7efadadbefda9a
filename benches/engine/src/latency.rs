//! Percentiles of waiting times.
//!
//! By nearest rank: every number told is a time that somebody really waited, none is interpolated.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long half of the callers waited at most, and the slowest ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Percentiles {
    /// The median.
    pub p50: Duration,
    /// One in twenty waited longer.
    pub p95: Duration,
    /// One in a hundred waited longer.
    pub p99: Duration,
}

impl Percentiles {
    /// Sorts the times and reads off the percentiles; nothing where there are no times.
    pub fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        Some(Self {
            p50: *nearest_rank(&times, 50)?,
            p95: *nearest_rank(&times, 95)?,
            p99: *nearest_rank(&times, 99)?,
        })
    }
}

fn nearest_rank(sorted: &[Duration], percent: usize) -> Option<&Duration> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_times_have_their_ranks() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let percentiles = Percentiles::of(times).unwrap();
        assert_eq!(percentiles.p50, Duration::from_millis(50));
        assert_eq!(percentiles.p95, Duration::from_millis(95));
        assert_eq!(percentiles.p99, Duration::from_millis(99));
    }

    #[test]
    fn one_time_is_every_percentile_and_no_time_is_none() {
        let only = Duration::from_millis(7);
        let percentiles = Percentiles::of(vec![only]).unwrap();
        assert_eq!((percentiles.p50, percentiles.p99), (only, only));
        assert_eq!(Percentiles::of(Vec::new()), None);
    }
}
