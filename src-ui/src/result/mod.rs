//! A job's output as sections to show, out of the JSON and its schema: no page.
//!
//! Lists become [`Table`]s, whose cells are made only for the rows that are drawn, and which may be
//! looked at in other ways too ([`ListView`]); objects become trees, texts of several lines texts that
//! can be searched, and everything else [`Pair`]s. How they look is the components' business.

mod cell;
mod csv;
mod find;
mod preview;
mod table;
mod title;
mod tree;
mod treemap;
mod view;

use serde_json::Value;

use crate::form::humanised;
use crate::form::schema::{Resolved, resolve};

pub use cell::{Cell, CellKind};
pub use csv::{csv, tabs};
pub use find::{MOST_MATCHES, Match, find};
pub use preview::Preview;
pub use table::{SortOrder, Table};
pub use title::title_of;
pub use tree::{TreePath, TreeStep, lines as tree_lines, step as tree_step};
pub use treemap::{Tile, tiles};
pub use view::ListView;

/// A part of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Section {
    /// Single values with their names.
    Pairs(Vec<Pair>),
    /// A list with rows.
    Table(Table),
    /// An object with a shape of its own.
    Tree {
        /// The property that holds it.
        name: String,
        /// What it is called.
        label: String,
    },
    /// A text of several lines.
    Text {
        /// What it is called.
        label: String,
        /// The text.
        text: String,
    },
    /// A list without any.
    EmptyList {
        /// What the list is called.
        label: String,
    },
}

/// A single value with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The property's name.
    pub name: String,
    /// Its name as people read it.
    pub label: String,
    /// Its value.
    pub cell: Cell,
}

/// The sections of an output: single values first, then the lists, each in the schema's order.
#[must_use]
pub fn sections(output: &Value, schema: &Value) -> Vec<Section> {
    let resolved = resolve(schema, schema);
    let Value::Object(properties) = output else {
        return alone(output, &resolved, schema);
    };
    let mut pairs = Vec::new();
    let mut lists = Vec::new();
    let in_order = resolved
        .properties()
        .map(|(name, _)| name)
        .chain(properties.keys().filter(|name| {
            !resolved
                .properties()
                .any(|(other, _)| other == name.as_str())
        }));
    for name in in_order {
        let Some(value) = properties.get(name).filter(|value| !value.is_null()) else {
            continue;
        };
        let property = property(&resolved, schema, name);
        let label = property.text("title").unwrap_or_else(|| humanised(name));
        match value {
            Value::Array(rows) if rows.is_empty() => lists.push(Section::EmptyList { label }),
            Value::Array(rows) => {
                lists.push(Section::Table(Table::of(
                    Some(name),
                    label,
                    rows,
                    &property,
                    schema,
                )));
            }
            Value::Object(fields) if !fields.is_empty() => lists.push(Section::Tree {
                name: name.clone(),
                label,
            }),
            Value::String(text) if is_long(text, &property) => lists.push(Section::Text {
                label,
                text: text.clone(),
            }),
            value => pairs.push(Pair {
                cell: Cell::of(value, &property, name),
                name: name.clone(),
                label,
            }),
        }
    }
    let pairs = (!pairs.is_empty()).then_some(Section::Pairs(pairs));
    pairs.into_iter().chain(lists).collect()
}

/// The sections of an output that is no object.
fn alone(output: &Value, resolved: &Resolved, schema: &Value) -> Vec<Section> {
    let label = resolved
        .text("title")
        .unwrap_or_else(|| "Result".to_owned());
    vec![match output {
        Value::Array(rows) if rows.is_empty() => Section::EmptyList { label },
        Value::Array(rows) => Section::Table(Table::of(None, label, rows, resolved, schema)),
        Value::String(text) if is_long(text, resolved) => Section::Text {
            label,
            text: text.clone(),
        },
        value => Section::Pairs(vec![Pair {
            name: "result".to_owned(),
            label,
            cell: Cell::of(value, resolved, "result"),
        }]),
    }]
}

/// Whether a text is shown as one, with a search, instead of beside its name.
fn is_long(text: &str, schema: &Resolved) -> bool {
    const A_FEW: usize = 4;
    ListView::named_in(schema).contains(&"text") || text.lines().count() > A_FEW
}

/// The schema of a property of the output, by its name; of the output itself without one.
#[must_use]
pub fn schema_of(root: &Value, name: Option<&str>) -> Resolved {
    let resolved = resolve(root, root);
    match name {
        Some(name) => property(&resolved, root, name),
        None => resolved,
    }
}

/// The schema of an object's property; an empty one if the schema doesn't name it.
fn property(object: &Resolved, root: &Value, name: &str) -> Resolved {
    object
        .properties()
        .find(|(other, _)| *other == name)
        .map(|(_, schema)| resolve(root, schema))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({
            "$defs": {"Item": {"type": "object", "properties": {
                "path": {"type": "string", "title": "File", "format": "path"},
                "bytes": {"type": "integer", "x-unit": "bytes"}
            }}},
            "type": "object",
            "properties": {
                "found": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
                "skipped": {"type": "array", "items": {"type": "string"}},
                "total": {"type": "integer", "title": "Total size", "x-unit": "bytes"},
                "note": {"type": ["string", "null"]},
            }
        })
    }

    #[test]
    fn single_values_come_first_and_lists_are_tables_or_say_that_they_are_empty() {
        let output = json!({
            "found": [{"path": "/a", "bytes": 1500, "extra": true}],
            "skipped": [],
            "total": 1500,
            "note": null,
            "unforeseen": "x",
        });
        let sections = sections(&output, &schema());
        let [
            Section::Pairs(pairs),
            Section::Table(table),
            Section::EmptyList { label },
        ] = sections.as_slice()
        else {
            panic!("{sections:?}")
        };
        let read: Vec<_> = pairs
            .iter()
            .map(|pair| (pair.label.as_str(), pair.cell.text.as_str()))
            .collect();
        assert_eq!(read, [("Total size", "1.5 kB"), ("Unforeseen", "x")]);
        let columns: Vec<_> = table.columns.iter().map(|c| c.label.as_str()).collect();
        assert_eq!(columns, ["File", "Bytes", "Extra"]);
        assert_eq!(label, "Skipped");
    }

    proptest! {
        #[test]
        fn any_output_has_sections_and_cells(
            output in crate::form::any_json(),
            schema in crate::form::any_json(),
        ) {
            for section in sections(&output, &schema) {
                if let Section::Table(table) = section {
                    let rows = table.rows(&output);
                    for index in table.order(rows, None) {
                        for column in &table.columns {
                            let _ = table.cell(&rows[index], column);
                        }
                    }
                }
            }
        }
    }
}
