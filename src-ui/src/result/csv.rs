//! A table as comma-separated values (RFC 4180), for other programs.

use serde_json::Value;

use super::Table;

/// The table with a line of names first: values as they are, and not as people read them.
#[must_use]
pub fn csv(table: &Table, rows: &[Value]) -> String {
    let mut text = String::new();
    line(
        &mut text,
        table.columns.iter().map(|column| column.name.as_str()),
    );
    for row in rows {
        let cells: Vec<String> = cells(table, row).collect();
        line(&mut text, cells.iter().map(String::as_str));
    }
    text
}

/// The table as a spreadsheet takes it from the clipboard: cells apart by tabs.
#[must_use]
pub fn tabs(table: &Table, rows: &[Value], with_names: bool) -> String {
    let flat = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let mut lines = Vec::new();
    if with_names {
        let names: Vec<_> = table
            .columns
            .iter()
            .map(|column| flat(&column.label))
            .collect();
        lines.push(names.join("\t"));
    }
    for row in rows {
        let cells: Vec<_> = cells(table, row).map(|cell| flat(&cell)).collect();
        lines.push(cells.join("\t"));
    }
    lines.join("\n")
}

fn cells<'a>(table: &'a Table, row: &'a Value) -> impl Iterator<Item = String> + 'a {
    table
        .columns
        .iter()
        .map(|column| table.cell(row, column).full)
}

fn line<'a>(text: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        // A line of one empty field would be no line.
        if field.is_empty() || field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// Reads by the grammar of RFC 4180.
    fn read(text: &str) -> Vec<Vec<String>> {
        let mut records = vec![vec![String::new()]];
        let mut chars = text.chars().peekable();
        let mut is_quoted = false;
        while let Some(c) = chars.next() {
            let record = records.last_mut().unwrap();
            match c {
                '"' if is_quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    record.last_mut().unwrap().push('"');
                }
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => record.push(String::new()),
                '\r' if !is_quoted && chars.peek() == Some(&'\n') => {
                    chars.next();
                    records.push(vec![String::new()]);
                }
                c => record.last_mut().unwrap().push(c),
            }
        }
        assert!(!is_quoted);
        // What follows the last line's end is nothing.
        assert_eq!(records.pop(), Some(vec![String::new()]));
        records
    }

    fn table(rows: &[Value]) -> Table {
        let list = crate::form::schema::Resolved::default();
        Table::of(None, "T".into(), rows, &list, &Value::Null)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_by_the_standards_grammar(
            rows in prop::collection::vec(("[a-z,\"\r\n ä;]{0,8}", any::<i64>()), 1..6),
        ) {
            let values: Vec<Value> = rows
                .iter()
                .map(|(text, number)| json!({"a,b": text, "n": number}))
                .collect();
            let mut expected = vec![vec!["a,b".to_owned(), "n".to_owned()]];
            expected.extend(rows.iter().map(|(text, number)| vec![text.clone(), number.to_string()]));
            prop_assert_eq!(read(&csv(&table(&values), &values)), expected);
        }

        #[test]
        fn a_row_is_one_line_on_the_clipboard(text in ".{0,12}", more in "[a-z\t\n]{0,6}") {
            let rows = [json!({"a": text, "b": more}), json!({"a": "x", "b": "y"})];
            let copied = tabs(&table(&rows), &rows, true);
            prop_assert_eq!(copied.matches('\n').count(), 2);
            prop_assert_eq!(copied.matches('\t').count(), 3);
        }
    }
}
