//! The jobs page: every job in a table, the chosen one beside it.

mod actions;
mod cancel_all;
mod detail;
mod facts;
mod happened;
mod log;
mod row;
mod search;
mod table;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use toolroom_shared::{JobId, TabId};

use crate::components::{Segment, Segments};
use crate::stores::{CancelAll, ListFilter, ListKey, use_stores};

use cancel_all::{CancelAllButton, CancelAllQuestion};
use detail::Detail;
use search::SearchField;
use table::JobsTable;

/// The jobs page.
#[component]
pub fn JobsPage() -> impl IntoView {
    let jobs = use_stores().jobs;
    let params = use_params_map();
    let selected = Memo::new(move |_| params.with(|params| params.get("id")).map(JobId));
    let filter = RwSignal::new(ListFilter::All);
    let search = RwSignal::new(String::new());
    follow_rerun(selected);
    let active = {
        let jobs = jobs.clone();
        Memo::new(move |_| {
            let counts = jobs.counts();
            counts.running + counts.queued
        })
    };
    let segments = ListFilter::ALL
        .into_iter()
        .map(|filter| Segment {
            id: filter.title().to_lowercase(),
            label: filter.title().to_owned(),
            help: None,
            count: (filter == ListFilter::Active).then_some(active.into()),
        })
        .collect();
    let chosen = Signal::derive(move || ListFilter::ALL.iter().position(|f| *f == filter.get()));
    let on_choose = Callback::new(move |index: usize| {
        if let Some(chosen) = ListFilter::ALL.get(index) {
            filter.set(*chosen);
        }
    });
    let key = Memo::new(move |_| ListKey {
        tool: None,
        filter: filter.get(),
        search: search.get(),
    });
    // Shared with the store, which may answer after the view has gone.
    let canceling = ArcRwSignal::new(CancelAll::Idle);
    let detail = move || selected.get().map(|id| view! { <Detail id /> });
    view! {
        <div
            class="page jobs-page"
            class:with-detail=move || selected.get().is_some()
            data-page-id=TabId::Jobs.id()
        >
            <section class="column jobs" aria-labelledby="jobs-heading">
                <header>
                    <h1 id="jobs-heading">"Jobs"</h1>
                    <SearchField search />
                    <Segments
                        name="jobs-filter"
                        labelled_by="jobs-heading"
                        segments
                        chosen
                        on_choose
                    />
                    <span class="jobs-gap"></span>
                    <CancelAllButton key state=canceling.clone() />
                </header>
                <CancelAllQuestion key state=canceling />
                {move || view! { <JobsTable key=key.get() selected /> }}
            </section>
            {detail}
        </div>
    }
}

/// When the selected job is run again, the new one is selected in its place.
fn follow_rerun(selected: Memo<Option<JobId>>) {
    let jobs = use_stores().jobs;
    let navigate = use_navigate();
    Effect::new(move |before: Option<Option<(JobId, JobId)>>| {
        let rerun = jobs.rerun();
        if let (Some(before), Some((old, new))) = (before, &rerun)
            && before != rerun
            && selected.get_untracked().as_ref() == Some(old)
        {
            let path = format!("/{}/{new}", TabId::Jobs.id());
            navigate(&path, NavigateOptions::default());
        }
        rerun
    });
}
