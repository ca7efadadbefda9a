//! A dialog above everything: the rest of the page can't be reached until it is answered.

use leptos::{html, prelude::*};

use crate::dom;

/// A dialog. It is there for as long as this is; the focus goes back to where it was.
#[component]
pub fn Modal(
    /// The id of its title.
    labelled_by: &'static str,
    /// Escape was pressed.
    on_escape: Callback<()>,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let before = dom::Focused::now();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // Fails for one that is open already.
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || before.give_back());
    view! {
        <dialog
            node_ref=dialog
            class="modal"
            aria-labelledby=labelled_by
            on:cancel=move |ev: web_sys::Event| {
                ev.prevent_default();
                on_escape.run(());
            }
        >
            {children()}
        </dialog>
    }
}
