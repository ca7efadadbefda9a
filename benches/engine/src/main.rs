//! Measures the job engine beside its peers and prints one JSON document.
//!
//! What is measured stands in `plan`, who is measured in `ours` and `peers`, what is to be reached
//! in `goals`. Progress goes to stderr; making tables is left to whoever started this.

mod case;
mod contender;
mod countdown;
mod goals;
mod latency;
mod load;
mod memory;
mod ours;
mod peers;
mod plan;
mod report;
mod rounds;
mod versions;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use crate::rounds::Settings;

const ROUNDS: usize = 5;

/// Measures the job engine beside its peers, and prints JSON.
#[derive(Debug, Parser)]
struct Arguments {
    /// Few jobs and one round: to see that all works. The numbers are worth nothing.
    #[arg(long)]
    quick: bool,
    /// One group alone.
    #[arg(long, value_name = "GROUP")]
    only: Option<String>,
    /// How often each case is run.
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// Where files are made; beside this program if it isn't said.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Runs one case and prints its outcome.
    #[arg(long, hide = true)]
    case: Option<usize>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let cases = plan::cases(arguments.quick);
    let folder = match arguments.folder {
        Some(folder) => folder,
        None => folder_of_this_program()?,
    };
    if let Some(index) = arguments.case {
        let outcome = rounds::run_one(&cases, index, &folder)?;
        println!("{}", serde_json::to_string(&outcome)?);
        return Ok(ExitCode::SUCCESS);
    }
    let usual = if arguments.quick { 1 } else { ROUNDS };
    let settings = Settings {
        rounds: arguments.rounds.unwrap_or(usual).max(1),
        quick: arguments.quick,
        only: arguments.only,
        folder,
    };
    let document = rounds::run(&cases, &settings)?;
    println!("{}", serde_json::to_string_pretty(&document)?);
    for missing in &document.missing {
        eprintln!(
            "missing: {}, {}: {}",
            missing.who, missing.work, missing.why
        );
    }
    Ok(if document.missing.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Not the system's folder for temporary files: on many systems that is memory, where syncing to
/// disk costs nothing.
fn folder_of_this_program() -> Result<PathBuf> {
    let program = env::current_exe().context("where this program is isn't known")?;
    let folder = program.parent().context("this program is in no folder")?;
    Ok(folder.to_owned())
}
