//! A dialog above the page. While it stands, nothing below it takes keys or clicks.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use crate::dom;

/// A dialog. Escape and a click beside it close it, and the focus goes back to where it was: the
/// browser's own `<dialog>` sees to that, and to what can't be reached below.
#[component]
pub fn Dialog(
    /// Its name, for those who don't see it.
    #[prop(into)]
    label: Signal<String>,
    /// The class that says how it looks.
    class: &'static str,
    /// It was closed.
    on_close: Callback<()>,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            dom::open_dialog(&dialog);
        }
    });
    on_cleanup(move || {
        // Closed first, and only then gone: otherwise the focus would not go back.
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    });
    // The dialog itself is hit only beside what stands in it.
    let beside = move |ev: ev::MouseEvent| {
        if ev.target() == ev.current_target() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            node_ref=node
            class=class
            aria-label=label
            on:mousedown=beside
            on:cancel=move |ev: ev::Event| {
                ev.prevent_default();
                on_close.run(());
            }
            // The browser closes it by itself when Escape is pressed once more. What closed it first
            // may have taken this view away by now.
            on:close=move |_| {
                on_close.try_run(());
            }
        >
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
