//! A list of a result as a table.

use std::cmp::Ordering;

use serde_json::Value;

use super::cell::{Cell, CellKind};
use super::{ListView, property};
use crate::form::humanised;
use crate::form::schema::{Resolved, resolve};

/// The name of the one column of a list whose entries are no objects.
const VALUE: &str = "value";

/// A list of a result: what its columns are, and where its rows stand in the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The property that holds the rows; none if the output is the list itself.
    pub name: Option<String>,
    /// What the list is called.
    pub label: String,
    /// Its columns, in the schema's order.
    pub columns: Vec<Column>,
    /// The ways to look at it, the best first; a table is always among them.
    pub views: Vec<ListView>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The property that it shows.
    pub name: String,
    /// Its name as people read it.
    pub label: String,
    schema: Resolved,
}

/// By which column a table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortOrder {
    /// The column's index.
    pub column: usize,
    /// Greatest first.
    pub descending: bool,
}

impl Table {
    /// The table of `rows`, which `list` describes within `root`.
    #[must_use]
    pub fn of(
        name: Option<&str>,
        label: String,
        rows: &[Value],
        list: &Resolved,
        root: &Value,
    ) -> Self {
        let items = list
            .keywords
            .get("items")
            .map(|items| resolve(root, items))
            .unwrap_or_default();
        let is_for_programs = |name: &str| property(&items, root, name).flag("x-hidden");
        let mut names: Vec<&String> = items
            .properties()
            .map(|(name, _)| name)
            .filter(|name| !is_for_programs(name))
            .filter(|name| {
                // A column in which nothing stands says nothing.
                rows.iter()
                    .any(|row| row.get(name.as_str()).is_some_and(|v| !v.is_null()))
            })
            .collect();
        for row in rows {
            for name in row.as_object().into_iter().flat_map(|row| row.keys()) {
                if !names.contains(&name) && !items.properties().any(|(other, _)| other == name) {
                    names.push(name);
                }
            }
        }
        let mut columns: Vec<Column> = names
            .into_iter()
            .map(|name| Column::of(name, property(&items, root, name)))
            .collect();
        if columns.is_empty() {
            columns.push(Column {
                name: VALUE.to_owned(),
                label: items.text("title").unwrap_or_else(|| humanised(VALUE)),
                schema: items,
            });
        }
        let mut table = Self {
            name: name.map(str::to_owned),
            label,
            columns,
            views: Vec::new(),
        };
        table.views = ListView::of(list, &table, rows);
        table
    }

    /// The column that says how large a row is, if one does: the one that wastes most, as it were, is
    /// named by `x-size`; else it is the first in bytes.
    #[must_use]
    pub fn size_column(&self) -> Option<&Column> {
        let is_named = |column: &&Column| column.schema.flag("x-size");
        let is_bytes = |column: &&Column| {
            column.schema.text("x-unit").as_deref() == Some("bytes") || column.name == "bytes"
        };
        let named = self.columns.iter().find(is_named);
        named.or_else(|| self.columns.iter().find(is_bytes))
    }

    /// The column that says where a row's file is.
    #[must_use]
    pub fn path_column(&self) -> Option<&Column> {
        let is_path = |column: &&Column| column.schema.text("format").as_deref() == Some("path");
        self.columns.iter().find(is_path)
    }

    /// The column that says where a row's picture is: the one that `x-image` names, else that of its file.
    #[must_use]
    pub fn image_column(&self) -> Option<&Column> {
        let is_named = |column: &&Column| column.schema.flag("x-image");
        let named = self.columns.iter().find(is_named);
        named.or_else(|| self.path_column())
    }

    /// What a row is called: its path, that of the first thing inside it, or its first words.
    #[must_use]
    pub fn label_of(&self, row: &Value) -> String {
        let cells = || self.columns.iter().map(|column| self.cell(row, column));
        let first =
            |kind: CellKind| cells().find(|cell| cell.kind == kind && !cell.text.is_empty());
        let label = first(CellKind::Path)
            .or_else(|| first(CellKind::List))
            .or_else(|| first(CellKind::Text));
        label.map_or_else(String::new, |cell| {
            cell.text.lines().next().unwrap_or_default().to_owned()
        })
    }

    /// The rows, as they stand in `output`.
    #[must_use]
    pub fn rows<'a>(&self, output: &'a Value) -> &'a [Value] {
        self.name
            .as_ref()
            .map_or(Some(output), |name| output.get(name))
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// What stands in `row` under `column`.
    #[must_use]
    pub fn cell(&self, row: &Value, column: &Column) -> Cell {
        Cell::of(value(row, column), &column.schema, &column.name)
    }

    /// The indices of `rows` in the order of `sort`; as they came without one.
    #[must_use]
    pub fn order(&self, rows: &[Value], sort: Option<SortOrder>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let Some((sort, column)) = sort.and_then(|s| Some((s, self.columns.get(s.column)?))) else {
            return order;
        };
        order.sort_by(|&a, &b| {
            let way = compare(value(&rows[a], column), value(&rows[b], column));
            if sort.descending { way.reverse() } else { way }
        });
        order
    }
}

impl Column {
    fn of(name: &str, schema: Resolved) -> Self {
        Self {
            name: name.to_owned(),
            label: schema.text("title").unwrap_or_else(|| humanised(name)),
            schema,
        }
    }
}

fn value<'a>(row: &'a Value, column: &Column) -> &'a Value {
    match row {
        Value::Object(properties) => properties.get(&column.name).unwrap_or(&Value::Null),
        other => other,
    }
}

/// Numbers by size, words by letters; what can't be compared keeps its place.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// A fixed order of kinds, so that sorting mixed columns is an order at all.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) | Value::Object(_) => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table(rows: &Value) -> Table {
        let rows = rows.as_array().unwrap();
        Table::of(None, "T".into(), rows, &Resolved::default(), &Value::Null)
    }

    #[test]
    fn rows_sort_by_a_column_both_ways_and_stay_put_without_one() {
        let rows = json!([{"n": 10}, {"n": 9}, {"n": null}]);
        let table = table(&rows);
        let order = |descending| {
            let sort = Some(SortOrder {
                column: 0,
                descending,
            });
            table.order(rows.as_array().unwrap(), sort)
        };
        assert_eq!(order(false), [2, 1, 0]);
        assert_eq!(order(true), [0, 1, 2]);
        assert_eq!(table.order(rows.as_array().unwrap(), None), [0, 1, 2]);
    }

    #[test]
    fn entries_that_are_no_objects_have_one_column() {
        let rows = json!(["a", "b"]);
        let table = table(&rows);
        assert_eq!(table.columns[0].name, "value");
        assert_eq!(table.cell(&rows[1], &table.columns[0]).text, "b");
        assert_eq!(table.rows(&rows).len(), 2);
    }
}
