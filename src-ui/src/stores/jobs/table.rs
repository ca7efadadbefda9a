//! The table of jobs: as many rows as there are jobs, of which only those near what is in sight are
//! known.
//!
//! Rows are asked for by their place, a stretch at a time and one question at a time: what is wanted
//! may change while an answer is on its way. What was fetched far away is dropped again. When jobs
//! come, go or move, the stretch in sight is asked for anew, and stands as it was until the answer
//! is there.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::{JobId, JobStatus, JobsPage, JobsQuery};

use super::{JobsStore, Phase, TableKey};
use crate::texts;

/// How many rows are kept and dropped together.
const PAGE: u32 = 50;
/// How many pages one question asks for at the most; the backend gives 500 rows.
const PAGES_AT_ONCE: u32 = 6;
/// How many pages beside those in sight are kept.
const KEPT_BESIDE: u32 = 8;
/// Milliseconds between two questions for what is in sight already.
const REFRESH_EVERY: u32 = 400;

/// What is known of the table's rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableView {
    /// What it is doing.
    pub phase: Phase,
    /// How many rows there are; with a search at most 1,000, which then stands for "1,000 or more".
    pub total: u32,
    /// The rows that are known, by page.
    pages: BTreeMap<u32, Arc<[JobId]>>,
}

impl TableView {
    /// The job in a row; none if the row isn't known.
    #[must_use]
    pub fn id_at(&self, row: u32) -> Option<&JobId> {
        let page = self.pages.get(&(row / PAGE))?;
        page.get((row % PAGE) as usize)
    }

    /// The row that a job is in; none if that isn't known.
    #[must_use]
    pub fn row_of(&self, id: &JobId) -> Option<u32> {
        self.pages.iter().find_map(|(number, page)| {
            let place = page.iter().position(|other| other == id)?;
            Some(number * PAGE + u32::try_from(place).ok()?)
        })
    }

    /// Every job whose row is known.
    pub fn known(&self) -> impl Iterator<Item = &JobId> {
        self.pages.values().flat_map(|page| page.iter())
    }

    /// Takes in the answer to a question for these pages.
    fn take(&mut self, asked: &RangeInclusive<u32>, page: &JobsPage, anew: bool) {
        self.total = page.total;
        self.phase = Phase::Ready;
        if anew {
            self.pages.clear();
        }
        let ids: Vec<JobId> = page.jobs.iter().map(|job| job.job_id.clone()).collect();
        // A page of which nothing came is known to be empty: it isn't asked for again and again.
        let mut chunks = ids.chunks(PAGE as usize);
        for number in asked.clone() {
            let ids = chunks.next().unwrap_or_default();
            self.pages.insert(number, ids.into());
        }
        let pages = self.total.div_ceil(PAGE);
        self.pages.retain(|number, _| *number < pages);
    }
}

/// The table of jobs for one key.
#[derive(Clone)]
pub struct JobsTable {
    /// Which table it is.
    pub key: TableKey,
    /// What is known of its rows.
    pub view: ArcRwSignal<TableView>,
    store: JobsStore,
    /// When it was begun: a span of time is counted back from here.
    begun: u64,
    work: Arc<Mutex<Work>>,
}

struct Work {
    /// The pages in sight.
    wanted: RangeInclusive<u32>,
    is_loading: bool,
    /// What is in sight may not be as it was.
    is_stale: bool,
    /// The store's count of changes that the latest answer includes.
    seen: u64,
    refreshed_at: u64,
}

impl JobsStore {
    /// A table; its first rows are asked for.
    #[must_use]
    pub fn table(&self, key: TableKey) -> JobsTable {
        let table = self.new_table(key);
        table.go_on();
        table
    }

    pub(super) fn new_table(&self, key: TableKey) -> JobsTable {
        let table = JobsTable {
            key,
            view: ArcRwSignal::default(),
            store: self.clone(),
            begun: self.clock.now_ms(),
            work: Arc::new(Mutex::new(Work {
                wanted: 0..=1,
                is_loading: false,
                is_stale: false,
                seen: self.shape.get_untracked(),
                refreshed_at: 0,
            })),
        };
        // One is shown at a time.
        self.state().table = Some(table.view.clone());
        table
    }
}

impl JobsTable {
    /// The backend knows these rows by this query.
    pub(super) fn query(&self, offset: u32, limit: u32) -> JobsQuery {
        self.key.query(self.begun, offset, limit)
    }

    /// The jobs of the table that are in one of these statuses; none if it shows none such.
    pub(super) fn query_of(&self, among: impl Fn(JobStatus) -> bool) -> Option<JobsQuery> {
        self.key.of_those(self.begun, among)
    }

    /// What knows its jobs.
    pub(super) const fn store(&self) -> &JobsStore {
        &self.store
    }

    /// Sees to it that these rows become known. Cheap to call again and again.
    pub fn want(&self, rows: RangeInclusive<u32>) {
        let (first, last) = (*rows.start() / PAGE, *rows.end() / PAGE);
        self.work().wanted = first..=last.min(first + PAGES_AT_ONCE - 1);
        self.go_on();
    }

    /// Tracks what may change the rows, and asks for those in sight again when it does.
    pub fn follow(&self) {
        let (shape, roster) = (self.store.shape.get(), self.store.roster.get());
        let changes = if self.key.follows_changes() {
            shape
        } else {
            roster
        };
        let is_news = {
            let mut work = self.work();
            let is_news = work.seen != changes;
            work.seen = changes;
            work.is_stale |= is_news;
            is_news
        };
        if is_news {
            self.go_on();
        }
    }

    /// Tries again what failed.
    pub fn try_again(&self) {
        self.view.update(|view| view.phase = Phase::Loading);
        self.work().is_stale = true;
        self.go_on();
    }

    fn go_on(&self) {
        if !std::mem::replace(&mut self.work().is_loading, true) {
            let table = self.clone();
            spawn_local(async move { table.work_off().await });
        }
    }

    /// Asks for what is wanted until nothing is missing.
    pub(super) async fn work_off(&self) {
        self.work().is_loading = true;
        while let Some((pages, anew)) = self.next().await {
            let first = *pages.start();
            let limit = (pages.end() - first + 1) * PAGE;
            let ask = || {
                let query = self.query(first * PAGE, limit);
                self.store.client.list_jobs(query)
            };
            let answer = self.store.patience.ask(ask).await;
            match answer {
                Ok(page) => self.take(&pages, page, anew),
                Err(error) => {
                    let reason = texts::failure(&error);
                    self.view.update(|view| view.phase = Phase::Failed(reason));
                    break;
                }
            }
        }
        self.work().is_loading = false;
    }

    fn take(&self, asked: &RangeInclusive<u32>, page: JobsPage, anew: bool) {
        let mut view = self.view.get_untracked();
        view.take(asked, &page, anew);
        self.store.put_summaries(page.jobs);
        let wanted = {
            let mut work = self.work();
            // What this answer told itself is no news.
            work.seen = if self.key.follows_changes() {
                self.store.shape.get_untracked()
            } else {
                self.store.roster.get_untracked()
            };
            work.wanted.clone()
        };
        let (low, high) = (
            wanted.start().saturating_sub(KEPT_BESIDE),
            wanted.end() + KEPT_BESIDE,
        );
        view.pages.retain(|number, _| (low..=high).contains(number));
        self.view.maybe_update(|shown| {
            let differs = *shown != view;
            *shown = view;
            differs
        });
    }

    /// The pages to ask for next, and whether they make all others outdated; none if all is there.
    async fn next(&self) -> Option<(RangeInclusive<u32>, bool)> {
        loop {
            let (wanted, is_stale, waited) = {
                let work = self.work();
                let now = self.store.clock.now_ms();
                let waited = now.saturating_sub(work.refreshed_at) >= u64::from(REFRESH_EVERY);
                (work.wanted.clone(), work.is_stale, waited)
            };
            if let Some(missing) = self.missing(&wanted) {
                return Some((missing, false));
            }
            if !is_stale {
                return None;
            }
            if waited {
                let mut work = self.work();
                work.is_stale = false;
                work.refreshed_at = self.store.clock.now_ms();
                return Some((wanted, true));
            }
            self.store.clock.sleep(REFRESH_EVERY).await;
            self.work().refreshed_at = 0;
        }
    }

    /// Has the next questions wait for [`JobsTable::work_off`], which a test calls by itself.
    #[cfg(test)]
    pub(super) fn hold(&self) {
        self.work().is_loading = true;
    }

    fn missing(&self, wanted: &RangeInclusive<u32>) -> Option<RangeInclusive<u32>> {
        self.view.with_untracked(|view| {
            let is_known = view.phase != Phase::Loading;
            let pages = view.total.div_ceil(PAGE);
            let is_missing =
                |number: &u32| !view.pages.contains_key(number) && (!is_known || *number < pages);
            let mut missing = wanted.clone().filter(is_missing);
            let first = missing.next()?;
            Some(first..=missing.next_back().unwrap_or(first))
        })
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
