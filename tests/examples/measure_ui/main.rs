//! Measures what the app's page costs in real windows and prints one JSON document:
//! `cargo xtask bench ui` starts it.
//!
//! Beside it stands a window with an empty page, of the same framework in the same run. This only
//! drives the windows, so it needn't be optimised; they must be. How many bytes the page has is
//! weighed by whoever started this.

mod busy;
mod idle;
mod memory;
#[path = "../measure_ipc/report.rs"]
mod report;
mod scrolling;
#[path = "../measure_ipc/statistics.rs"]
#[allow(dead_code)] // percentiles are of calls
mod statistics;
mod timer;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use report::{Document, Missing};

const ROUNDS: usize = 7;

/// Measures what the app's page costs in real windows, and prints JSON.
#[derive(Debug, Parser)]
struct Arguments {
    /// Little work and one round: to see that all can be measured. The numbers are worth nothing.
    #[arg(long)]
    quick: bool,
    /// How often each start is made.
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// One part alone.
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Start and memory, beside an empty page.
    Idle,
    /// Jobs that come and go, and jobs that report.
    Busy,
    /// A long history that is scrolled.
    Scrolling,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let usual = if arguments.quick { 1 } else { ROUNDS };
    let rounds = arguments.rounds.unwrap_or(usual).max(1);
    let mut document = Document::new(rounds, arguments.quick);
    for part in [Part::Idle, Part::Busy, Part::Scrolling] {
        if arguments.only.is_some_and(|only| only != part) {
            continue;
        }
        let (work, measured) = match part {
            Part::Idle => ("start and memory", idle::measure(&mut document).await),
            Part::Busy => (
                "jobs that come, go and report",
                busy::measure(&mut document).await,
            ),
            Part::Scrolling => ("a long history", scrolling::measure(&mut document).await),
        };
        if let Err(error) = measured {
            document.missing.push(Missing {
                work: work.to_owned(),
                who: "the app".to_owned(),
                why: format!("{error:#}"),
            });
        }
    }
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(if document.missing.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
