//! When a job was, and how long it took.

use leptos::prelude::*;
use toolroom_shared::{JobStatus, JobSummary};

use super::JobReading;
use crate::dom;
use crate::format;
use crate::stores::use_stores;

/// How long the job worked, up to `now` if it still does; none while it waits.
#[must_use]
pub fn took(job: &JobSummary, now_ms: u64) -> Option<String> {
    if job.status == JobStatus::Queued {
        return None;
    }
    let start = format::parse_time(job.started_at.as_deref()?)?;
    let end = match &job.finished_at {
        Some(end) => format::parse_time(end)?,
        // Whole seconds while it counts up.
        None => start + now_ms.saturating_sub(start) / 1000 * 1000,
    };
    Some(format::duration(end.saturating_sub(start)))
}

/// How long the job has worked; counts up, once a second, only while it does.
#[must_use]
pub fn took_so_far(reading: &JobReading) -> Memo<Option<String>> {
    let now = use_stores().now;
    let at_work = reading.summary(|job| job.status == JobStatus::Running);
    let times = reading.summary(|job| (job.started_at.clone(), job.finished_at.clone()));
    let job = reading.job.clone();
    Memo::new(move |_| {
        let _ = times.get();
        let now = if at_work.get() { now.get() } else { 0 };
        job.with_untracked(|job| took(&job.summary, now))
    })
}

/// A moment: relative, or as a time of day, with the exact one on hover.
#[component]
pub fn When(
    /// The moment (RFC 3339).
    #[prop(into)]
    at: Signal<Option<String>>,
    /// As a time of day instead of "2 min ago".
    #[prop(optional)]
    clock: bool,
) -> impl IntoView {
    let now = use_stores().now;
    let ms = Memo::new(move |_| at.with(|at| at.as_deref().and_then(format::parse_time)));
    let words = Memo::new(move |_| {
        let ms = ms.get()?;
        Some(if clock {
            format::short_time(ms, now.get(), dom::utc_offset_minutes(ms))
        } else {
            format::ago(ms, now.get())
        })
    });
    let exact = move || {
        ms.get()
            .map(|ms| format::exact_time(ms, dom::utc_offset_minutes(ms)))
    };
    view! { <time title=exact>{words}</time> }
}
