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

/// Objects with the same fields as an aligned table, with the fields' names on top.
pub fn table(rows: &[Value]) -> String {
    let names: Vec<&String> = rows
        .first()
        .and_then(Value::as_object)
        .map(|row| row.keys().collect())
        .unwrap_or_default();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| names.iter().map(|name| plain(&row[*name])).collect())
        .collect();
    let columns: Vec<String> = names.iter().map(|name| escaped(name)).collect();
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let widest = cells.iter().map(|row| row[index].chars().count()).max();
            widest.unwrap_or(0).max(name.chars().count())
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let padded: Vec<_> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    std::iter::once(line(columns.iter().map(String::as_str).collect()))
        .chain(
            cells
                .iter()
                .map(|row| line(row.iter().map(String::as_str).collect())),
        )
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
    fn a_name_that_would_play_tricks_on_the_terminal_is_shown_escaped() {
        assert_eq!(plain(&json!("a\n\u{1b}[31m")), "a\\n\\u{1b}[31m");
        assert_eq!(escaped_lines("a\n\u{9b}m\r"), "a\n\\u{9b}m\\r");
        let names = json!({ "\u{7}": 1, "rows": [{ "\u{8}": 2 }] });
        assert_eq!(output(&names), "\\u{7}: 1\n\nrows:\n\\u{8}\n2");
    }
}
