//! How far an unfinished job is.

use leptos::prelude::*;
use toolroom_shared::{JobStatus, JobSummary};

use super::JobReading;
use crate::components::ProgressBar;
use crate::dom;
use crate::format;

/// Stage, count, percent, bar, rate and time left.
#[component]
pub fn Progress(
    /// The job.
    reading: JobReading,
    /// What stands at the end of the last line.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let percent = reading.percent;
    let stage = reading.summary(stage);
    // While it waits, why its last attempt failed.
    let reason = reading.summary(|job| {
        let waits = job.status == JobStatus::Queued;
        job.error
            .as_ref()
            .filter(|_| waits)
            .map(|error| error.message.clone())
    });
    let waits = reading.summary(|job| job.status == JobStatus::Queued);
    // What the attempt that failed had done is done no longer.
    let done = reading.summary(|job| {
        let counts = job.next_attempt_at.is_none();
        format::done_of_total(&job.progress).filter(|_| counts)
    });
    let rate = reading.summary(|job| format::rate(&job.progress));
    let left = reading.summary(|job| format::time_left(&job.progress));
    let message = reading.summary(|job| {
        job.message
            .clone()
            .filter(|_| job.status == JobStatus::Running)
    });
    view! {
        <div class="progress" class:waits=waits>
            <div class="progress-line">
                <span class="progress-words">
                    <span data-stage="">{stage}</span>
                    {move || done.get().map(|done| view! { <span class="done">" · " {done}</span> })}
                </span>
                <span class="percent" data-percent=move || percent.get().to_string()>
                    {percent}
                    " %"
                </span>
            </div>
            <ProgressBar percent label=stage />
            <div class="progress-line small">
                <span class="rate">{rate}</span>
                <span class="left">{left}</span>
                <span class="progress-gap"></span>
                {children.map(|children| children())}
            </div>
            {move || {
                reason
                    .get()
                    .map(|reason| view! { <p class="failure small" data-retry-reason="">{reason}</p> })
            }}
            {move || {
                message
                    .get()
                    .map(|message| view! { <p class="message" title=message.clone()>{message.clone()}</p> })
            }}
        </div>
    }
}

/// What the job is at, in words.
fn stage(job: &JobSummary) -> String {
    if !job.stage.is_empty() && job.status == JobStatus::Running {
        return job.stage.clone();
    }
    let words = match (job.status, &job.next_attempt_at) {
        (JobStatus::Queued, _) if job.paused => "Held back until you resume it",
        (JobStatus::Queued, Some(at)) => return retries_at(at),
        (JobStatus::Queued, None) => "Waiting for its turn",
        _ => "Starting",
    };
    words.to_owned()
}

fn retries_at(at: &str) -> String {
    format::parse_time(at).map_or_else(
        || "Waiting to try again".to_owned(),
        |ms| {
            let time = format::time_of_day(ms, dom::utc_offset_minutes(ms));
            format!("Retries at {time}")
        },
    )
}
