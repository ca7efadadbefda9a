//! A list of files: name first, then its folder, its kind and its size.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::ResultContext;
use super::pairs::value;
use super::parts;
use crate::components::EndText;
use crate::format;
use crate::result::{Cell, CellKind, Table};

/// How many files are drawn at first, and more at each press.
const FILES: usize = 100;

/// The files.
pub(super) fn view(table: Arc<Table>, context: ResultContext) -> impl IntoView {
    let total = table.rows(&context.output).len();
    let label = table.label.clone();
    let each = move |index: usize| file(&table, &context, index);
    parts::view("file-list", label, total, FILES, each)
}

fn file(table: &Table, context: &ResultContext, index: usize) -> impl IntoView + use<> {
    let row = table
        .rows(&context.output)
        .get(index)
        .unwrap_or(&Value::Null);
    let path = table.path_column().map(|column| table.cell(row, column));
    let path = path.map(|cell| cell.full).unwrap_or_default();
    let (folder, name) = split(&path);
    let size = table
        .size_column()
        .map(|column| table.cell(row, column).text);
    let kind = kind(name);
    // The path as a value of its own has whatever can be done with a file.
    let full = Cell {
        text: name.to_owned(),
        full: path.clone(),
        kind: CellKind::Path,
    };
    view! {
        <li class="file" data-file=path.clone()>
            <span class="file-kind" aria-hidden="true">{kind}</span>
            <span class="file-words">
                <span class="file-name">{value(full, "file", context.compact)}</span>
                <span class="file-folder mono" title=path.clone()>
                    <EndText text=folder.to_owned() />
                </span>
            </span>
            <span class="file-size">{size}</span>
        </li>
    }
}

/// A path's folder and its last part.
pub(super) fn split(path: &str) -> (&str, &str) {
    let whole = path.trim_end_matches(['/', '\\']);
    match whole.rfind(['/', '\\']) {
        Some(separator) => (&whole[..separator], &whole[separator + 1..]),
        None => ("", whole),
    }
}

/// A file's kind, by its name's ending.
pub(super) fn kind(name: &str) -> String {
    let ending = name
        .rsplit_once('.')
        .filter(|(stem, ending)| !stem.is_empty() && (1..=5).contains(&ending.len()));
    ending.map_or_else(
        || "file".to_owned(),
        |(_, ending)| format::middle_out(ending, 5),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_before_its_folder_and_its_ending_is_its_kind() {
        assert_eq!(split("/a/b/c.txt"), ("/a/b", "c.txt"));
        assert_eq!(split("c"), ("", "c"));
        assert_eq!(kind("c.txt"), "txt");
        assert_eq!(kind(".bashrc"), "file");
        assert_eq!(kind("a.verylongending"), "file");
    }
}
