//! The jobs page: every job in a table, the chosen one beside it.
//!
//! What the table shows and in which order stands in the page's address, so that going back leads to
//! what was there before.

mod actions;
mod columns;
mod detail;
mod facts;
mod files;
mod filters;
mod happened;
mod input;
mod log;
mod many;
mod rate_chart;
mod row;
mod search;
mod table;
mod table_keys;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use toolroom_shared::{JobId, TabId};

use crate::components::{Segment, Segments};
use crate::stores::{
    JobsTable as Table, Many, Phase, Selection, StatusFilter, TableKey, use_stores,
};

use detail::{Detail, DetailPart};
use filters::Filters;
use many::{CancelAllButton, ManyBar, ManyQuestion};
use search::SearchField;
use table::JobsTable;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct JobsView {
    /// The job that is looked at.
    pub selected: Memo<Option<JobId>>,
    /// Which table the address names.
    pub key: Memo<TableKey>,
    /// The table that is on screen: the one before until the new one's first rows are there.
    pub table: RwSignal<Table>,
    /// What is selected in it.
    pub selection: RwSignal<Selection>,
    /// What the question is about that stands on the page.
    pub asked: StoredValue<Selection>,
    /// Leads to a job, or to the table alone.
    pub open: Callback<Option<JobId>>,
    /// Leads to another table. With `true` the one before isn't gone back to.
    pub show: Callback<(TableKey, bool)>,
}

impl JobsView {
    fn new() -> Self {
        let jobs = use_stores().jobs;
        let params = use_params_map();
        let query = use_query_map();
        let selected = Memo::new(move |_| params.with(|params| params.get("id")).map(JobId));
        let key =
            Memo::new(move |_| query.with(|query| TableKey::of_address(|name| query.get(name))));
        let navigate = use_navigate();
        let go = Callback::new(move |(id, key, replace): (Option<JobId>, TableKey, bool)| {
            let id = id.map(|id| format!("/{id}")).unwrap_or_default();
            let address = format!("/{}{id}{}", TabId::Jobs.id(), key.address());
            let options = NavigateOptions {
                replace,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&address, options);
        });
        let table = RwSignal::new(jobs.table(key.get_untracked()));
        let selection = RwSignal::new(Selection::default());
        show_when_ready(key, table, selection);
        Self {
            selected,
            key,
            table,
            selection,
            asked: StoredValue::new(Selection::default()),
            open: Callback::new(move |id| go.run((id, key.get_untracked(), false))),
            show: Callback::new(move |(key, replace)| {
                go.run((selected.get_untracked(), key, replace));
            }),
        }
    }
}

/// Puts the table that the address names on screen once its first rows are there.
fn show_when_ready(key: Memo<TableKey>, table: RwSignal<Table>, selection: RwSignal<Selection>) {
    let jobs = use_stores().jobs;
    let next = RwSignal::new(None::<Table>);
    Effect::new(move |before: Option<TableKey>| {
        let key = key.get();
        if before.is_some_and(|before| before != key) {
            next.set(Some(jobs.table(key.clone())));
        }
        key
    });
    Effect::new(move |_| {
        let Some(coming) = next.get() else { return };
        if coming.view.with(|view| view.phase != Phase::Loading) {
            selection.update(|selection| selection.clear(None));
            table.set(coming);
            next.set(None);
        }
    });
}

/// The jobs page.
#[component]
pub fn JobsPage() -> impl IntoView {
    let jobs = use_stores().jobs;
    let view = JobsView::new();
    let JobsView { selected, key, .. } = view;
    follow_rerun(view);
    let active = Memo::new(move |_| {
        let counts = jobs.counts();
        counts.running + counts.queued
    });
    let segments = StatusFilter::ALL
        .into_iter()
        .map(|filter| Segment {
            id: filter.id().to_owned(),
            label: filter.title().to_owned(),
            help: None,
            count: (filter == StatusFilter::Active).then_some(active.into()),
        })
        .collect();
    let chosen = Signal::derive(move || {
        let status = key.with(|key| key.status);
        StatusFilter::ALL.iter().position(|one| *one == status)
    });
    let on_choose = Callback::new(move |index: usize| {
        if let Some(status) = StatusFilter::ALL.get(index) {
            let key = TableKey {
                status: *status,
                ..key.get_untracked()
            };
            view.show.run((key, false));
        }
    });
    // Shared with the store, which may answer after the view has gone.
    let many = ArcRwSignal::new(Many::Idle);
    let part = RwSignal::new(DetailPart::default());
    let detail = move || {
        selected
            .get()
            .map(|id| view! { <Detail id part jobs=view /> })
    };
    view! {
        <div
            class="page jobs-page"
            class:with-detail=move || selected.get().is_some()
            data-page-id=TabId::Jobs.id()
        >
            <section class="column jobs" aria-labelledby="jobs-heading">
                <header>
                    <h1 id="jobs-heading">"Jobs"</h1>
                    <SearchField jobs=view />
                    <Segments
                        name="jobs-filter"
                        labelled_by="jobs-heading"
                        segments
                        chosen
                        on_choose
                    />
                    <Filters jobs=view />
                    <span class="jobs-gap"></span>
                    <CancelAllButton jobs=view state=many.clone() />
                </header>
                <ManyQuestion jobs=view state=many.clone() />
                <JobsTable jobs=view />
                <ManyBar jobs=view state=many />
            </section>
            {detail}
        </div>
    }
}

/// When the selected job is run again, the new one is selected in its place.
fn follow_rerun(view: JobsView) {
    let jobs = use_stores().jobs;
    Effect::new(move |before: Option<Option<(JobId, JobId)>>| {
        let rerun = jobs.rerun();
        if let (Some(before), Some((old, new))) = (before, &rerun)
            && before != rerun
            && view.selected.get_untracked().as_ref() == Some(old)
        {
            view.open.run(Some(new.clone()));
        }
        rerun
    });
}
