//! Measures the typed IPC in real windows and prints one JSON document: `cargo xtask bench ipc`
//! starts it.
//!
//! In the lab's window the typed client stands beside what Tauri itself puts into a page, in the
//! app's window every command is timed. This only drives the windows, so it needn't be optimised;
//! they must be. Progress goes to stderr; making tables is left to whoever started this.

mod in_app;
mod in_lab;
mod report;
mod statistics;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use report::Document;

const ROUNDS: usize = 21;

/// Measures the typed IPC in real windows, and prints JSON.
#[derive(Debug, Parser)]
struct Arguments {
    /// Little work and one round: to see that all can be measured. The numbers are worth nothing.
    #[arg(long)]
    quick: bool,
    /// How often each case is run.
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,
    /// One window alone.
    #[arg(long, value_name = "WINDOW")]
    only: Option<Window>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Window {
    Lab,
    App,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let usual = if arguments.quick { 1 } else { ROUNDS };
    let rounds = arguments.rounds.unwrap_or(usual).max(1);
    let mut document = Document::new(rounds, arguments.quick);
    if arguments.only != Some(Window::App) {
        in_lab::measure(&mut document).await?;
    }
    if arguments.only != Some(Window::Lab) {
        in_app::measure(&mut document).await?;
    }
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(if document.missing.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
