//! Lists of jobs: which of the known jobs a list shows, and how it gets further ones.

use std::collections::HashSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::{JobId, JobStatus, JobsQuery};

use super::{Job, JobsStore};
use crate::texts;

/// How many jobs a list asks for at a time, and how many more it shows.
const PAGE: u32 = 50;

/// Which jobs a list shows, by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ListFilter {
    /// Every job.
    #[default]
    All,
    /// Those that have not ended.
    Active,
    /// Those that failed.
    Failed,
}

/// Names a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// Only jobs of this tool.
    pub tool: Option<String>,
    /// Only jobs in these statuses.
    pub filter: ListFilter,
    /// Only jobs in which these words occur; empty for any.
    pub search: String,
}

impl ListKey {
    /// What to ask the backend for.
    pub(super) fn query(&self, cursor: Option<String>) -> JobsQuery {
        JobsQuery {
            tool_name: self.tool.clone(),
            statuses: self.filter.statuses(),
            search: (!self.search.is_empty()).then(|| self.search.clone()),
            limit: Some(PAGE),
            cursor,
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
    /// What a search found so far: only the backend can tell.
    pub(super) found: HashSet<JobId>,
    /// When the search was last made, in the store's count of changes.
    pub(super) searched_at: Option<u64>,
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

impl ListFilter {
    /// Every filter, in the order on screen.
    pub const ALL: [Self; 3] = [Self::All, Self::Active, Self::Failed];

    /// The filter's name as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Active => "Active",
            Self::Failed => "Failed",
        }
    }

    fn statuses(self) -> Option<Vec<JobStatus>> {
        (self != Self::All).then(|| {
            JobStatus::ALL
                .into_iter()
                .filter(|status| self.shows(*status))
                .collect()
        })
    }

    /// Whether jobs in that status are shown.
    #[must_use]
    pub fn shows(self, status: JobStatus) -> bool {
        match self {
            Self::All => true,
            Self::Active => !status.is_terminal(),
            Self::Failed => status == JobStatus::Failed,
        }
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
        let (bound, found) = self.listing(key).with(|listing| {
            let bound = listing
                .next_cursor
                .as_ref()
                .and_then(|_| listing.oldest.clone());
            let found = (!key.search.is_empty()).then(|| listing.found.clone());
            (bound, found)
        });
        let shows = |job: &Job| {
            key.filter.shows(job.status())
                && key
                    .tool
                    .as_ref()
                    .is_none_or(|tool| *tool == job.summary.tool_name)
        };
        let state = self.state();
        let ids = state
            .cells
            .iter()
            .filter(|(id, _)| bound.as_ref().is_none_or(|oldest| *id >= oldest))
            .filter(|(id, _)| found.as_ref().is_none_or(|found| found.contains(*id)))
            .filter(|(_, cell)| cell.job.with_untracked(shows))
            .map(|(id, _)| id)
            .collect();
        read(ids)
    }

    /// Whether a job that the list shows, or would show further down, is unfinished, tracked.
    #[must_use]
    pub fn has_unfinished(&self, key: &ListKey) -> bool {
        let counts = self.counts();
        let any = counts.running + counts.queued > 0 && key.filter != ListFilter::Failed;
        if !any || key.search.is_empty() && key.tool.is_none() {
            return any;
        }
        self.shape.track();
        let ids: Vec<JobId> = self.with_known(key, |ids| ids.into_iter().cloned().collect());
        ids.iter().any(|id| {
            self.job(id)
                .is_some_and(|job| job.with_untracked(|job| !job.status().is_terminal()))
        })
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
        if !key.search.is_empty() {
            self.drop_searches_but(key);
        }
        self.state().lists.entry(key.clone()).or_default().clone()
    }

    pub(super) async fn load_more_now(&self, key: &ListKey) {
        let listing = self.new_listing(key);
        listing.update(|listing| listing.phase = Phase::Loading);
        let cursor = listing.with_untracked(|listing| listing.next_cursor.clone());
        let shape = self.shape.get_untracked();
        let answer = self.client.list_jobs(key.query(cursor)).await;
        self.link.note(&answer);
        match answer {
            Ok(page) => {
                let ids: Vec<JobId> = page.jobs.iter().map(|job| job.job_id.clone()).collect();
                let oldest = ids.iter().min().cloned();
                self.put_summaries(page.jobs);
                listing.update(|listing| {
                    listing.phase = Phase::Ready;
                    // The first page is shown in any case.
                    listing.further_pages += usize::from(listing.oldest.is_some());
                    listing.next_cursor = page.next_cursor;
                    listing.oldest = oldest.into_iter().chain(listing.oldest.take()).min();
                    if !key.search.is_empty() {
                        listing.found.extend(ids);
                        listing.searched_at.get_or_insert(shape);
                    }
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
