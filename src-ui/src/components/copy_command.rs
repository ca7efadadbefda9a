//! A button that copies a line for a terminal.

use std::time::Duration;

use leptos::prelude::*;

use crate::dom;
use crate::texts;

/// How long the button says that it has copied.
const SAYS_SO_FOR: Duration = Duration::from_millis(1_500);

/// Copies a line for a terminal, made when it is pressed, and says so for a moment.
#[component]
pub fn CopyCommand(
    /// Makes the line.
    line: Callback<(), String>,
    /// As small as the buttons beside it.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    // Outlives the button: the clipboard answers when it likes.
    let copied = ArcRwSignal::new(None::<bool>);
    let shown = copied.clone();
    let copy = move |_| {
        let copied = copied.clone();
        dom::copy(line.run(()), move |worked| {
            copied.set(Some(worked));
            set_timeout(move || copied.set(None), SAYS_SO_FOR);
        });
    };
    let words = move || match shown.get() {
        None => texts::COPY_AS_COMMAND,
        Some(true) => "Copied",
        Some(false) => "Could not copy",
    };
    view! {
        <button
            type="button"
            class="button copy-command"
            class:small=small
            data-action="copy-command"
            on:mousedown=|ev| ev.prevent_default()
            on:click=copy
        >
            <span class="copy-words" aria-live="polite">{words}</span>
        </button>
    }
}
