//! `cargo xtask bench`: our programs against reference programs, on this machine, just now.
//!
//! One file for each bench; `data` makes what they work on, `measure` times whole processes. A new
//! bench is a file and a line in [`BENCHES`].

mod data;
mod measure;
mod tools;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::report;
use crate::workspace::Workspace;
use measure::Comparison;

/// A bench: its name and what it does.
struct Bench {
    name: &'static str,
    run: fn(&Workspace) -> Result<Vec<Comparison>>,
}

const BENCHES: &[Bench] = &[Bench {
    name: "tools",
    run: tools::run,
}];

/// Runs one bench or all, and prints a table, or JSON for a program to read.
pub fn run(workspace: &Workspace, name: Option<&str>, as_json: bool) -> Result<()> {
    let mut results = Vec::new();
    for bench in choose(name)? {
        results.push((bench.name, (bench.run)(workspace)?));
    }
    if as_json {
        let benches: Vec<Value> = results
            .iter()
            .map(|(name, rows)| to_json(name, rows))
            .collect();
        println!("{:#}", json!({ "benches": benches }));
    } else {
        for (name, rows) in &results {
            println!("{name}\n{}", to_table(rows));
        }
    }
    Ok(())
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

fn to_table(rows: &[Comparison]) -> String {
    let heading = [
        "work",
        "ours",
        "GB/s",
        "peak",
        "reference",
        "its time",
        "GB/s",
        "peak",
        "ours/reference",
    ];
    let mut table = vec![heading.map(str::to_owned).to_vec()];
    for row in rows {
        table.push(vec![
            row.work.clone(),
            format!("{:.3} s", row.ours.median()),
            format!("{:.2}", row.ours.gigabytes_per_second(row.bytes)),
            memory(row.ours.peak_bytes),
            row.reference.clone(),
            format!("{:.3} s", row.theirs.median()),
            format!("{:.2}", row.theirs.gigabytes_per_second(row.bytes)),
            memory(row.theirs.peak_bytes),
            format!("{:.2}", row.ratio()),
        ]);
    }
    report::table(&table)
}

fn memory(bytes: Option<u64>) -> String {
    bytes.map_or_else(
        || "-".to_owned(),
        |bytes| format!("{} MiB", bytes / (1024 * 1024)),
    )
}

fn to_json(name: &str, rows: &[Comparison]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "work": row.work,
                "bytes": row.bytes,
                "rounds": row.ours.seconds.len(),
                "ours": row.ours.to_json(row.bytes),
                "reference": row.reference,
                "theirs": row.theirs.to_json(row.bytes),
                "ratio": row.ratio(),
            })
        })
        .collect();
    json!({ "name": name, "rows": rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use measure::Timing;

    fn row() -> Comparison {
        let timing = |seconds: &[f64]| Timing {
            seconds: seconds.to_vec(),
            peak_bytes: Some(3 << 20),
        };
        Comparison {
            work: "hash".to_owned(),
            bytes: 2_000_000_000,
            ours: timing(&[1.0, 1.0, 1.0]),
            reference: "b3sum".to_owned(),
            theirs: timing(&[2.0, 2.0, 2.0]),
        }
    }

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
    fn the_table_has_both_sides_and_their_ratio() {
        let table = to_table(&[row()]);
        let line = table.lines().last().unwrap();
        for cell in ["1.000 s", "2.00", "3 MiB", "b3sum", "2.000 s", "0.50"] {
            assert!(line.contains(cell), "{cell}: {line}");
        }
    }

    #[test]
    fn the_json_form_has_the_same_numbers() {
        let value = to_json("tools", &[row()]);
        assert_eq!(value["rows"][0]["ratio"], 0.5);
        assert_eq!(value["rows"][0]["ours"]["median_seconds"], 1.0);
        assert_eq!(value["rows"][0]["rounds"], 3);
    }
}
