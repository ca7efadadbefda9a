//! One job as a row.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};
use toolroom_shared::{JobId, JobStatus, TabId};

use crate::components::{EndText, ProgressBar};
use crate::pages::job_view::{JobReading, When, standing, tone, took_so_far};
use crate::stores::use_stores;

/// One job.
#[component]
pub fn JobRow(
    /// The job.
    id: JobId,
    /// The job that is looked at.
    selected: Memo<Option<JobId>>,
) -> impl IntoView {
    let stores = use_stores();
    // A row stands only for a job that is known.
    stores.jobs.job(&id).map(|job| {
        let reading = JobReading::of(job, &stores);
        let (jobs, link, wanted) = (stores.jobs.clone(), stores.link.clone(), id.clone());
        Effect::new(move |_| {
            link.track();
            jobs.want_title(&wanted);
        });
        let status = reading.status;
        let dot = reading.summary(tone);
        let title = reading.title;
        let shown = Signal::derive(move || title.get().unwrap_or_default());
        let took = took_so_far(&reading);
        let started = reading.summary(|job| {
            Some(
                job.started_at
                    .clone()
                    .unwrap_or_else(|| job.created_at.clone()),
            )
        });
        let path = format!("/{}/{id}", TabId::Jobs.id());
        let navigate = use_navigate();
        let go = path.clone();
        let is_selected = {
            let id = id.clone();
            move || selected.with(|selected| selected.as_ref() == Some(&id))
        };
        let tool = reading.clone();
        view! {
            <tr
                class:selected=is_selected
                data-job-id=id.as_str().to_owned()
                data-status=move || format!("{:?}", status.get())
                on:click=move |_| navigate(&go, NavigateOptions::default())
            >
                <td class="col-dot">
                    <span class="dot" data-tone=dot></span>
                </td>
                <td class="col-job">
                    <A href=path attr:title=title>
                        <EndText text=shown />
                        // Keeps the line's height before the title is known.
                        "\u{200b}"
                    </A>
                </td>
                <td class="col-tool">{move || tool.tool_title()}</td>
                <td class="col-progress">{progress(&reading)}</td>
                <td class="col-took">{took}</td>
                <td class="col-started">
                    <When at=started clock=true />
                </td>
            </tr>
        }
    })
}

/// A bar while the job runs, a word otherwise.
fn progress(reading: &JobReading) -> impl IntoView + use<> {
    let percent = reading.percent;
    let words = reading.summary(|job| (standing(job), tone(job)));
    let label = reading.summary(|job| job.stage.clone());
    let is_at_work = reading
        .summary(|job| job.status == JobStatus::Running && !job.paused && !job.cancel_requested);
    move || {
        if is_at_work.get() {
            return view! {
                <span class="row-bar" data-percent=move || percent.get().to_string()>
                    <ProgressBar percent label />
                    <span class="row-percent">{percent} " %"</span>
                </span>
            }
            .into_any();
        }
        let (words, tone) = words.get();
        view! {
            <span class="status-word" data-tone=tone>
                {words}
            </span>
        }
        .into_any()
    }
}
