//! Where a job stands, as a colored word.

use leptos::prelude::*;

use super::{JobReading, standing, tone};

/// Where a job stands, as a colored word, told to assistive technology when it changes.
#[component]
pub fn StatusPill(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let words = reading.summary(standing);
    let tone = reading.summary(tone);
    view! {
        <span class="pill" data-tone=tone role="status">
            {words}
        </span>
    }
}
