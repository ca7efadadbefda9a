//! A result, drawn from its JSON and schema alone.

mod pairs;
mod table;

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use crate::result::{Section, sections};

/// A job's output: single values, then tables.
#[component]
pub fn ResultView(
    /// The output.
    output: Arc<Value>,
    /// The JSON Schema that describes it.
    schema: Arc<Value>,
    /// Little room: long values are shortened more.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let sections = sections(&output, &schema)
        .into_iter()
        .map(|section| match section {
            Section::Pairs(pairs) => pairs::view(pairs, compact).into_any(),
            Section::Table(table) => table::view(table, output.clone(), compact).into_any(),
            Section::EmptyList { label } => {
                view! { <p class="result-empty">{label}": none"</p> }.into_any()
            }
        })
        .collect_view();
    view! { <div class="result" data-result="">{sections}</div> }
}
