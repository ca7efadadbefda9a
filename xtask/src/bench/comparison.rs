//! Whole programs against each other, as a table and as JSON.
//!
//! Where the times come from is left to `measure`, what is run to the benches.

use serde_json::{Value, json};

use super::Report;
use super::measure::Comparison;
use crate::report;

/// What a bench of comparisons has to say.
pub fn report(rows: &[Comparison]) -> Report {
    Report {
        table: to_table(rows),
        document: to_json(rows),
        missing: Vec::new(),
    }
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
        "goal",
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
            row.goal
                .map_or_else(|| "-".to_owned(), |goal| format!("≤ {goal:.2}")),
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

fn to_json(rows: &[Comparison]) -> Value {
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
                "goal": row.goal,
            })
        })
        .collect();
    json!({ "rows": rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measure::Timing;

    fn row() -> Comparison {
        let timing = |seconds: &[f64]| Timing {
            seconds: seconds.to_vec(),
            peak_bytes: Some(3 << 20),
        };
        Comparison {
            work: "hash".to_owned(),
            bytes: 2_000_000_000,
            goal: Some(1.05),
            ours: timing(&[1.0, 1.0, 1.0]),
            reference: "b3sum".to_owned(),
            theirs: timing(&[2.0, 2.0, 2.0]),
        }
    }

    #[test]
    fn the_table_has_both_sides_and_their_ratio() {
        let table = to_table(&[row()]);
        let line = table.lines().last().unwrap();
        for cell in [
            "1.000 s", "2.00", "3 MiB", "b3sum", "2.000 s", "0.50", "≤ 1.05",
        ] {
            assert!(line.contains(cell), "{cell}: {line}");
        }
    }

    #[test]
    fn the_json_form_has_the_same_numbers() {
        let value = to_json(&[row()]);
        assert_eq!(value["rows"][0]["ratio"], 0.5);
        assert_eq!(value["rows"][0]["ours"]["median_seconds"], 1.0);
        assert_eq!(value["rows"][0]["rounds"], 3);
    }
}
