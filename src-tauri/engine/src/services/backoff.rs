//! How long a service that has fallen rests before it is begun again.

use std::time::Duration;

/// Rests that grow: doubled with each fall in a row, up to a longest, and back to the first after
/// a while without a fall. Of each up to half is left to chance, so that services that fell together
/// don't come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The rest after the first fall.
    pub first: Duration,
    /// The longest.
    pub longest: Duration,
    /// How long a service must have run for its next fall to count as its first.
    pub quiet: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(50),
            longest: Duration::from_secs(15),
            quiet: Duration::from_secs(60),
        }
    }
}

impl Backoff {
    /// The rest after this many falls in a row; `chance` is from 0 to 1.
    #[must_use]
    pub fn rest(&self, falls: u32, chance: f64) -> Duration {
        let doublings = falls.saturating_sub(1).min(31);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        whole.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rests_grow_are_bounded_and_at_least_half(
            falls in 0u32..100, chance in 0.0f64..1.0, other in 0.0f64..1.0
        ) {
            let backoff = Backoff::default();
            let rest = backoff.rest(falls, chance);
            prop_assert!(rest >= backoff.first / 2 && rest <= backoff.longest);
            // What is left to chance never makes up for a fall more.
            prop_assert!(backoff.rest(falls + 2, other) >= rest.min(backoff.longest / 2));
        }
    }
}
