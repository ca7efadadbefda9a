//! What can be done with a file of a job: open it, show it in its folder, see what a picture looks like.
//!
//! Whoever shows a job says through the context how that is done. Without that there are no buttons.

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::result::Preview;

/// How files are opened, shown and looked at.
#[derive(Clone, Copy)]
pub struct FileActions {
    /// Opens the file with this path.
    pub open: Callback<String>,
    /// Shows it in its folder.
    pub reveal: Callback<String>,
    /// What the picture in it looks like, small.
    pub preview: Callback<String, ArcReadSignal<Preview>>,
}

/// The buttons beside a path; none for one that isn't whole.
#[component]
pub fn FileButtons(
    /// The path.
    path: String,
) -> impl IntoView {
    let actions = use_context::<FileActions>().filter(|_| is_whole(&path));
    actions.map(|FileActions { open, reveal, .. }| {
        let (opened, shown) = (path.clone(), path.clone());
        view! {
            <span class="file-buttons">
                <button
                    type="button"
                    class="icon-button"
                    data-action="open-path"
                    title="Open"
                    aria-label=format!("Open {path}")
                    on:click=move |_| open.run(opened.clone())
                >
                    <IconView icon=Icon::Open />
                </button>
                <button
                    type="button"
                    class="icon-button"
                    data-action="reveal-path"
                    title="Show in folder"
                    aria-label=format!("Show {path} in its folder")
                    on:click=move |_| reveal.run(shown.clone())
                >
                    <IconView icon=Icon::Folder />
                </button>
            </span>
        }
    })
}

/// Whether the path says by itself where it leads.
fn is_whole(path: &str) -> bool {
    path.starts_with('/')
        || matches!(path.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_paths_can_be_opened() {
        for path in ["/", "/a b", r"C:\a"] {
            assert!(is_whole(path), "{path}");
        }
        for path in ["", "a/b", "C:a", "1:\\a"] {
            assert!(!is_whole(path), "{path}");
        }
    }
}
