//! A list or an object as a tree, of which only what is unfolded is read.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Cell, CellKind, property};
use crate::form::humanised;
use crate::form::schema::{Resolved, resolve};

/// How many branches of one are shown.
pub const MOST_BRANCHES: usize = 500;

/// Where a branch stands: its place among its siblings, from the top down.
pub type TreePath = Vec<usize>;

/// A line of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeLine {
    /// Where it stands.
    pub path: TreePath,
    /// What it is.
    pub label: Cell,
    /// More about it: its value, or the first of its numbers.
    pub note: String,
    /// None: nothing is inside it. Otherwise whether it is unfolded.
    pub is_open: Option<bool>,
    /// Which of its siblings it is, from 1.
    pub place: usize,
    /// How many siblings there are, itself included.
    pub siblings: usize,
}

/// The lines of the tree of `value`, which `schema` describes within `root`, with the branches in `open`
/// unfolded.
#[must_use]
pub fn lines(
    value: &Value,
    schema: &Resolved,
    root: &Value,
    open: &BTreeSet<TreePath>,
) -> Vec<TreeLine> {
    let mut lines = Vec::new();
    let reader = Reader { root, open };
    reader.below(value, schema, &mut Vec::new(), &mut lines);
    lines
}

struct Reader<'a> {
    root: &'a Value,
    open: &'a BTreeSet<TreePath>,
}

/// A branch before it is a line: its name if it has one, its value and what describes that.
struct Branch<'v> {
    name: Option<String>,
    value: &'v Value,
    schema: Resolved,
}

impl Reader<'_> {
    fn below(
        &self,
        value: &Value,
        schema: &Resolved,
        path: &mut TreePath,
        lines: &mut Vec<TreeLine>,
    ) {
        let branches = self.branches(value, schema);
        let siblings = branches.len();
        for (index, branch) in branches.into_iter().take(MOST_BRANCHES).enumerate() {
            path.push(index);
            let has_more = !self.branches(branch.value, &branch.schema).is_empty();
            let is_open = self.open.contains(path);
            let (label, note) = self.words(&branch, index);
            lines.push(TreeLine {
                path: path.clone(),
                label,
                note,
                is_open: has_more.then_some(is_open),
                place: index + 1,
                siblings,
            });
            if has_more && is_open {
                self.below(branch.value, &branch.schema, path, lines);
            }
            path.pop();
        }
        if siblings > MOST_BRANCHES {
            path.push(MOST_BRANCHES);
            let more = format!(
                "{} more",
                crate::format::count((siblings - MOST_BRANCHES) as u64)
            );
            lines.push(TreeLine {
                path: path.clone(),
                label: plain(&more),
                note: String::new(),
                is_open: None,
                place: MOST_BRANCHES + 1,
                siblings: MOST_BRANCHES + 1,
            });
            path.pop();
        }
    }

    /// What is inside a value. An object with one list in it is that list: its other values are said
    /// beside its name.
    fn branches<'v>(&self, value: &'v Value, schema: &Resolved) -> Vec<Branch<'v>> {
        match value {
            Value::Array(items) => {
                let each = schema
                    .keywords
                    .get("items")
                    .map(|items| resolve(self.root, items))
                    .unwrap_or_default();
                let branch = |value| Branch {
                    name: None,
                    value,
                    schema: each.clone(),
                };
                items.iter().map(branch).collect()
            }
            Value::Object(fields) => {
                let inside: Vec<_> = fields
                    .iter()
                    .filter(|(_, value)| value.is_array() || value.is_object())
                    .filter(|(name, _)| !property(schema, self.root, name).flag("x-hidden"))
                    .collect();
                if let [(name, list @ Value::Array(_))] = inside.as_slice() {
                    return self.branches(list, &property(schema, self.root, name));
                }
                let in_order =
                    schema
                        .properties()
                        .map(|(name, _)| name)
                        .chain(fields.keys().filter(|name| {
                            !schema.properties().any(|(other, _)| other == name.as_str())
                        }));
                in_order
                    .filter_map(|name| {
                        let value = fields.get(name).filter(|value| !value.is_null())?;
                        let schema = property(schema, self.root, name);
                        let label = schema.text("title").unwrap_or_else(|| humanised(name));
                        (!schema.flag("x-hidden")).then_some(Branch {
                            name: Some(label),
                            value,
                            schema,
                        })
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn words(&self, branch: &Branch<'_>, index: usize) -> (Cell, String) {
        match (&branch.name, branch.value) {
            (Some(name), Value::Array(items)) => {
                (plain(name), crate::format::count(items.len() as u64))
            }
            (Some(name), Value::Object(_)) => (plain(name), String::new()),
            (Some(name), value) => (plain(name), Cell::of(value, &branch.schema, name).text),
            (None, Value::Object(fields)) => {
                let cells: Vec<(String, Cell)> = fields
                    .iter()
                    .filter(|(_, value)| {
                        !value.is_null() && !value.is_array() && !value.is_object()
                    })
                    .map(|(name, value)| {
                        let schema = property(&branch.schema, self.root, name);
                        let label = schema.text("title").unwrap_or_else(|| humanised(name));
                        (label, Cell::of(value, &schema, name))
                    })
                    .collect();
                let own = cells.iter().find(|(_, cell)| cell.kind == CellKind::Path);
                let label = own
                    .map(|(_, cell)| cell.clone())
                    .or_else(|| self.first_path(branch))
                    .or_else(|| {
                        let word = cells.iter().find(|(_, cell)| cell.kind == CellKind::Text);
                        word.map(|(_, cell)| cell.clone())
                    })
                    .unwrap_or_else(|| plain(&format!("Entry {}", index + 1)));
                let numbers: Vec<String> = cells
                    .iter()
                    .filter(|(_, cell)| cell.kind == CellKind::Number)
                    .take(3)
                    .map(|(name, cell)| format!("{name} {}", cell.text))
                    .collect();
                (label, numbers.join(" · "))
            }
            (None, value) => (Cell::of(value, &branch.schema, "value"), String::new()),
        }
    }

    /// The path of the first thing inside it: what a group of files is called by.
    fn first_path(&self, branch: &Branch<'_>) -> Option<Cell> {
        let inside = self.branches(branch.value, &branch.schema);
        let first = inside.first()?;
        let path = first.value.get("path").and_then(Value::as_str);
        let path = path.or_else(|| first.value.as_str().filter(|text| text.contains('/')))?;
        Some(Cell {
            kind: CellKind::Path,
            ..plain(path)
        })
    }
}

fn plain(text: &str) -> Cell {
    Cell {
        text: text.to_owned(),
        full: text.to_owned(),
        kind: CellKind::Text,
    }
}

/// Where the arrow keys lead from the line at `at`, as a tree's should: none if they do something else.
#[must_use]
pub fn step(lines: &[TreeLine], at: usize, key: &str) -> Option<TreeStep> {
    let line = lines.get(at)?;
    let parent = || {
        let above = line.path.split_last()?.1;
        lines.iter().position(|other| other.path == above)
    };
    Some(match (key, line.is_open) {
        ("ArrowDown", _) => TreeStep::To((at + 1).min(lines.len() - 1)),
        ("ArrowUp", _) => TreeStep::To(at.saturating_sub(1)),
        ("Home", _) => TreeStep::To(0),
        ("End", _) => TreeStep::To(lines.len() - 1),
        ("ArrowRight", Some(false)) | ("Enter" | " ", Some(_)) | ("ArrowLeft", Some(true)) => {
            TreeStep::Turn
        }
        ("ArrowRight", Some(true)) => TreeStep::To(at + 1),
        ("ArrowLeft", _) => TreeStep::To(parent()?),
        _ => return None,
    })
}

/// What a key does in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeStep {
    /// The focus goes to the line at this place.
    To(usize),
    /// The line is folded or unfolded.
    Turn,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn groups() -> Value {
        json!([
            {"bytes": 2000, "copies": 2, "files": [{"path": "/a/x"}, {"path": "/b/x"}], "digest": "d"},
            {"bytes": 10, "copies": 3, "files": [{"path": "/c"}], "digest": "e"},
        ])
    }

    #[test]
    fn a_group_is_called_by_its_first_file_and_holds_its_files() {
        let mut open = BTreeSet::new();
        let schema = Resolved::default();
        let words = |open: &BTreeSet<TreePath>| -> Vec<(String, String)> {
            let lines = lines(&groups(), &schema, &Value::Null, open);
            lines
                .into_iter()
                .map(|line| (line.label.text, line.note))
                .collect()
        };
        assert_eq!(
            words(&open),
            [
                ("/a/x".into(), "Bytes 2.0 kB · Copies 2".into()),
                ("/c".into(), "Bytes 10 B · Copies 3".into())
            ]
        );
        open.insert(vec![0]);
        let names: Vec<_> = words(&open).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["/a/x", "/a/x", "/b/x", "/c"]);
    }

    #[test]
    fn arrows_go_into_a_branch_and_out_of_it() {
        let open = BTreeSet::from([vec![0]]);
        let lines = lines(&groups(), &Resolved::default(), &Value::Null, &open);
        assert_eq!(step(&lines, 0, "ArrowRight"), Some(TreeStep::To(1)));
        assert_eq!(step(&lines, 2, "ArrowLeft"), Some(TreeStep::To(0)));
        assert_eq!(step(&lines, 0, "ArrowLeft"), Some(TreeStep::Turn));
        assert_eq!(step(&lines, 3, "ArrowRight"), Some(TreeStep::Turn));
        assert_eq!(step(&lines, 3, "x"), None);
    }

    proptest! {
        #[test]
        fn any_value_has_a_tree_and_no_key_leads_out_of_it(
            value in crate::form::any_json(),
            schema in crate::form::any_json(),
            open in prop::collection::btree_set(prop::collection::vec(0..3_usize, 1..4), 0..6),
            key in prop::sample::select(vec!["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"]),
        ) {
            let lines = lines(&value, &resolve(&schema, &schema), &schema, &open);
            for at in 0..lines.len() {
                if let Some(TreeStep::To(to)) = step(&lines, at, key) {
                    prop_assert!(to < lines.len());
                }
            }
        }
    }
}
