//! What a job was given and what it gave, each as its schema describes it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::{CopyButton, Empty, ResultView, SavedText, Skeleton};
use crate::pages::job_view::{JobReading, Outcome};
use crate::stores::{Output, use_stores};

/// The input as it was given.
#[component]
pub fn Input(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let (jobs, id) = (use_stores().jobs, reading.id.clone());
    jobs.want_title(&id);
    let exports = use_stores().exports;
    let save = Callback::new(move |saved: SavedText| exports.save(saved.file_name, saved.text));
    let input = reading.part(|job| job.input.clone().map(Shared));
    let tool = reading.tool;
    let schema = Memo::new(move |_| {
        let schema = tool.with(|tool| tool.as_ref().map(|tool| tool.input_schema.clone()));
        Shared(Arc::new(schema.unwrap_or_default()))
    });
    move || match input.get() {
        None => view! { <Skeleton rows=4 /> }.into_any(),
        Some(Shared(input)) => {
            let json = serde_json::to_string_pretty(input.as_ref()).unwrap_or_default();
            let schema = schema.get().0;
            view! {
                <section class="detail-part" aria-label="Input" data-input="">
                    <ResultView output=input schema on_save=save />
                    <CopyLine what="input as JSON" json />
                </section>
            }
            .into_any()
        }
    }
}

/// The output with all there is room for.
#[component]
pub fn OutputPart(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let status = reading.status;
    let over = Memo::new(move |_| status.get().is_terminal());
    let json = reading.part(|job| match &job.output {
        Output::Here(output) => Some(Shared(output.clone())),
        _ => None,
    });
    let is_nothing = reading.part(|job| {
        job.output == Output::Nothing && job.summary.error.is_none() && !job.summary.partial
    });
    move || {
        let reading = reading.clone();
        if !over.get() {
            return view! {
                <Empty title="No output yet" hint="It stands here once the job has ended." />
            }
            .into_any();
        }
        view! {
            <section class="detail-part" aria-label="Output">
                <Outcome reading />
                {move || {
                    is_nothing
                        .get()
                        .then(|| {
                            view! {
                                <Empty
                                    title="No output"
                                    hint="This job ended without leaving anything."
                                />
                            }
                        })
                }}
                {move || {
                    json.get()
                        .map(|Shared(output)| {
                            let json = serde_json::to_string_pretty(output.as_ref())
                                .unwrap_or_default();
                            view! { <CopyLine what="output as JSON" json /> }
                        })
                }}
            </section>
        }
        .into_any()
    }
}

/// A line with a button that copies the JSON.
#[component]
fn CopyLine(what: &'static str, json: String) -> impl IntoView {
    view! {
        <p class="copy-line">
            <span class="muted">{format!("Copy {what}")}</span>
            <CopyButton text=json what />
        </p>
    }
}

/// A value that is compared by where it is, not by all that is in it.
#[derive(Clone)]
struct Shared(Arc<serde_json::Value>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
