//! A switch: on or off.

use leptos::prelude::*;

/// A switch with its words beside it.
#[component]
pub fn Switch(
    /// The id of the input.
    #[prop(into)]
    id: String,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// The id of what describes it.
    #[prop(into)]
    described_by: String,
    /// Takes the new state.
    on_change: Callback<bool>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let own_id = id.clone();
    view! {
        <label class="switch" for=own_id>
            <input
                type="checkbox"
                role="switch"
                id=id
                aria-describedby=described_by
                prop:checked=on
                on:change:target=move |ev| on_change.run(ev.target().checked())
            />
            <span class="switch-track" aria-hidden="true"></span>
            <span class="switch-label">{children()}</span>
        </label>
    }
}
