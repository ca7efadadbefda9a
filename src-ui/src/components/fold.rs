//! A part that is unfolded by its heading.

use leptos::prelude::*;

use super::{Icon, IconView};

/// A heading that unfolds what stands below it. What is folded away isn't drawn at all.
#[component]
pub fn Fold(
    /// The heading.
    title: &'static str,
    /// What tests know it by, and its id on the page.
    name: &'static str,
    /// Of which level the heading is: one below the part it stands in.
    #[prop(default = 3)]
    level: u8,
    /// More in a word beside the heading.
    #[prop(into, optional)]
    note: Signal<String>,
    /// What is unfolded.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = view! {
        <button
            type="button"
            class="fold"
            data-fold=name
            aria-controls=name
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <IconView icon=Icon::Chevron />
            {title}
            <span class="count">{note}</span>
        </button>
    };
    let heading = match level {
        2 => view! { <h2 class="fold-heading">{button}</h2> }.into_any(),
        _ => view! { <h3 class="fold-heading">{button}</h3> }.into_any(),
    };
    view! {
        {heading}
        <div id=name class="folded" hidden=move || !open.get()>
            <Show when=move || open.get()>{children()}</Show>
        </div>
    }
}
