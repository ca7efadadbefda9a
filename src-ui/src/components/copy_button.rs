//! A small button that copies a text.

use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::dom;

/// How long the button says that it has copied.
const SAYS_SO_FOR: Duration = Duration::from_millis(1_500);

/// Copies a text and says so for a moment.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What that is, as in "Copy digest".
    #[prop(into)]
    what: String,
) -> impl IntoView {
    // Outlives the button: the clipboard answers when it likes.
    let copied = ArcRwSignal::new(false);
    let shown = copied.clone();
    let label = {
        let copied = copied.clone();
        move || {
            if copied.get() {
                "Copied".to_owned()
            } else {
                format!("Copy {}", what.to_lowercase())
            }
        }
    };
    let copy = move |_| {
        let copied = copied.clone();
        dom::copy(text.clone(), move |worked| {
            copied.set(worked);
            set_timeout(move || copied.set(false), SAYS_SO_FOR);
        });
    };
    view! {
        <button type="button" class="icon-button" title=label.clone() aria-label=label on:click=copy>
            {move || {
                let icon = if shown.get() { Icon::Done } else { Icon::Copy };
                view! { <IconView icon /> }
            }}
        </button>
    }
}
