//! Keys to press, drawn as keys.

use leptos::prelude::*;

/// Keys that are pressed together.
#[component]
pub fn Keys(
    /// What stands on them.
    keys: Vec<String>,
) -> impl IntoView {
    let keys = keys
        .into_iter()
        .map(|key| view! { <kbd>{key}</kbd> })
        .collect_view();
    view! { <span class="keys">{keys}</span> }
}
