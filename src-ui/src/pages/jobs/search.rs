//! The field that searches the jobs.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

use super::JobsView;
use crate::components::{Icon, IconView};
use crate::dom;
use crate::stores::TableKey;

/// How long nothing is typed before it is searched for.
const PAUSE: Duration = Duration::from_millis(200);
/// As much as the backend takes.
const LONGEST: u32 = 200;

/// The field that searches the jobs.
#[component]
pub fn SearchField(
    /// The page.
    jobs: JobsView,
) -> impl IntoView {
    let searched = Memo::new(move |_| jobs.key.with(|key| key.search.clone()));
    // What was typed, as it was typed: spaces too, which make no difference to a search.
    let typed = RwSignal::new(searched.get_untracked());
    Effect::new(move |_| {
        let searched = searched.get();
        if plain(&typed.get_untracked()) != searched {
            typed.set(searched);
        }
    });
    let search = move |text: &str| {
        let search = plain(text);
        let key = jobs.key.get_untracked();
        if key.search != search {
            // The first letter leads on from what was there; the others belong to it.
            let is_further = !key.search.is_empty();
            jobs.show.run((TableKey { search, ..key }, is_further));
        }
    };
    let mut settle = debounce(PAUSE, move |text: String| search(&text));
    let on_key = move |ev: ev::KeyboardEvent| match ev.key().as_str() {
        "ArrowDown" | "Enter" => {
            ev.prevent_default();
            dom::focus_first(vec![".jobs-scroll".to_owned()]);
        }
        "Escape" if !typed.get_untracked().is_empty() => {
            ev.prevent_default();
            typed.set(String::new());
            search("");
        }
        _ => {}
    };
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
                prop:value=typed
                on:input:target=move |ev| {
                    let text = ev.target().value();
                    typed.set(text.clone());
                    settle(text);
                }
                on:keydown=on_key
            />
        </label>
    }
}

/// The words alone.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
