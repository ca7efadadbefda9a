//! What stands where something else would: nothing there, not there yet, not to be had.

use leptos::prelude::*;

use crate::texts;

/// Says that there is nothing, and what to do about it.
#[component]
pub fn Empty(
    /// What is not there.
    #[prop(into)]
    title: Signal<String>,
    /// What to do.
    #[prop(into)]
    hint: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <p>{hint}</p>
        </div>
    }
}

/// Grey bars in place of what is on its way. They appear after 200 ms, by their style.
#[component]
pub fn Skeleton(
    /// How many.
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true" aria-label="Loading">
            {(0..rows).map(|_| view! { <div class="skeleton-row"></div> }).collect_view()}
        </div>
    }
}

/// Says why something failed, and offers to try again.
#[component]
pub fn Banner(
    /// What could not be done.
    #[prop(into)]
    title: String,
    /// Why, as a sentence.
    #[prop(into)]
    reason: String,
    /// Tries again.
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="banner" role="alert">
            <p class="banner-title">{title}</p>
            <p class="banner-reason">{reason}</p>
            <button
                type="button"
                class="button small"
                data-action="retry-load"
                on:click=move |_| on_retry.run(())
            >
                {texts::TRY_AGAIN}
            </button>
        </div>
    }
}
