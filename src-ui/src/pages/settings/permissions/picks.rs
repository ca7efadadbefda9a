//! A list of names, each of them picked or not.

use leptos::prelude::*;

/// The names with a box each.
#[component]
pub fn Picks(
    /// What tests know it by.
    name: &'static str,
    /// What is picked, for who doesn't see it.
    label: &'static str,
    /// The names, and what people read.
    #[prop(into)]
    all: Signal<Vec<(String, String)>>,
    /// Those that are picked.
    #[prop(into)]
    chosen: Signal<Vec<String>>,
    /// What is said where there are none.
    empty: &'static str,
    /// Takes a name, and whether it is picked now.
    on_pick: Callback<(String, bool)>,
) -> impl IntoView {
    let pick = move |(id, words): (String, String)| {
        let (of, picked) = (id.clone(), id.clone());
        let on = move || chosen.with(|chosen| chosen.contains(&of));
        view! {
            <li>
                <label class="pick" data-pick=id>
                    <input
                        type="checkbox"
                        prop:checked=on
                        on:change:target=move |ev| {
                            on_pick.run((picked.clone(), ev.target().checked()));
                        }
                    />
                    <span>{words}</span>
                </label>
            </li>
        }
    };
    view! {
        <p class="muted" hidden=move || !all.with(Vec::is_empty)>
            {empty}
        </p>
        <ul
            class="picks"
            role="group"
            aria-label=label
            data-picks=name
            hidden=move || all.with(Vec::is_empty)
        >
            <For each=move || all.get() key=|(id, _)| id.clone() children=pick />
        </ul>
    }
}
