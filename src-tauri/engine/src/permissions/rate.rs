//! How often a caller may start something: a bucket that fills steadily and holds a minute's worth.

use std::time::Duration;

use tokio::time::Instant;

/// What a caller has left of its starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(a_minute: u32, now: Instant) -> Self {
        Self {
            left: f64::from(a_minute),
            at: now,
        }
    }

    /// Takes one start out of it.
    ///
    /// # Errors
    /// How long it takes until there is one.
    pub(super) fn take(&mut self, a_minute: u32, now: Instant) -> Result<(), Duration> {
        let a_second = f64::from(a_minute) / 60.0;
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = (self.left + passed * a_second).min(f64::from(a_minute));
        self.at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        let missing = (1.0 - self.left) / a_second;
        Err(Duration::try_from_secs_f64(missing).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_more_is_started_than_a_minutes_worth_and_what_has_come_since(
            a_minute in 1u32..200,
            steps in proptest::collection::vec(0u64..5_000, 1..300),
        ) {
            let begin = Instant::now();
            let mut bucket = Bucket::full(a_minute, begin);
            let (mut now, mut started) = (begin, 0u32);
            for step in steps {
                now += Duration::from_millis(step);
                match bucket.take(a_minute, now) {
                    Ok(()) => started += 1,
                    Err(wait) => {
                        // As long as it says, and no longer.
                        let then = now + wait + Duration::from_millis(1);
                        prop_assert!(bucket.clone().take(a_minute, then).is_ok());
                        let early = now + wait.saturating_sub(Duration::from_millis(1));
                        prop_assert!(wait < Duration::from_millis(2)
                            || bucket.clone().take(a_minute, early).is_err());
                    }
                }
                let passed = now.duration_since(begin).as_secs_f64();
                let most = f64::from(a_minute) * (1.0 + passed / 60.0);
                prop_assert!(f64::from(started) <= most + 1e-6);
            }
        }
    }
}
