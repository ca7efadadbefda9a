//! The field that searches the jobs.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::{Icon, IconView};

/// How long nothing is typed before it is searched for.
const PAUSE: Duration = Duration::from_millis(200);
/// As much as the backend takes.
const LONGEST: u32 = 200;

/// The field that searches the jobs.
#[component]
pub fn SearchField(
    /// What is searched for, after a pause.
    search: RwSignal<String>,
) -> impl IntoView {
    let mut settle = debounce(PAUSE, move |text: String| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if search.with_untracked(|before| *before != text) {
            search.set(text);
        }
    });
    view! {
        <label class="search">
            <IconView icon=Icon::Search />
            <input
                type="search"
                aria-label="Search jobs"
                autocomplete="off"
                spellcheck="false"
                placeholder="Search jobs"
                maxlength=LONGEST.to_string()
                data-search=""
                on:input:target=move |ev| settle(ev.target().value())
            />
        </label>
    }
}
