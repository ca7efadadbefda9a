//! A line that keeps its end where there is too little room for all of it.

use leptos::prelude::*;

/// Shows a path with its start left out if need be, since its end is what tells it from others;
/// any other text is cut at its end.
#[component]
pub fn EndText(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let is_path = move || text.with(|text| text.contains(['/', '\\']));
    view! {
        <span class="end-text" class:keep-end=is_path>
            // Kept apart from the line's direction, which only moves the ellipsis.
            <bdi>{text}</bdi>
        </span>
    }
}
