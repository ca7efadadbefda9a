//! How a job ended: its error in words, and its result.

use leptos::prelude::*;
use toolroom_shared::JobStatus;

use super::JobReading;
use crate::components::{ResultView, Skeleton};
use crate::stores::use_stores;
use crate::texts;

/// The error, if there is one, and the output. Asks for the output by itself.
#[component]
pub fn Outcome(
    /// The job, which has ended.
    reading: JobReading,
    /// Little room.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let stores = use_stores();
    let revision = reading.summary(|job| job.revision);
    let id = reading.id.clone();
    Effect::new(move |_| {
        // Asked again when the job changes or the backend comes back.
        revision.track();
        stores.link.track();
        stores.jobs.want_output(&id);
    });
    let output = reading.part(|job| job.output_is_known().then(|| OutputOf(job.output.clone())));
    let error = reading.summary(|job| job.error.clone());
    let partial = reading.summary(|job| job.partial);
    let status = reading.status;
    let words = move || {
        let error = error.get();
        view! {
            {error
                .map(|error| {
                    view! { <p class="failure">{error.message}</p> }
                })}
            {partial.get().then(|| view! { <p class="partial">{texts::PARTIAL}</p> })}
        }
    };
    let result = move || match output.get() {
        None if status.get() == JobStatus::Succeeded => view! { <Skeleton rows=2 /> }.into_any(),
        Some(OutputOf(Some(output))) => {
            let schema = reading.output_schema();
            view! { <ResultView output schema compact /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        {words}
        {result}
    }
}

/// An output that is compared by where it is, not by all that is in it.
#[derive(Clone)]
struct OutputOf(Option<std::sync::Arc<serde_json::Value>>);

impl PartialEq for OutputOf {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(two)) => std::sync::Arc::ptr_eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        }
    }
}
