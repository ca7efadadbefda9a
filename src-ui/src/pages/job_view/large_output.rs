//! What stands for an output that is too large to come at once.

use leptos::prelude::*;

use crate::components::{Banner, ProgressBar};
use crate::format;

/// How much of the result is here.
#[component]
pub fn LoadingOutput(
    /// Bytes that are here.
    done: u64,
    /// Bytes that there are.
    total: u64,
) -> impl IntoView {
    let percent = (done.saturating_mul(100) / total.max(1)).min(100);
    let percent = u8::try_from(percent).unwrap_or(100);
    let words = format!(
        "Loading the result, {} of {} MB",
        format::megabytes(done),
        format::megabytes(total)
    );
    view! {
        <div class="large-output" aria-busy="true" data-output="loading">
            <p>{words}</p>
            <ProgressBar percent label="Loading the result".to_owned() />
        </div>
    }
}

/// Says how large the result is, and offers to load it.
#[component]
pub fn OfferedOutput(
    /// Bytes that there are.
    total: u64,
    /// Loads it.
    on_load: Callback<()>,
) -> impl IntoView {
    let words = format!(
        "The result is {}. Showing it takes some time and several times as much memory.",
        format::bytes(total as f64)
    );
    view! {
        <div class="large-output" data-output="offered">
            <p>{words}</p>
            <button
                type="button"
                class="button small"
                data-action="load-output"
                on:click=move |_| on_load.run(())
            >
                "Load it anyway"
            </button>
        </div>
    }
}

/// Says why the result could not be loaded, and offers to try again.
#[component]
pub fn FailedOutput(
    /// Why, as a sentence.
    reason: String,
    /// Tries again.
    on_load: Callback<()>,
) -> impl IntoView {
    view! { <Banner title="The result could not be loaded." reason on_retry=on_load /> }
}
