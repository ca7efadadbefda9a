//! The samples of the last minutes, one a second.

use std::collections::VecDeque;

use toolroom_shared::HealthSnapshot;

use super::{GAP_MS, SPAN_MS};
use crate::format;

/// What is drawn of one look at the app.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Percent of one processor.
    pub cpu_percent: Option<f64>,
    /// Bytes of memory.
    pub memory_bytes: Option<f64>,
    /// Jobs that wait.
    pub queued: f64,
    /// Jobs that run.
    pub running: f64,
    /// Jobs that have ended since the app was started.
    pub ended: u32,
    /// Milliseconds that the app was late.
    pub lag_ms: f64,
}

impl Sample {
    /// What is drawn of a snapshot; none if its time can't be read.
    #[must_use]
    pub fn of(health: &HealthSnapshot) -> Option<Self> {
        Some(Self {
            at_ms: format::parse_time(&health.at)?,
            cpu_percent: health.resources.cpu_percent,
            memory_bytes: health.resources.memory_bytes.map(|bytes| bytes as f64),
            queued: health.load.jobs_queued.into(),
            running: health.load.jobs_running.into(),
            ended: health.load.jobs_ended,
            lag_ms: health.load.lag_ms,
        })
    }
}

/// The samples of the last minutes, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ring {
    samples: VecDeque<Sample>,
}

impl Ring {
    /// Takes a sample in, and lets go of those that are too old. Whether it was a new one.
    pub fn push(&mut self, sample: Sample) -> bool {
        if let Some(last) = self.samples.back() {
            if sample.at_ms == last.at_ms {
                return false;
            }
            // The clock was set back: what was seen by it has no place beside what comes.
            if sample.at_ms < last.at_ms {
                self.samples.clear();
            }
        }
        let oldest = sample.at_ms.saturating_sub(SPAN_MS);
        // One more than is shown, from where the line comes in.
        while self.samples.get(1).is_some_and(|next| next.at_ms < oldest) {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        true
    }

    /// The samples, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Sample> + Clone {
        self.samples.iter()
    }

    /// The latest.
    #[must_use]
    pub fn last(&self) -> Option<&Sample> {
        self.samples.back()
    }
}

/// How many jobs ended a second, from each sample to the next; none at the first, after a gap and where
/// the app was started anew.
pub fn per_second<'s>(
    samples: impl Iterator<Item = &'s Sample> + Clone,
) -> impl Iterator<Item = (u64, Option<f64>)> {
    let before = std::iter::once(None).chain(samples.clone().map(Some));
    samples.zip(before).map(|(now, before)| {
        let rate = before.and_then(|before| {
            let ms = now.at_ms.checked_sub(before.at_ms)?;
            let ended = now.ended.checked_sub(before.ended)?;
            (1..=GAP_MS)
                .contains(&ms)
                .then(|| f64::from(ended) * 1_000.0 / ms as f64)
        });
        (now.at_ms, rate)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(at_ms: u64, ended: u32) -> Sample {
        Sample {
            at_ms,
            ended,
            ..Sample::default()
        }
    }

    proptest! {
        #[test]
        fn a_ring_is_in_order_and_holds_what_is_shown_and_little_more(
            steps in prop::collection::vec((0..20_000_u64, any::<bool>()), 0..700),
        ) {
            let (mut ring, mut now) = (Ring::default(), 10_000_000_u64);
            for (step, is_back) in steps {
                now = match is_back && step % 50 == 0 {
                    true => now.saturating_sub(step),
                    false => now + step,
                };
                ring.push(at(now, 0));
                prop_assert_eq!(ring.last().map(|last| last.at_ms), Some(now));
                let times: Vec<_> = ring.iter().map(|sample| sample.at_ms).collect();
                prop_assert!(times.is_sorted_by(|a, b| a < b));
                let old = times.iter().filter(|at| **at < now.saturating_sub(SPAN_MS));
                prop_assert!(old.count() <= 2);
            }
        }
    }

    #[test]
    fn a_rate_is_told_only_between_two_looks_at_the_same_app() {
        let samples = [
            at(1_000, 5),
            at(2_000, 7),
            at(4_000, 8),
            at(60_000, 90),
            at(61_000, 2),
            at(62_000, 2),
        ];
        let rates: Vec<_> = per_second(samples.iter()).map(|(_, rate)| rate).collect();
        assert_eq!(rates, [None, Some(2.0), Some(0.5), None, None, Some(0.0)]);
        assert_eq!(per_second([].iter()).count(), 0);
    }

    #[test]
    fn a_look_that_was_seen_already_is_none() {
        let mut ring = Ring::default();
        assert!(ring.push(at(5, 0)) && !ring.push(at(5, 0)));
        assert_eq!(ring.iter().count(), 1);
    }
}
