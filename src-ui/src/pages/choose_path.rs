//! A button that lets a person choose a path in the system's dialog.

use leptos::prelude::*;
use toolroom_shared::{PathKind, PathWish};

use crate::stores::use_stores;

/// The button.
#[component]
pub fn ChoosePath(
    /// What is chosen.
    kind: PathKind,
    /// What it is for: the dialog's title.
    title: &'static str,
    /// Where the chosen path is put.
    path: RwSignal<String>,
) -> impl IntoView {
    let files = use_stores().job_files;
    let ask = move |_| {
        let typed = path.with_untracked(|path| path.trim().to_owned());
        let wish = PathWish {
            kind,
            several: false,
            title: title.to_owned(),
            beside: Some(typed).filter(|typed| !typed.is_empty()),
        };
        files.choose(wish, move |chosen| {
            if let Some(first) = chosen.into_iter().next() {
                // The page may have been left meanwhile.
                path.try_set(first);
            }
        });
    };
    view! {
        <button
            type="button"
            class="text-button"
            data-action="choose-path"
            aria-label=format!("{title}: choose")
            on:click=ask
        >
            "Choose…"
        </button>
    }
}
