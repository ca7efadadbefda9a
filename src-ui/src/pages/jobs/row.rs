//! One job as a row.

use leptos::ev;
use leptos::prelude::*;
use toolroom_shared::{JobId, JobStatus, TabId};

use super::JobsView;
use crate::components::{EndText, ProgressBar};
use crate::dom;
use crate::pages::job_view::{JobReading, When, standing, tone, took_so_far};
use crate::stores::use_stores;

/// One job.
#[component]
pub fn JobRow(
    /// The job.
    id: JobId,
    /// Which row of the table it is.
    place: Memo<u32>,
    /// The keyboard is at it.
    is_cursor: Memo<bool>,
    /// The page.
    jobs: JobsView,
    /// Takes clicks.
    on_click: Callback<(ev::MouseEvent, u32, JobId)>,
) -> impl IntoView {
    let stores = use_stores();
    let Some(job) = stores.jobs.job(&id) else {
        // It was forgotten between the answer and now.
        return view! { <PlaceholderRow row=place.get_untracked() /> }.into_any();
    };
    let reading = JobReading::of(job, &stores);
    let (store, link, wanted) = (stores.jobs.clone(), stores.link.clone(), id.clone());
    Effect::new(move |_| {
        link.track();
        store.want_title(&wanted);
    });
    on_cleanup({
        let (store, id) = (stores.jobs.clone(), id.clone());
        move || store.leave_title(&id)
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
    let is_open = {
        let id = id.clone();
        Memo::new(move |_| {
            jobs.selected
                .with(|selected| selected.as_ref() == Some(&id))
        })
    };
    let is_selected = {
        let id = id.clone();
        Memo::new(move |_| jobs.selection.with(|selection| selection.has(&id)))
    };
    let tool = reading.clone();
    let name = id.as_str().to_owned();
    view! {
        <tr
            role="row"
            id=format!("row-{id}")
            class:selected=is_open
            class:marked=is_selected
            class:cursor=is_cursor
            aria-rowindex=move || (place.get() + 2).to_string()
            aria-selected=move || (is_selected.get() || is_open.get()).to_string()
            data-job-id=name
            data-row=move || place.get().to_string()
            data-status=move || format!("{:?}", status.get())
            on:mousedown=|ev: ev::MouseEvent| {
                // Shift marks rows here, not text.
                if ev.shift_key() {
                    ev.prevent_default();
                    dom::focus_now(".jobs-scroll");
                }
            }
            on:click=move |ev| on_click.run((ev, place.get_untracked(), id.clone()))
        >
            <td role="gridcell" class="col-dot">
                <span class="dot" data-tone=dot></span>
            </td>
            <td role="gridcell" class="col-job">
                <a href=path tabindex="-1" title=title>
                    <EndText text=shown />
                    // Keeps the line's height before the title is known.
                    "\u{200b}"
                </a>
            </td>
            <td role="gridcell" class="col-tool">
                {move || tool.tool_title()}
            </td>
            <td role="gridcell" class="col-progress">
                {progress(&reading)}
            </td>
            <td role="gridcell" class="col-took">
                {took}
            </td>
            <td role="gridcell" class="col-started">
                <When at=started clock=true />
            </td>
        </tr>
    }
    .into_any()
}

/// A row whose job is on its way.
#[component]
pub fn PlaceholderRow(
    /// Which row of the table it is.
    row: u32,
) -> impl IntoView {
    view! {
        <tr role="row" class="placeholder" aria-rowindex=(row + 2).to_string()>
            <td role="gridcell" colspan="6">
                <span class="visually-hidden">"Loading"</span>
            </td>
        </tr>
    }
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
