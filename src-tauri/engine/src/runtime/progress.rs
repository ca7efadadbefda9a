//! Turns what a tool's reporter says into reports worth telling: only changes, with a rate.
//!
//! When to look is `sampler`'s business.

use std::time::Instant;

use toolroom_shared::JobProgress;
use toolroom_toolkit::{ProgressMarks, ProgressReporter};

use crate::record::ProgressReport;

/// Over about how long the rate is averaged.
const RATE_WINDOW: f64 = 2.0;

/// Watches one running job's reporter.
#[derive(Debug)]
pub struct ProgressMeter {
    reporter: ProgressReporter,
    seen: ProgressMarks,
    stage: String,
    rate: RateMeter,
}

impl ProgressMeter {
    /// A meter for the job that reports to `reporter`.
    pub fn new(reporter: ProgressReporter) -> Self {
        Self {
            reporter,
            // A tool that has said nothing has said nothing new.
            seen: ProgressMarks::default(),
            stage: String::new(),
            rate: RateMeter::default(),
        }
    }

    /// The latest report, if it differs from the one before.
    pub fn changed(&mut self, now: Instant) -> Option<ProgressReport> {
        let marks = self.reporter.marks();
        if self.seen == marks {
            return None;
        }
        // What is said between these two looks is found by the next.
        self.seen = marks;
        let sample = self.reporter.sample();
        if self.stage != sample.stage {
            self.rate = RateMeter::default();
            self.stage.clone_from(&sample.stage);
        }
        Some(ProgressReport {
            stage: sample.stage,
            message: sample.message,
            percent: sample.percent,
            progress: JobProgress {
                rate: self.rate.measure(sample.done, now),
                done: sample.done,
                total: sample.total,
                unit: sample.unit.to_owned(),
            },
        })
    }
}

/// Units per second, as a moving average that weighs by time and not by sample.
#[derive(Debug, Default)]
struct RateMeter {
    last: Option<(u64, Instant)>,
    rate: Option<f64>,
}

impl RateMeter {
    fn measure(&mut self, done: u64, now: Instant) -> Option<f64> {
        let Some((before, then)) = self.last else {
            self.last = Some((done, now));
            return None;
        };
        let seconds = now.saturating_duration_since(then).as_secs_f64();
        if seconds <= 0.0 {
            return self.rate;
        }
        self.last = Some((done, now));
        #[allow(clippy::cast_precision_loss)] // a rate is an estimate
        let current = done.saturating_sub(before) as f64 / seconds;
        let rate = match self.rate {
            None => current,
            Some(average) => {
                let weight = 1.0 - (-seconds / RATE_WINDOW).exp();
                average + weight * (current - average)
            }
        };
        self.rate = Some(rate);
        self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use proptest::prelude::*;
    use toolroom_toolkit::Phase;

    const SAMPLE_EVERY: Duration = Duration::from_millis(100);

    #[test]
    fn what_has_not_changed_is_not_reported() {
        let reporter = ProgressReporter::default();
        let mut meter = ProgressMeter::new(reporter.clone());
        let start = Instant::now();
        assert_eq!(meter.changed(start), None);
        reporter.advance(1);
        assert!(meter.changed(start).is_some());
        assert_eq!(meter.changed(start + SAMPLE_EVERY), None);
        reporter.advance(1);
        assert!(meter.changed(start + 2 * SAMPLE_EVERY).is_some());
    }

    #[test]
    fn a_new_phase_is_not_measured_against_the_old_ones_count() {
        let reporter = ProgressReporter::default();
        let mut meter = ProgressMeter::new(reporter.clone());
        let start = Instant::now();
        reporter.advance(5);
        meter.changed(start);
        reporter.begin(Phase::new("Second"));
        reporter.advance(1_000_000);
        let report = meter.changed(start + SAMPLE_EVERY).unwrap();
        assert_eq!(report.progress.rate, None);
    }

    proptest! {
        #[test]
        fn a_steady_pace_is_measured_exactly_however_unevenly_it_is_sampled(
            gaps in proptest::collection::vec(1u64..2_000, 2..30),
        ) {
            let start = Instant::now();
            let mut rate = RateMeter::default();
            let mut at = 0;
            rate.measure(0, start);
            for gap in gaps {
                at += gap;
                // 3 units a millisecond.
                let measured = rate.measure(at * 3, start + Duration::from_millis(at)).unwrap();
                prop_assert!((measured - 3_000.0).abs() < 0.01, "{}", measured);
            }
        }
    }
}
