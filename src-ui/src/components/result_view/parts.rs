//! A list of which more is drawn at each press.

use leptos::prelude::*;

use crate::texts;

/// A list of `total` entries, `step` at first and as many more at each press.
pub(super) fn view<V: IntoView + 'static>(
    class: &'static str,
    label: String,
    total: usize,
    step: usize,
    each: impl Fn(usize) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let limit = RwSignal::new(step);
    view! {
        <ul class=class aria-label=label>
            <For each=move || 0..limit.get().min(total) key=|index| *index children=each />
        </ul>
        <Show when=move || limit.get() < total>
            <button
                type="button"
                class="button small"
                data-action="show-more"
                on:click=move |_| limit.update(|limit| *limit += step)
            >
                {texts::SHOW_MORE}
            </button>
        </Show>
    }
}
