//! The typed client beside what Tauri itself puts into a page, in the lab's window.
//!
//! Both do the same work in turns, each time in another order, since a machine's speed drifts.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use toolroom_ipc_lab_types::ROWS_OF_A_LARGE_REPLY;
use toolroom_tests::lab::{Done, Lab, Side};

use crate::{
    report::{Document, Row},
    statistics::{Percentiles, median},
};

/// How much longer than bare the typed client may take.
const LIMIT: f64 = 1.10;

const CALLS: &str = "calls, one after the other";
const AT_ONCE: &str = "calls, 16 at a time";
const CHANNELS: &str = "channels";

/// What is timed.
struct Case {
    group: &'static str,
    work: &'static str,
    function: &'static str,
    args: Value,
    measure: Measure,
}

/// What of it is told.
#[derive(Clone, Copy)]
enum Measure {
    /// How long each call took, by the backend's clock.
    EachCall,
    /// How many there were in a second, by the page's clock.
    Rate { count: u32, unit: &'static str },
    /// How many megabytes there were in a second.
    Megabytes { bytes: f64 },
}

/// One side's numbers, a list of rounds for each thing that is told.
#[derive(Default)]
struct Samples {
    told: Vec<(&'static str, Vec<f64>)>,
}

impl Samples {
    fn add(&mut self, what: &'static str, number: f64) {
        match self.told.iter_mut().find(|(told, _)| *told == what) {
            Some((_, samples)) => samples.push(number),
            None => self.told.push((what, vec![number])),
        }
    }
}

fn cases(document: &Document) -> Vec<Case> {
    let calls = |group, work, function, rows, count: u32, more: Option<u32>| {
        let count = document.of(count);
        let mut args = vec![rows, count];
        args.extend(more);
        Case {
            group,
            work,
            function,
            args: json!(args),
            measure: match more {
                None => Measure::EachCall,
                Some(_) => Measure::Rate {
                    count,
                    unit: "calls/s",
                },
            },
        }
    };
    let large = ROWS_OF_A_LARGE_REPLY;
    let messages = |work, count: u32, size: u32| {
        let count = document.of(count);
        Case {
            group: CHANNELS,
            work,
            function: "messages",
            args: json!([count, size]),
            measure: Measure::Rate {
                count,
                unit: "messages/s",
            },
        }
    };
    let raw = document.of(100);
    vec![
        calls(CALLS, "a reply of 100 B", "calls_in_a_row", 1, 2_000, None),
        calls(
            CALLS,
            "a reply of 100 kB",
            "calls_in_a_row",
            large,
            500,
            None,
        ),
        calls(
            AT_ONCE,
            "a reply of 100 B",
            "calls_at_once",
            1,
            5_000,
            Some(16),
        ),
        calls(
            AT_ONCE,
            "a reply of 100 kB",
            "calls_at_once",
            large,
            500,
            Some(16),
        ),
        messages("10,000 messages of 200 B", 10_000, 200),
        messages("1,000 messages of 20 kB", 1_000, 20_000),
        Case {
            group: CHANNELS,
            work: "100 raw messages of 1 MB",
            function: "raw_messages",
            args: json!([raw, 1_000_000]),
            measure: Measure::Megabytes {
                bytes: f64::from(raw) * 1e6,
            },
        },
    ]
}

/// Measures all cases.
pub async fn measure(document: &mut Document) -> Result<()> {
    let cases = cases(document);
    let mut samples: Vec<[Samples; 2]> = cases.iter().map(|_| Default::default()).collect();
    let lab = Lab::open().await?;
    // The first round is not counted: in it the page's code becomes fast, and memory is taken.
    for round in 0..=document.rounds {
        for (case, samples) in cases.iter().zip(&mut samples) {
            eprintln!(
                "round {round} of {}: {}, {}",
                document.rounds, case.group, case.work
            );
            let mut sides = [(0, Side::Typed), (1, Side::Bare)];
            if round % 2 == 1 {
                sides.reverse();
            }
            let mut values = Vec::new();
            for (place, side) in sides {
                let (done, numbers) = run(&lab, case, side).await?;
                values.push(done.value);
                if round > 0 {
                    for (what, number) in numbers {
                        samples[place].add(what, number);
                    }
                }
            }
            ensure!(
                values[0] == values[1],
                "{}: the two sides did not read the same",
                case.work
            );
        }
    }
    lab.close().await?;
    for (case, samples) in cases.iter().zip(samples) {
        tell(document, case, samples);
    }
    Ok(())
}

async fn run(lab: &Lab, case: &Case, side: Side) -> Result<(Done, Vec<(&'static str, f64)>)> {
    lab.window().invoke("take_gaps", json!({})).await?;
    let done = lab.run(side, case.function, case.args.clone()).await?;
    let gaps = lab.window().invoke("take_gaps", json!({})).await?;
    let seconds = done.milliseconds / 1e3;
    let numbers = match case.measure {
        Measure::EachCall => {
            let gaps: Vec<f64> = serde_json::from_value(gaps)?;
            Percentiles::of(gaps).context("no calls")?.named().to_vec()
        }
        Measure::Rate { count, .. } => vec![("", f64::from(count) / seconds)],
        Measure::Megabytes { bytes } => vec![("", bytes / 1e6 / seconds)],
    };
    Ok((done, numbers))
}

fn tell(document: &mut Document, case: &Case, [ours, bare]: [Samples; 2]) {
    let (unit, note) = match case.measure {
        Measure::EachCall => (
            "µs",
            "a call is timed by the backend's clock, from its arrival to that of the next one, \
             which is sent once the answer has been read",
        ),
        Measure::Rate { unit, .. } => (unit, ""),
        Measure::Megabytes { .. } => ("MB/s", ""),
    };
    let official = match case.group {
        CHANNELS => "Tauri's own Channel",
        _ => "bare invoke",
    };
    for ((what, ours), (_, bare)) in ours.told.into_iter().zip(bare.told) {
        let work = match what {
            "" => case.work.to_owned(),
            what => format!("{}, {what}", case.work),
        };
        // How much longer ours takes, round by round.
        let ratios: Vec<f64> = ours
            .iter()
            .zip(&bare)
            .map(|(ours, bare)| match case.measure {
                Measure::EachCall => ours / bare,
                Measure::Rate { .. } | Measure::Megabytes { .. } => bare / ours,
            })
            .collect();
        if what != "p99" {
            document.at_most(
                format!(
                    "{}, {work}: time of the typed client, against {official}",
                    case.group
                ),
                median(&ratios),
                LIMIT,
                "",
            );
        }
        let ours = Row::of(case.group, work.clone(), "typed client", unit, ours);
        let bare = Row::of(case.group, work, official, unit, bare);
        if let (Some(mut ours), Some(mut bare)) = (ours, bare) {
            note.clone_into(&mut ours.note);
            bare.ours_to_this = (bare.value > 0.0).then(|| ours.value / bare.value);
            document.rows.extend([ours, bare]);
        }
    }
}
