//! `cargo xtask bench`: ours against others, on this machine, just now.
//!
//! One file or folder for each bench: `tools` times whole programs, which `data` gives files to work on,
//! `measure` times and `comparison` lays out; `engine`, `ipc` and `ui` start programs that measure
//! by themselves, whose `document` is laid out. A new bench is a file and a line in [`BENCHES`].

mod comparison;
mod data;
mod document;
mod engine;
mod ipc;
mod measure;
mod tools;
mod ui;
mod windows;

use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::workspace::Workspace;

/// How benches are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'a> {
    /// Of the bench `tools` one tool alone, of `ipc` one window: `lab` or `app`, of `ui` one part:
    /// `idle`, `busy` or `scrolling`.
    pub only: Option<&'a str>,
    /// Prints JSON instead of tables.
    pub as_json: bool,
    /// With little work, to see that all can be measured; the numbers are worth nothing.
    pub quick: bool,
}

/// A bench: its name and what it does.
struct Bench {
    name: &'static str,
    run: fn(&Workspace, Options<'_>) -> Result<Report>,
}

/// What a bench has to say, in its own form.
struct Report {
    /// For people.
    table: String,
    /// The same for programs: an object, to which the bench's name is added.
    document: Value,
    /// What could not be measured, in words; all was if it is empty.
    missing: Vec<String>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "tools",
        run: tools::run,
    },
    Bench {
        name: "engine",
        run: engine::run,
    },
    Bench {
        name: "ipc",
        run: ipc::run,
    },
    Bench {
        name: "ui",
        run: ui::run,
    },
];

/// Runs one bench or all, and prints tables, or JSON for a program to read. A failure where
/// something could not be measured.
pub fn run(workspace: &Workspace, name: Option<&str>, options: Options<'_>) -> Result<ExitCode> {
    let mut reports = Vec::new();
    for bench in choose(name)? {
        reports.push((bench.name, (bench.run)(workspace, options)?));
    }
    if options.as_json {
        let benches: Vec<Value> = reports
            .iter()
            .map(|(name, report)| named(name, &report.document))
            .collect();
        println!("{:#}", json!({ "benches": benches }));
    } else {
        for (name, report) in &reports {
            println!("{name}\n{}", report.table);
        }
    }
    let missing: Vec<&String> = reports
        .iter()
        .flat_map(|(_, report)| &report.missing)
        .collect();
    for what in &missing {
        eprintln!("not measured: {what}");
    }
    Ok(if missing.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The document with the bench's name before all else.
fn named(name: &str, document: &Value) -> Value {
    let mut whole = json!({ "name": name });
    if let (Some(whole), Some(rest)) = (whole.as_object_mut(), document.as_object()) {
        whole.extend(rest.clone());
    }
    whole
}

fn choose(name: Option<&str>) -> Result<Vec<&'static Bench>> {
    let chosen: Vec<&Bench> = BENCHES
        .iter()
        .filter(|bench| name.is_none_or(|name| name == bench.name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        bail!(
            "there is no bench {:?}; the benches are {}",
            name.unwrap_or_default(),
            names.join(", ")
        );
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_chosen_by_name_and_all_without_one() {
        assert_eq!(choose(None).unwrap().len(), BENCHES.len());
        assert_eq!(choose(Some("tools")).unwrap().len(), 1);
        let error = choose(Some("tolls")).err().unwrap().to_string();
        assert!(
            error.contains("tolls") && error.contains("tools"),
            "{error}"
        );
    }

    #[test]
    fn a_document_gets_the_benchs_name() {
        let whole = named("tools", &json!({ "rows": [1] }));
        assert_eq!(whole, json!({ "name": "tools", "rows": [1] }));
    }
}
