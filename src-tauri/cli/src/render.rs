//! Results as text: drawn from their shape, whatever the tool.

use std::io::Write;

use serde::Serialize;
use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode, JobSnapshot, JobStatus, ToolDefinition};

/// Any contract type as JSON for people and programs.
pub fn json(value: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string_pretty(value)
        .map_err(|error| AppError::new(ErrorCode::Internal, error.to_string()))
}

/// Prints to standard output. A reader that has gone away is no error.
pub fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints pieces one after the other, and a line's end.
pub fn print_parts(parts: &[&str]) {
    let mut out = std::io::stdout().lock();
    for part in parts.iter().chain(&["\n"]) {
        if out.write_all(part.as_bytes()).is_err() {
            return;
        }
    }
}

/// Tells people something on standard error, where it doesn't mix with results.
pub fn say(text: &str) {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "toolroom: {}", escaped_lines(text));
}

/// The tools by category.
pub fn tool_list(tools: &[ToolDefinition]) -> String {
    let width = tools.iter().map(|tool| tool.name.len()).max().unwrap_or(0);
    tools
        .iter()
        .map(|tool| format!("{:width$}  {}", tool.name, tool.description))
        .collect::<Vec<_>>()
        .join("\n")
}

/// An output: fields with their names, lists of objects as tables.
pub fn output(output: &Value) -> String {
    let Some(fields) = output.as_object() else {
        return plain(output);
    };
    let mut facts = Vec::new();
    let mut tables = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Array(rows) if rows.is_empty() => {}
            Value::Array(rows) if rows.iter().all(Value::is_object) => {
                tables.push(format!("\n{}:\n{}", escaped(name), table(rows)));
            }
            other => facts.push(format!("{}: {}", escaped(name), plain(other))),
        }
    }
    facts.extend(tables);
    facts.join("\n")
}

/// How a job ended, in a sentence for standard error; nothing where the output says it all.
pub fn ending(job: &JobSnapshot) -> Option<String> {
    let kept = if job.partial {
        " What was done by then is kept and marked as partial."
    } else {
        ""
    };
    match (&job.status, &job.error) {
        (JobStatus::Failed, Some(error)) => Some(error.to_string()),
        (JobStatus::Canceled, _) => Some(format!("Canceled.{kept}")),
        _ => None,
    }
}

/// Objects as an aligned table, with the names of their fields on top: of all fields, since not every
/// row needs to have every one. A column in which nothing stands is left out, and lists of objects stand
/// below their row, as tables of their own.
pub fn table(rows: &[Value]) -> String {
    let mut names: Vec<&String> = Vec::new();
    for row in rows.iter().filter_map(Value::as_object) {
        names.extend(
            row.keys()
                .filter(|name| !names.contains(name))
                .collect::<Vec<_>>(),
        );
    }
    let stands_in_line = |value: &Value| !value.is_null() && !is_list_of_objects(value);
    names.retain(|name| {
        rows.iter()
            .any(|row| row.get(name.as_str()).is_some_and(stands_in_line))
    });
    let heading = names.iter().map(|name| escaped(name)).collect();
    let mut lines = vec![Line::new(heading, "")];
    for row in rows {
        let cell = |name: &&String| {
            let value = row.get(name.as_str()).filter(|value| stands_in_line(value));
            value.map(plain).unwrap_or_default()
        };
        let lists = row.as_object().into_iter().flat_map(|row| row.values());
        let below: String = lists
            .filter(|value| is_list_of_objects(value))
            .filter_map(|list| Some(indented(&table(list.as_array()?))))
            .collect();
        lines.push(Line::new(names.iter().map(cell).collect(), &below));
    }
    aligned(&lines)
}

fn is_list_of_objects(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_object))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("\n    {line}")).collect()
}

/// A line of a table, and what stands below it.
struct Line {
    cells: Vec<String>,
    below: String,
}

impl Line {
    fn new(cells: Vec<String>, below: &str) -> Self {
        Self {
            cells,
            below: below.to_owned(),
        }
    }
}

fn aligned(lines: &[Line]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines {
        widths.resize(widths.len().max(line.cells.len()), 0);
        for (cell, width) in line.cells.iter().zip(&mut widths) {
            *width = cell.chars().count().max(*width);
        }
    }
    lines
        .iter()
        .map(|line| {
            let cells = line.cells.iter().zip(&widths);
            let padded: Vec<_> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!("{}{}", padded.join("  ").trim_end(), line.below)
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// A value on one line. What would break the line or the terminal is escaped.
fn plain(value: &Value) -> String {
    match value.as_str() {
        Some(text) => escaped(text),
        None => escaped(&value.to_string()),
    }
}

/// A text on one line, with what would break the line or play tricks on the terminal escaped.
pub fn escaped(text: &str) -> String {
    escaped_except(text, |_| false)
}

/// The same for a text of several lines.
pub fn escaped_lines(text: &str) -> String {
    escaped_except(text, |c| c == '\n')
}

fn escaped_except(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !stays(c) {
            safe.extend(c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn facts_come_first_and_tables_are_aligned() {
        let value = json!({
            "files": [{ "path": "a", "bytes": 10 }, { "path": "long", "bytes": 2 }],
            "total": 12,
            "nothing": null,
            "none": [],
        });
        assert_eq!(
            output(&value),
            "total: 12\n\nfiles:\npath  bytes\na     10\nlong  2"
        );
    }

    #[test]
    fn a_table_has_the_columns_of_all_its_rows_and_none_that_is_empty() {
        let rows = [
            json!({ "path": "a", "why": null, "none": null }),
            json!({ "path": "b", "why": "gone", "line": 3 }),
        ];
        assert_eq!(table(&rows), "path  why   line\na\nb     gone  3");
    }

    #[test]
    fn a_list_in_a_row_stands_below_it() {
        let rows = [
            json!({ "bytes": 10, "files": [{ "path": "a", "of": null }, { "path": "b", "of": "a" }] }),
            json!({ "bytes": 2, "files": [{ "path": "c" }], "tags": ["x"] }),
        ];
        assert_eq!(
            table(&rows),
            "bytes  tags\n10\n    path  of\n    a\n    b     a\n2      [\"x\"]\n    path\n    c"
        );
    }

    #[test]
    fn a_name_that_would_play_tricks_on_the_terminal_is_shown_escaped() {
        assert_eq!(plain(&json!("a\n\u{1b}[31m")), "a\\n\\u{1b}[31m");
        assert_eq!(escaped_lines("a\n\u{9b}m\r"), "a\n\\u{9b}m\\r");
        let names = json!({ "\u{7}": 1, "rows": [{ "\u{8}": 2 }] });
        assert_eq!(output(&names), "\\u{7}: 1\n\nrows:\n\\u{8}\n2");
    }
}
