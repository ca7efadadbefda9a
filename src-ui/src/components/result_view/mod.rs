//! A result, drawn from its JSON and schema alone.

mod cells;
mod files;
mod images;
mod list;
mod pairs;
mod parts;
mod table;
mod text;
mod tree;
mod treemap;
mod widths;

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use crate::result::{Section, sections};

/// A text that somebody wants as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedText {
    /// The file's name.
    pub file_name: String,
    /// What is to stand in it.
    pub text: String,
}

/// What every part of a result needs.
#[derive(Clone)]
struct ResultContext {
    output: Arc<Value>,
    schema: Arc<Value>,
    compact: bool,
    on_save: Callback<SavedText>,
}

/// A job's output: single values, then lists, trees and texts.
#[component]
pub fn ResultView(
    /// The output.
    output: Arc<Value>,
    /// The JSON Schema that describes it.
    schema: Arc<Value>,
    /// Little room: long values are shortened more.
    #[prop(optional)]
    compact: bool,
    /// Takes what is to be saved.
    on_save: Callback<SavedText>,
) -> impl IntoView {
    let context = ResultContext {
        output: output.clone(),
        schema: schema.clone(),
        compact,
        on_save,
    };
    let sections = sections(&output, &schema)
        .into_iter()
        .map(|section| match section {
            Section::Pairs(pairs) => pairs::view(pairs, compact).into_any(),
            Section::Table(table) => list::view(table, context.clone()).into_any(),
            Section::Tree { name, label } => tree::section(&name, label, &context).into_any(),
            Section::Text { label, text } => text::view(label, text).into_any(),
            Section::EmptyList { label } => {
                view! { <p class="result-empty">{label}": none"</p> }.into_any()
            }
        })
        .collect_view();
    view! { <div class="result" data-result="">{sections}</div> }
}
