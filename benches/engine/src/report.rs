//! Turns the rounds' outcomes into rows: a median for each measure of each case.
//!
//! Numbers and words for a program to read; tables are made by whoever reads them.

use std::time::Duration;

use serde::Serialize;

use crate::case::{Case, Measure};
use crate::goals::{self, Goal};
use crate::latency::Percentiles;
use crate::load::Outcome;

/// What is printed.
#[derive(Debug, Serialize)]
pub struct Document {
    /// The numbers.
    pub rows: Vec<Row>,
    /// What was to be reached, as far as it was measured.
    pub goals: Vec<Goal>,
    /// Who could not be measured.
    pub missing: Vec<Missing>,
    /// How often each case was run.
    pub rounds: usize,
    /// The numbers are worth nothing: it was only tried whether all works.
    pub quick: bool,
}

impl Document {
    /// Brings everything together; `beside` tells for each row whom of ours it stands beside.
    pub fn new(rows: Vec<(Row, Option<String>)>, missing: Vec<Missing>) -> Self {
        let ours: Vec<Row> = rows.iter().map(|(row, _)| row.clone()).collect();
        let rows: Vec<Row> = rows
            .into_iter()
            .map(|(row, beside)| Row {
                ours_to_this: beside.and_then(|who| {
                    let same = |other: &&Row| {
                        (other.group, &other.work, &other.who) == (row.group, &row.work, &who)
                    };
                    let ours = ours.iter().find(same)?;
                    (row.value > 0.0).then_some(ours.value / row.value)
                }),
                ..row
            })
            .collect();
        Self {
            goals: goals::reached(&rows),
            rows,
            missing,
            rounds: 0,
            quick: false,
        }
    }
}

/// One number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The table it belongs to.
    pub group: &'static str,
    /// What was done and what of it is told.
    pub work: String,
    /// Who did it.
    pub who: String,
    /// The median over the rounds.
    pub value: f64,
    /// What the number counts.
    pub unit: &'static str,
    /// Our number divided by this one, where one of ours stands beside it.
    pub ours_to_this: Option<f64>,
    /// What the contender says of its own settings.
    pub note: String,
    /// How many jobs were done in a round.
    pub jobs: usize,
    /// From how many sides at once.
    pub callers: usize,
    /// How many jobs were there before.
    pub before: usize,
    /// The rounds' numbers, from the smallest.
    pub samples: Vec<f64>,
}

/// A case without a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The table it would belong to.
    pub group: &'static str,
    /// What was to be done.
    pub work: String,
    /// Who was to do it.
    pub who: String,
    /// What went wrong.
    pub why: String,
}

/// The rows of one case.
pub fn rows(case: &Case, outcomes: &[Outcome]) -> Vec<Row> {
    let note = outcomes
        .last()
        .map_or_else(String::new, |outcome| outcome.notes.join("; "));
    let mut rows = Vec::new();
    let mut tell = |what: &str, unit, samples: Vec<f64>| {
        if let Some((value, samples)) = median(samples) {
            rows.push(Row {
                group: case.group,
                work: case.work(what),
                who: case.contender.who(),
                value,
                unit,
                ours_to_this: None,
                note: note.clone(),
                jobs: case.load.jobs,
                callers: case.load.callers,
                before: case.load.before,
                samples,
            });
        }
    };
    for measure in case.measures {
        match measure {
            Measure::Throughput => {
                let speed = |outcome: &Outcome| {
                    (case.load.jobs as f64 / outcome.elapsed.as_secs_f64()).round()
                };
                tell("", "jobs/s", outcomes.iter().map(speed).collect());
            }
            Measure::BytesPerJob => {
                let size = |bytes: u64| (bytes as f64 / case.load.jobs as f64).round();
                let samples = outcomes.iter().filter_map(|outcome| outcome.grown_bytes);
                tell("", "bytes/job", samples.map(size).collect());
            }
            Measure::Whole => {
                let times = outcomes.iter().map(|outcome| outcome.elapsed);
                tell("", "µs", times.map(micros).collect());
            }
            Measure::Waits => {
                let names = outcomes.first().map_or(&[][..], |first| &first.waits);
                for (place, (what, _)) in names.iter().enumerate() {
                    let of_all = outcomes
                        .iter()
                        .filter_map(|outcome| outcome.waits.get(place));
                    for (name, samples) in by_percentile(of_all.map(|(_, times)| *times)) {
                        tell(&format!("{what}, {name}"), "µs", samples);
                    }
                }
            }
            Measure::Accepted => {
                let times = outcomes.iter().filter_map(|outcome| outcome.accepted);
                for (name, samples) in by_percentile(times) {
                    tell(&format!("until it is kept, {name}"), "µs", samples);
                }
            }
            Measure::Ended => {
                let times = outcomes.iter().filter_map(|outcome| outcome.ended);
                for (name, samples) in by_percentile(times) {
                    tell(&format!("until its end, {name}"), "µs", samples);
                }
            }
        }
    }
    rows
}

fn by_percentile(times: impl Iterator<Item = Percentiles>) -> [(&'static str, Vec<f64>); 3] {
    let times: Vec<Percentiles> = times.collect();
    let samples = |pick: fn(&Percentiles) -> Duration| times.iter().map(pick).map(micros).collect();
    [
        ("p50", samples(|times| times.p50)),
        ("p95", samples(|times| times.p95)),
        ("p99", samples(|times| times.p99)),
    ]
}

/// Microseconds with one decimal.
fn micros(time: Duration) -> f64 {
    (time.as_nanos() as f64 / 100.0).round() / 10.0
}

/// The middle one, of an even number the mean of the two in the middle, and all in order.
fn median(mut samples: Vec<f64>) -> Option<(f64, Vec<f64>)> {
    samples.sort_unstable_by(f64::total_cmp);
    let upper = *samples.get(samples.len() / 2)?;
    let lower = *samples.get((samples.len() - 1) / 2)?;
    Some((f64::midpoint(lower, upper), samples))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan;

    fn outcome(seconds: u64) -> Outcome {
        let time = Duration::from_micros(seconds);
        let percentiles = Percentiles::of(vec![time; 4]);
        Outcome {
            elapsed: Duration::from_secs(seconds),
            accepted: percentiles,
            ended: percentiles,
            waits: vec![("a".to_owned(), time), ("b".to_owned(), time)]
                .into_iter()
                .filter_map(|(name, time)| Some((name, Percentiles::of(vec![time])?)))
                .collect(),
            grown_bytes: Some(seconds),
            notes: vec!["a".to_owned(), "b".to_owned()],
        }
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(Vec::new()), None);
        assert_eq!(
            median(vec![3.0, 1.0, 2.0]),
            Some((2.0, vec![1.0, 2.0, 3.0]))
        );
        assert_eq!(median(vec![4.0, 2.0]), Some((3.0, vec![2.0, 4.0])));
    }

    #[test]
    fn every_case_has_its_rows_and_none_without_outcomes() {
        for case in plan::cases(true) {
            assert_eq!(rows(&case, &[]), []);
            let rows = rows(&case, &[outcome(1), outcome(2), outcome(3)]);
            let expected = case.measures.iter().map(|measure| match measure {
                Measure::Accepted | Measure::Ended => 3,
                Measure::Waits => 6,
                Measure::Throughput | Measure::Whole | Measure::BytesPerJob => 1,
            });
            assert_eq!(rows.len(), expected.sum::<usize>());
            for row in rows {
                assert_eq!((row.note.as_str(), row.samples.len()), ("a; b", 3));
                if row.unit == "jobs/s" {
                    assert_eq!(row.value, (case.load.jobs as f64 / 2.0).round());
                }
            }
        }
    }
}
