//! The table of jobs.

use leptos::prelude::*;
use toolroom_shared::JobId;

use super::row::JobRow;
use crate::components::{Banner, Empty, Skeleton};
use crate::stores::{ListFilter, ListKey, Phase, use_stores};
use crate::texts;

/// The table of jobs.
#[component]
pub fn JobsTable(
    /// Which list it shows.
    key: ListKey,
    /// The job that is looked at.
    selected: Memo<Option<JobId>>,
) -> impl IntoView {
    let jobs = use_stores().jobs;
    let listing = jobs.listing(&key);
    let rows = {
        let (jobs, key) = (jobs.clone(), key.clone());
        Memo::new(move |_| jobs.rows(&key))
    };
    let phase = { Memo::new(move |_| listing.with(|listing| listing.phase.clone())) };
    let has_more = Memo::new(move |_| rows.with(|rows| rows.has_more));
    let is_empty = Memo::new(move |_| rows.with(|rows| rows.ids.is_empty()));
    let (title, hint) = match key.filter {
        _ if !key.search.is_empty() => (
            "No job was found",
            "Every word must begin a word of the tool's name, the input, a message or the result.",
        ),
        ListFilter::All => ("No jobs yet", "Choose a tool and press Run."),
        ListFilter::Active => ("Nothing is running", "Jobs appear here while they run."),
        ListFilter::Failed => ("No job failed", "Jobs that fail are listed here."),
    };
    let more = Callback::new(move |()| jobs.show_more(&key));
    let instead = move || match (phase.get(), is_empty.get()) {
        (Phase::Failed(reason), _) => view! {
            <Banner title="The jobs could not be loaded." reason on_retry=more />
        }
        .into_any(),
        (Phase::Loading, true) => view! { <Skeleton rows=8 /> }.into_any(),
        (Phase::Ready, true) => {
            view! { <Empty title=title.to_owned() hint=hint.to_owned() /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <div class="jobs-scroll">
            <table class="jobs-table" hidden=move || is_empty.get()>
                <thead>
                    <tr>
                        <th scope="col" class="col-dot">
                            <span class="visually-hidden">"Status"</span>
                        </th>
                        <th scope="col">"Job"</th>
                        <th scope="col" class="col-tool">"Tool"</th>
                        <th scope="col" class="col-progress">"Progress"</th>
                        <th scope="col" class="col-took">"Took"</th>
                        <th scope="col" class="col-started" aria-sort="descending">"Started ↓"</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || rows.with(|rows| rows.ids.clone())
                        key=JobId::clone
                        children=move |id| view! { <JobRow id selected /> }
                    />
                </tbody>
            </table>
            {instead}
            <Show when=move || has_more.get() && phase.get() == Phase::Ready>
                <button
                    type="button"
                    class="button small more"
                    data-action="show-more"
                    on:click=move |_| more.run(())
                >
                    {texts::SHOW_MORE}
                </button>
            </Show>
        </div>
    }
}
