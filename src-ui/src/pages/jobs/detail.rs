//! The chosen job: all that is known of it, in parts.

use leptos::prelude::*;
use toolroom_shared::JobId;

use super::JobsView;
use super::actions::Actions;
use super::facts::{Identity, Overview};
use super::files::Files;
use super::happened::Happened;
use super::input::{Input, OutputPart};
use super::log::LogSection;
use super::rate_chart::RateChart;
use crate::components::{Banner, Empty, Icon, IconView, Segment, Segments, Skeleton};
use crate::pages::job_view::{JobReading, Outcome, Progress, StatusPill};
use crate::stores::{Details, use_stores};

/// A part of what is known of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DetailPart {
    /// How it stands and what came of it.
    #[default]
    Overview,
    /// What its tool wrote.
    Log,
    /// What it was given.
    Input,
    /// What it gave.
    Output,
    /// The files that its output names.
    Files,
}

impl DetailPart {
    const ALL: [Self; 5] = [
        Self::Overview,
        Self::Log,
        Self::Input,
        Self::Output,
        Self::Files,
    ];

    const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Log => "Log",
            Self::Input => "Input",
            Self::Output => "Output",
            Self::Files => "Files",
        }
    }
}

/// The chosen job.
#[component]
pub fn Detail(
    /// The job.
    id: JobId,
    /// Which part is shown; stays when another job is chosen.
    part: RwSignal<DetailPart>,
    /// The page.
    jobs: JobsView,
) -> impl IntoView {
    let stores = use_stores();
    // Shared with the store, which may answer after the view has gone.
    let state = ArcRwSignal::new(Details::Loading);
    stores.jobs.look_at(id.clone(), state.clone());
    let retry = {
        let (jobs, id, state) = (stores.jobs.clone(), id.clone(), state.clone());
        Callback::new(move |()| {
            state.set(Details::Loading);
            jobs.look_at(id.clone(), state.clone());
        })
    };
    let known = {
        let (jobs, id) = (stores.jobs.clone(), id.clone());
        Memo::new(move |_| jobs.job_tracked(&id).is_some())
    };
    let label = format!("Job {id}");
    let body = move || {
        let job = known.get().then(|| stores.jobs.job(&id)).flatten();
        if let Some(job) = job {
            let reading = JobReading::of(job, &stores);
            return view! { <Known reading part /> }.into_any();
        }
        // Looked at only here: a job that is known isn't drawn anew when its details come.
        match state.get() {
            Details::Failed(reason) => view! {
                <Banner title="The job could not be loaded." reason on_retry=retry />
            }
            .into_any(),
            Details::Gone | Details::Ready => view! {
                <Empty
                    title="This job is gone"
                    hint="It is not in the history any more. Choose another on the left."
                />
            }
            .into_any(),
            Details::Loading => view! { <Skeleton rows=5 /> }.into_any(),
        }
    };
    view! {
        <aside class="column detail" aria-label=label>
            <button
                type="button"
                class="icon-button close"
                title="Close"
                data-action="close-detail"
                on:click=move |_| jobs.open.run(None)
            >
                <IconView icon=Icon::Close />
                <span class="visually-hidden">"Close"</span>
            </button>
            {body}
        </aside>
    }
}

/// A job that is known.
#[component]
fn Known(
    /// The job.
    reading: JobReading,
    /// Which part is shown.
    part: RwSignal<DetailPart>,
) -> impl IntoView {
    let title = reading.title;
    let parts = reading.clone();
    let segments = DetailPart::ALL
        .into_iter()
        .map(|part| Segment {
            id: part.title().to_lowercase(),
            label: part.title().to_owned(),
            help: None,
            count: None,
        })
        .collect();
    let chosen = Signal::derive(move || DetailPart::ALL.iter().position(|one| *one == part.get()));
    let on_choose = Callback::new(move |index: usize| {
        if let Some(chosen) = DetailPart::ALL.get(index) {
            part.set(*chosen);
        }
    });
    let shown = move || {
        let reading = parts.clone();
        match part.get() {
            DetailPart::Overview => view! { <OverviewPart reading /> }.into_any(),
            DetailPart::Log => view! { <LogSection reading /> }.into_any(),
            DetailPart::Input => view! { <Input reading /> }.into_any(),
            DetailPart::Output => view! { <OutputPart reading /> }.into_any(),
            DetailPart::Files => view! { <Files reading /> }.into_any(),
        }
    };
    view! {
        <header>
            <h2 id="job-heading" title=title>
                {title}
                "\u{200b}"
            </h2>
            <div class="detail-line">
                <StatusPill reading=reading.clone() />
                <Actions reading />
            </div>
            <Segments name="job-part" labelled_by="job-heading" segments chosen on_choose />
        </header>
        <div class="detail-body" data-part=move || part.get().title().to_lowercase()>
            {shown}
        </div>
    }
}

/// How the job stands, how fast it is, when it was, what happened to it.
#[component]
fn OverviewPart(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let status = reading.status;
    let over = Memo::new(move |_| status.get().is_terminal());
    let parts = reading.clone();
    let body = move || {
        let reading = parts.clone();
        if over.get() {
            view! {
                <section class="detail-part" aria-label="Outcome">
                    <Outcome reading />
                </section>
            }
            .into_any()
        } else {
            view! {
                <section class="detail-part" aria-label="Progress">
                    <Progress reading />
                </section>
            }
            .into_any()
        }
    };
    view! {
        {body}
        <RateChart reading=reading.clone() />
        <Overview reading=reading.clone() />
        <Happened reading=reading.clone() />
        <Identity reading />
    }
}
