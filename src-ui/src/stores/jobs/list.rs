//! Lists of a tool's latest jobs: which of the known jobs a list shows, and how it gets further ones.
//!
//! The table of all jobs is `table`'s business.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::{JobId, JobsQuery};

use super::{Job, JobsStore};
use crate::texts;

/// How many jobs a list asks for at a time, and how many more it shows.
const PAGE: u32 = 50;

/// Names a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// Only jobs of this tool.
    pub tool: Option<String>,
}

impl ListKey {
    /// What to ask the backend for.
    pub(super) fn query(&self, cursor: Option<String>) -> JobsQuery {
        JobsQuery {
            tool_name: self.tool.clone(),
            limit: Some(PAGE),
            cursor,
            ..JobsQuery::default()
        }
    }
}

/// How far a list is loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// What it is doing.
    pub phase: Phase,
    /// Where it goes on; none if it is whole.
    pub next_cursor: Option<String>,
    /// The oldest job of the pages that came: further down nothing is shown, since jobs may be
    /// missing there.
    oldest: Option<JobId>,
    /// How many pages are shown, the first one not counted.
    further_pages: usize,
}

/// What a list shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The jobs, newest first.
    pub ids: Vec<JobId>,
    /// There are older ones, known or not.
    pub has_more: bool,
}

/// What a list is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// A page is on its way, the first or a further one.
    #[default]
    Loading,
    /// Nothing is.
    Ready,
    /// A page could not be had; why, in words.
    Failed(String),
}

impl Listing {
    /// How many jobs are shown at the most.
    fn limit(&self) -> usize {
        (self.further_pages + 1) * PAGE as usize
    }
}

impl JobsStore {
    /// The list's state; the first to ask for it starts its loading.
    #[must_use]
    pub fn listing(&self, key: &ListKey) -> ArcRwSignal<Listing> {
        let known = self.state().lists.get(key).cloned();
        known.unwrap_or_else(|| {
            let listing = self.new_listing(key);
            self.load_more(key);
            listing
        })
    }

    /// What the list shows, tracked. Never more than was asked for: however many jobs come while it
    /// stands there, a page of them is drawn.
    #[must_use]
    pub fn rows(&self, key: &ListKey) -> Rows {
        self.shape.track();
        let (limit, goes_on) = self
            .listing(key)
            .with(|listing| (listing.limit(), listing.next_cursor.is_some()));
        self.with_known(key, |mut ids| {
            let is_cut = ids.len() > limit;
            // Ids sort by time of creation.
            let newest_first = |a: &&JobId, b: &&JobId| b.cmp(a);
            if is_cut {
                ids.select_nth_unstable_by(limit, newest_first);
                ids.truncate(limit);
            }
            ids.sort_unstable_by(newest_first);
            Rows {
                ids: ids.into_iter().cloned().collect(),
                has_more: is_cut || goes_on,
            }
        })
    }

    /// The known jobs that belong to the list, in any order; tracks the list.
    fn with_known<R>(&self, key: &ListKey, read: impl FnOnce(Vec<&JobId>) -> R) -> R {
        let bound = self.listing(key).with(|listing| {
            let goes_on = listing.next_cursor.as_ref();
            goes_on.and_then(|_| listing.oldest.clone())
        });
        let shows = |job: &Job| {
            key.tool
                .as_ref()
                .is_none_or(|tool| *tool == job.summary.tool_name)
        };
        let state = self.state();
        let ids = state
            .cells
            .iter()
            .filter(|(id, _)| bound.as_ref().is_none_or(|oldest| *id >= oldest))
            .filter(|(_, cell)| cell.job.with_untracked(shows))
            .map(|(id, _)| id)
            .collect();
        read(ids)
    }

    /// Shows a further page of the list: of the jobs that are known, or else of what the backend
    /// has.
    pub fn show_more(&self, key: &ListKey) {
        let listing = self.new_listing(key);
        let (limit, has_failed) = listing.with_untracked(|listing| {
            let has_failed = matches!(listing.phase, Phase::Failed(_));
            (listing.limit(), has_failed)
        });
        if !has_failed && self.with_known(key, |ids| ids.len() > limit) {
            listing.update(|listing| listing.further_pages += 1);
        } else {
            self.load_more(key);
        }
    }

    /// Gets the list's next page, or tries the one that failed again.
    pub fn load_more(&self, key: &ListKey) {
        let store = self.clone();
        let key = key.clone();
        spawn_local(async move { store.load_more_now(&key).await });
    }

    pub(super) fn new_listing(&self, key: &ListKey) -> ArcRwSignal<Listing> {
        self.state().lists.entry(key.clone()).or_default().clone()
    }

    pub(super) async fn load_more_now(&self, key: &ListKey) {
        let listing = self.new_listing(key);
        listing.update(|listing| listing.phase = Phase::Loading);
        let cursor = listing.with_untracked(|listing| listing.next_cursor.clone());
        let ask = || self.client.list_jobs(key.query(cursor.clone()));
        let answer = self.patience.ask(ask).await;
        match answer {
            Ok(page) => {
                let oldest = page.jobs.iter().map(|job| job.job_id.clone()).min();
                self.put_summaries(page.jobs);
                listing.update(|listing| {
                    listing.phase = Phase::Ready;
                    // The first page is shown in any case.
                    listing.further_pages += usize::from(listing.oldest.is_some());
                    listing.next_cursor = page.next_cursor;
                    listing.oldest = oldest.into_iter().chain(listing.oldest.take()).min();
                });
            }
            Err(error) => listing.update(|listing| {
                listing.phase = Phase::Failed(texts::failure(&error));
            }),
        }
    }

    /// The lists whose last page could not be had.
    pub(super) fn failed_lists(&self) -> Vec<ListKey> {
        self.state()
            .lists
            .iter()
            .filter(|(_, listing)| {
                listing.with_untracked(|listing| matches!(listing.phase, Phase::Failed(_)))
            })
            .map(|(key, _)| key.clone())
            .collect()
    }
}
