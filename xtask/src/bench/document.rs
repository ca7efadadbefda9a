//! What a program says that measures by itself: one JSON document of rows, goals and gaps, laid out
//! in tables.
//!
//! The numbers and the goals are the program's; how it is built and run is left to the benches.

use serde_json::Value;

use super::Report;
use crate::report;

/// How rows end that are percentiles of the same times.
const PERCENTILES: [&str; 3] = ["p50", "p95", "p99"];

/// What such a bench has to say.
pub fn report(document: Value) -> Report {
    Report {
        table: to_table(&document),
        missing: list(&document, "missing").map(missing).collect(),
        document,
    }
}

/// A table for each group with the contenders' notes below, and one of the goals.
fn to_table(document: &Value) -> String {
    let mut text = String::new();
    if document["quick"] == true {
        text.push_str("\nA quick run: the numbers are worth nothing.\n");
    }
    let rows: Vec<&Value> = list(document, "rows").collect();
    for group in rows.chunk_by(|one, next| one["group"] == next["group"]) {
        let name = group.first().map_or("", |row| word(row, "group"));
        let lines = group.chunk_by(|one, next| is_same_line(one, next));
        let heading = ["who", "value", "unit", "ours/this", "work"].map(str::to_owned);
        let mut table = vec![heading.to_vec()];
        table.extend(lines.map(line));
        text.push_str(&format!("\n{name}\n{}", report::table(&table)));
        let mut told: Vec<&str> = Vec::new();
        for row in group {
            let (who, note) = (word(row, "who"), word(row, "note"));
            if !note.is_empty() && !told.contains(&who) {
                told.push(who);
                text.push_str(&format!("  {who}: {note}\n"));
            }
        }
    }
    let mut goals = vec![
        ["", "value", "limit", "unit", "goal"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for goal in list(document, "goals") {
        let met = if goal["met"] == true { "met" } else { "missed" };
        goals.push(vec![
            met.to_owned(),
            number(&goal["value"]),
            number(&goal["limit"]),
            word(goal, "unit").to_owned(),
            word(goal, "goal").to_owned(),
        ]);
    }
    text.push_str(&format!("\ngoals\n{}", report::table(&goals)));
    text
}

/// Whether two rows are percentiles of the same times.
fn is_same_line(one: &Value, next: &Value) -> bool {
    let percentile = |row| {
        PERCENTILES
            .iter()
            .find_map(|name| word(row, "work").strip_suffix(name))
    };
    one["who"] == next["who"] && percentile(one).is_some_and(|work| percentile(next) == Some(work))
}

/// One row, or the percentiles of the same times in one line.
fn line(rows: &[&Value]) -> Vec<String> {
    let joined = |field: &str| {
        let numbers: Vec<String> = rows
            .iter()
            .map(|row| number(&row[field]))
            .filter(|number| !number.is_empty())
            .collect();
        numbers.join(" / ")
    };
    let first = |field| rows.first().map_or("", |row| word(row, field));
    let mut work = first("work").to_owned();
    if rows.len() == PERCENTILES.len() {
        work.push_str(" / p95 / p99");
    }
    vec![
        first("who").to_owned(),
        joined("value"),
        first("unit").to_owned(),
        joined("ours_to_this"),
        work,
    ]
}

fn missing(row: &Value) -> String {
    let [who, work, why] = ["who", "work", "why"].map(|field| word(row, field));
    format!("{who}, {work}: {why}")
}

fn list<'d>(document: &'d Value, field: &str) -> impl Iterator<Item = &'d Value> {
    document[field].as_array().into_iter().flatten()
}

fn word<'d>(row: &'d Value, field: &str) -> &'d str {
    row[field].as_str().unwrap_or_default()
}

/// A number for people: whole from a hundred on, two places below; nothing where there is none.
fn number(value: &Value) -> String {
    match value.as_f64() {
        None => String::new(),
        Some(number) if number.abs() < 100.0 => format!("{number:.2}"),
        Some(number) => grouped(&format!("{number:.0}")),
    }
}

/// Digits in threes.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        let row = |group: &str, work: &str, who: &str, value: f64, ours: Option<f64>| {
            json!({ "group": group, "work": work, "who": who, "value": value, "unit": "jobs/s",
                "ours_to_this": ours, "note": "as it is" })
        };
        json!({
            "rows": [
                row("in memory", "no-op", "Toolroom", 123_456.0, None),
                row("in memory", "no-op", "another", 246_912.0, Some(0.5)),
                row("on disk", "stored", "Toolroom", 12.345, None),
            ],
            "goals": [
                { "goal": "fast", "value": 0.5, "limit": 0.4, "unit": "", "met": true },
                { "goal": "small", "value": 300.0, "limit": 200.0, "unit": "MB", "met": false },
            ],
            "missing": [{ "who": "a third", "work": "no-op", "why": "it was not there" }],
            "quick": false,
        })
    }

    #[test]
    fn each_group_has_its_table_with_the_ratio_to_ours_and_its_notes() {
        let table = to_table(&document());
        let lines: Vec<&str> = table.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines[0], "in memory");
        assert!(lines[2].starts_with("Toolroom  123,456  jobs/s"), "{table}");
        let cells: Vec<&str> = lines[3].split_whitespace().collect();
        assert_eq!(cells, ["another", "246,912", "jobs/s", "0.50", "no-op"]);
        assert_eq!(lines[4], "  Toolroom: as it is");
        assert_eq!(lines[6], "on disk");
        assert!(lines[8].contains("12.35"), "{table}");
    }

    #[test]
    fn the_percentiles_of_the_same_times_stand_in_one_line() {
        let row = |work: &str, value: u32| json!({ "who": "a", "work": work, "value": value });
        let rows = [
            row("x, p50", 1),
            row("x, p95", 2),
            row("x, p99", 3),
            row("y, p50", 4),
            row("z", 5),
            row("z", 6),
        ];
        let rows: Vec<&Value> = rows.iter().collect();
        let lines: Vec<Vec<String>> = rows
            .chunk_by(|one, next| is_same_line(one, next))
            .map(line)
            .collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0][1], "1.00 / 2.00 / 3.00");
        assert_eq!(lines[0][4], "x, p50 / p95 / p99");
    }

    #[test]
    fn goals_are_met_or_missed() {
        let table = to_table(&document());
        let line = |goal: &str| table.lines().find(|line| line.ends_with(goal)).unwrap();
        assert!(line("fast").starts_with("met"));
        assert!(line("small").contains("300") && line("small").starts_with("missed"));
    }

    #[test]
    fn what_could_not_be_measured_is_told_with_its_reason() {
        let document = document();
        let told: Vec<String> = list(&document, "missing").map(missing).collect();
        assert_eq!(told, ["a third, no-op: it was not there"]);
    }

    #[test]
    fn digits_stand_in_threes() {
        for (digits, text) in [
            ("1", "1"),
            ("123", "123"),
            ("1234", "1,234"),
            ("123456", "123,456"),
        ] {
            assert_eq!(grouped(digits), text);
        }
    }
}
