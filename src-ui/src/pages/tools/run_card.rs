//! One run of a tool: how far it is, and then what came of it.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, JobStatus, JobSummary, TabId};

use crate::components::EndText;
use crate::format;
use crate::pages::job_view::{Can, JobReading, Outcome, Progress, StatusPill, When, took};
use crate::stores::{JobsStore, use_stores};
use crate::texts;

/// One run.
#[component]
pub fn RunCard(
    /// The job.
    id: JobId,
    /// Its result is shown without asking.
    open: bool,
) -> impl IntoView {
    let stores = use_stores();
    // A card stands only for a job that is known.
    stores.jobs.job(&id).map(|job| {
        let reading = JobReading::of(job, &stores);
        let jobs = stores.jobs.clone();
        let wanted = id.clone();
        Effect::new(move |_| {
            stores.link.track();
            jobs.want_title(&wanted);
        });
        let status = reading.status;
        let was_over = status.get_untracked().is_terminal();
        let open = RwSignal::new(open || !was_over);
        let over = Memo::new(move |_| status.get().is_terminal());
        let title = reading.title;
        let shown = Signal::derive(move || title.get().unwrap_or_default());
        let body = {
            let reading = reading.clone();
            move || {
                if over.get() {
                    ended(reading.clone(), open).into_any()
                } else {
                    under_way(reading.clone()).into_any()
                }
            }
        };
        view! {
            <article
                class="card"
                data-job-id=id.as_str().to_owned()
                data-status=move || format!("{:?}", status.get())
            >
                <header>
                    <A href=format!("/{}/{}", TabId::Jobs.id(), id) attr:class="card-title" attr:title=title>
                        <EndText text=shown />
                        // Keeps the line's height before the title is known.
                        "\u{200b}"
                    </A>
                    <StatusPill reading />
                </header>
                {body}
            </article>
        }
    })
}

fn under_way(reading: JobReading) -> impl IntoView {
    let can = Can::of(&reading);
    let jobs = use_stores().jobs;
    let button = {
        let id = reading.id.clone();
        move |name: &'static str, words: &'static str, does: fn(&JobsStore, JobId)| {
            let (jobs, id) = (jobs.clone(), id.clone());
            view! {
                <button
                    type="button"
                    class="text-button"
                    class:danger=name == "cancel"
                    data-action=name
                    on:click=move |_| does(&jobs, id.clone())
                >
                    {words}
                </button>
            }
        }
    };
    let buttons = move || {
        // What was asked for, the pill says.
        view! {
            {can.pause.get().then(|| button("pause", texts::PAUSE, JobsStore::pause))}
            {can.resume.get().then(|| button("resume", texts::RESUME, JobsStore::resume))}
            {can.cancel.get().then(|| button("cancel", texts::CANCEL, JobsStore::cancel))}
        }
    };
    view! { <Progress reading>{buttons}</Progress> }
}

fn ended(reading: JobReading, open: RwSignal<bool>) -> impl IntoView {
    let jobs = use_stores().jobs;
    let id = reading.id.clone();
    let finished = reading.summary(|job| job.finished_at.clone());
    let facts = reading.summary(facts);
    let for_outcome = reading.clone();
    let outcome = move || {
        if open.get() {
            view! { <Outcome reading=for_outcome.clone() compact=true /> }.into_any()
        } else {
            view! {
                <button type="button" class="text-button" on:click=move |_| open.set(true)>
                    "Show result"
                </button>
            }
            .into_any()
        }
    };
    view! {
        <div class="outcome">{outcome}</div>
        <div class="card-foot">
            <span class="facts">{facts} " · " <When at=finished /></span>
            <button
                type="button"
                class="text-button"
                data-action="run-again"
                on:click=move |_| jobs.run_again(id.clone())
            >
                {texts::RUN_AGAIN}
            </button>
        </div>
    }
}

/// How much in which time; of a failure its code and attempt.
fn facts(job: &JobSummary) -> String {
    let mut facts = Vec::new();
    let time = took(job, 0);
    match (job.status, &job.error) {
        (JobStatus::Failed, Some(error)) => facts.push(error.code.to_string()),
        (JobStatus::Canceled, _) => facts.push(match &time {
            Some(time) => format!("ended after {time}"),
            None => "ended before it began".to_owned(),
        }),
        _ if job.progress.done > 0 => {
            let done = format::amount(job.progress.done as f64, &job.progress.unit);
            facts.push(match &time {
                Some(time) => format!("{done} in {time}"),
                None => done,
            });
        }
        _ => facts.extend(time),
    }
    if job.attempt > 1 {
        facts.push(format!("attempt {}", job.attempt));
    }
    facts.join(" · ")
}
