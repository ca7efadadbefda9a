//! The typed client beside what Tauri itself puts into a page, in the lab's window.
//!
//! All do the same work in turns, each time in another order, since a machine's speed drifts.

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
    args: Vec<u32>,
    measure: Measure,
    /// Whether it is so large that the app sends it in bytes.
    is_large: bool,
}

/// Who does it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contender {
    /// The typed client, with large answers and messages in bytes, as the app sends them.
    Typed,
    /// The typed client, with whatever Tauri sends by itself.
    TypedPlainly,
    /// What Tauri itself puts into a page.
    Bare,
}

const CONTENDERS: [Contender; 3] = [Contender::Typed, Contender::TypedPlainly, Contender::Bare];

impl Contender {
    fn who(self, case: &Case) -> &'static str {
        match self {
            Self::Typed => "typed client",
            Self::TypedPlainly => "typed client, sent as JSON",
            Self::Bare if case.group == CHANNELS => "Tauri's own Channel",
            Self::Bare => "bare invoke",
        }
    }

    fn takes_part(self, case: &Case) -> bool {
        self != Self::TypedPlainly || case.is_large
    }
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

/// A contender's numbers, a list of rounds for each thing that is told.
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
    let one = 1;
    let many = ROWS_OF_A_LARGE_REPLY;
    vec![
        in_a_row("a reply of 100 B", one, document.of(1_500)),
        in_a_row("a reply of 100 kB", many, document.of(100)),
        at_once("a reply of 100 B", one, document.of(4_500)),
        at_once("a reply of 100 kB", many, document.of(150)),
        messages("10,000 messages of 200 B", document.of(10_000), 200),
        messages("1,000 messages of 20 kB", document.of(1_000), 20_000),
        raw_messages("100 raw messages of 1 MB", document.of(100), 1_000_000),
    ]
}

fn in_a_row(work: &'static str, rows: u32, count: u32) -> Case {
    Case {
        group: CALLS,
        work,
        function: "calls_in_a_row",
        args: vec![rows, count],
        measure: Measure::EachCall,
        is_large: rows > 1,
    }
}

fn at_once(work: &'static str, rows: u32, count: u32) -> Case {
    Case {
        group: AT_ONCE,
        function: "calls_at_once",
        args: vec![rows, count, 16],
        measure: Measure::Rate {
            count,
            unit: "calls/s",
        },
        ..in_a_row(work, rows, count)
    }
}

fn messages(work: &'static str, count: u32, size: u32) -> Case {
    Case {
        group: CHANNELS,
        work,
        function: "messages",
        args: vec![count, size],
        measure: Measure::Rate {
            count,
            unit: "messages/s",
        },
        is_large: size >= 1_024,
    }
}

fn raw_messages(work: &'static str, count: u32, size: u32) -> Case {
    Case {
        function: "raw_messages",
        measure: Measure::Megabytes {
            bytes: f64::from(count) * f64::from(size),
        },
        is_large: false,
        ..messages(work, count, size)
    }
}

/// Measures all cases.
pub async fn measure(document: &mut Document) -> Result<()> {
    let cases = cases(document);
    let mut samples: Vec<[Samples; 3]> = cases.iter().map(|_| Default::default()).collect();
    let lab = Lab::open().await?;
    // The first round is not counted: in it the page's code becomes fast, and memory is taken.
    for round in 0..=document.rounds {
        for (case, samples) in cases.iter().zip(&mut samples) {
            eprintln!(
                "round {round} of {}: {}, {}",
                document.rounds, case.group, case.work
            );
            let mut values = Vec::new();
            let mut places: Vec<usize> = (0..CONTENDERS.len())
                .filter(|place| CONTENDERS[*place].takes_part(case))
                .collect();
            // Each comes after each other one as often: who comes later pays for the garbage.
            let first = round / 2 % places.len();
            places.rotate_left(first);
            if round % 2 == 1 {
                places.reverse();
            }
            for place in places {
                let (done, numbers) = run(&lab, case, CONTENDERS[place]).await?;
                values.push(done.value);
                if round > 0 {
                    for (what, number) in numbers {
                        samples[place].add(what, number);
                    }
                }
            }
            ensure!(
                values.windows(2).all(|pair| pair[0] == pair[1]),
                "{}: not all have read the same",
                case.work
            );
        }
    }
    lab.close().await?;
    for (case, samples) in cases.iter().zip(&samples) {
        tell(document, case, samples);
    }
    Ok(())
}

async fn run(
    lab: &Lab,
    case: &Case,
    contender: Contender,
) -> Result<(Done, Vec<(&'static str, f64)>)> {
    let mut args: Vec<Value> = case.args.iter().copied().map(Value::from).collect();
    let side = match contender {
        Contender::Bare => Side::Bare,
        Contender::Typed | Contender::TypedPlainly => {
            args.push(Value::from(contender == Contender::TypedPlainly));
            Side::Typed
        }
    };
    lab.window().invoke("take_gaps", json!({})).await?;
    let done = lab.run(side, case.function, json!(args)).await?;
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

/// The rows of a case, each contender's together, and its goals.
fn tell(document: &mut Document, case: &Case, samples: &[Samples; 3]) {
    let (unit, note) = match case.measure {
        Measure::EachCall => (
            "µs",
            "a call is timed by the backend's clock, from its arrival to that of the next one, \
             which is sent once the answer has been read",
        ),
        Measure::Rate { unit, .. } => (unit, ""),
        Measure::Megabytes { .. } => ("MB/s", ""),
    };
    let [ours, _, bare] = samples;
    for (contender, theirs) in CONTENDERS.into_iter().zip(samples) {
        for ((what, samples), (_, ours)) in theirs.told.iter().zip(&ours.told) {
            let who = contender.who(case);
            let Some(row) = Row::of(case.group, case.told(what), who, unit, samples.clone()) else {
                continue;
            };
            let beside = median(ours).filter(|_| contender != Contender::Typed && row.value > 0.0);
            document.rows.push(Row {
                ours_to_this: beside.map(|ours| ours / row.value),
                note: if contender == Contender::Typed {
                    note.to_owned()
                } else {
                    String::new()
                },
                ..row
            });
        }
    }
    for ((what, ours), (_, bare)) in ours.told.iter().zip(&bare.told) {
        // How much longer ours takes, round by round.
        let ratios: Vec<f64> = ours
            .iter()
            .zip(bare)
            .map(|(ours, bare)| match case.measure {
                Measure::EachCall => ours / bare,
                Measure::Rate { .. } | Measure::Megabytes { .. } => bare / ours,
            })
            .collect();
        if *what != "p99" {
            let goal = format!(
                "{}, {}: time of the typed client, against {}",
                case.group,
                case.told(what),
                Contender::Bare.who(case)
            );
            document.at_most(goal, median(&ratios), LIMIT, "");
        }
    }
}

impl Case {
    /// The work, and what of it is told.
    fn told(&self, what: &str) -> String {
        match what {
            "" => self.work.to_owned(),
            what => format!("{}, {what}", self.work),
        }
    }
}
