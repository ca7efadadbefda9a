//! Medians and percentiles.
//!
//! Percentiles by nearest rank: every one told is a time that somebody really waited.

/// Times of many calls, in one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// Half of the calls took longer.
    pub p50: f64,
    /// One in twenty took longer.
    pub p95: f64,
    /// One in a hundred took longer.
    pub p99: f64,
}

impl Percentiles {
    /// Those of the times; nothing where there are none.
    pub fn of(mut times: Vec<f64>) -> Option<Self> {
        times.sort_unstable_by(f64::total_cmp);
        let rank = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100);
            times.get(rank.saturating_sub(1)).copied()
        };
        Some(Self {
            p50: rank(50)?,
            p95: rank(95)?,
            p99: rank(99)?,
        })
    }

    /// With their names, as rows are told.
    pub fn named(self) -> [(&'static str, f64); 3] {
        [("p50", self.p50), ("p95", self.p95), ("p99", self.p99)]
    }
}

/// The middle one, of an even number the mean of the two in the middle.
pub fn median(samples: &[f64]) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}
