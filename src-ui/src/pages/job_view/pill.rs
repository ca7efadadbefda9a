//! A job's status as a colored word.

use leptos::prelude::*;
use toolroom_shared::JobStatus;

use crate::texts;

use super::JobReading;

/// A job's status as a colored word, told to assistive technology when it changes.
#[component]
pub fn StatusPill(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let status = reading.status;
    let canceling = reading.summary(|job| job.cancel_requested && !job.status.is_terminal());
    view! {
        <span class="pill" data-tone=move || tone(status.get()) role="status">
            {move || if canceling.get() { texts::CANCELING } else { status.get().as_str() }}
        </span>
    }
}

/// The color that stands for a status.
pub const fn tone(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Queued => "idle",
        JobStatus::Running => "busy",
        JobStatus::Succeeded => "good",
        JobStatus::Failed => "bad",
        JobStatus::Canceled => "warn",
    }
}
