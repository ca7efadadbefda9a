//! How far an unfinished job is.

use leptos::prelude::*;
use toolroom_shared::{JobStatus, JobSummary};

use super::JobReading;
use crate::components::ProgressBar;
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
    let done = reading.summary(|job| format::done_of_total(&job.progress));
    let rate = reading.summary(|job| format::rate(&job.progress));
    let left = reading.summary(|job| format::time_left(&job.progress));
    let message = reading.summary(|job| job.message.clone());
    view! {
        <div class="progress">
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
    let words = match job.status {
        JobStatus::Queued if job.paused => "Paused",
        JobStatus::Queued if job.next_attempt_at.is_some() => "Waiting to try again",
        JobStatus::Queued => "Waiting for its turn",
        _ => "Starting",
    };
    words.to_owned()
}
