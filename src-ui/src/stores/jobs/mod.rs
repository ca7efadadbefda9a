//! The single place with job state.
//!
//! Each job is a reactive cell of its own, so that one event redraws one row. Cells are fed by
//! the [`feed`], which may break off, and by answers to `get_job` and `list_jobs`; of two versions of a
//! job the one with the higher revision stands ([`Job`] decides). [`reconcile`] asks again for
//! what the feed has not told. Views read cells and lists, and call the actions.

mod actions;
mod details;
mod feed;
mod history;
mod list;
mod many;
mod outputs;
mod prune;
mod rates;
mod reconcile;
mod record;
mod selection;
mod table;
mod table_key;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leptos::prelude::*;
use toolroom_ipc::Client;
use toolroom_shared::{Caller, EventSeq, JobId, JobSnapshot, JobStatus, JobSummary};

use super::{LinkStore, NoticesStore, Patience};
use crate::clock::Clock;

pub use details::Details;
pub use history::{Log, Transitions};
use list::Listing;
pub use list::{ListKey, Phase};
pub use many::{Many, ManyAction};
pub use outputs::LOADED_AT_ONCE;
pub use rates::{RateSample, Rates};
pub use record::{Job, Output};
pub use selection::Selection;
pub use table::{JobsTable, TableView};
pub use table_key::{StatusFilter, TableKey, TimeSpan};

/// How many of the known jobs are under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Being worked on.
    pub running: u32,
    /// Waiting.
    pub queued: u32,
}

/// Keeps every job that the page knows.
#[derive(Clone)]
pub struct JobsStore {
    client: Client,
    clock: Clock,
    link: LinkStore,
    patience: Patience,
    notices: NoticesStore,
    state: Arc<Mutex<State>>,
    counts: ArcRwSignal<Counts>,
    /// Raised when a job comes, goes or changes its status: when lists may change.
    shape: ArcRwSignal<u64>,
    /// Raised when a job comes or goes.
    roster: ArcRwSignal<u64>,
    /// A job that was run again, and the job that this started.
    rerun: ArcRwSignal<Option<(JobId, JobId)>>,
}

#[derive(Default)]
struct State {
    cells: HashMap<JobId, Cell>,
    lists: HashMap<ListKey, ArcRwSignal<Listing>>,
    details: details::Queue,
    starting: HashSet<JobId>,
    /// The last event that the feed told of.
    seen: Option<EventSeq>,
    viewers: outputs::Viewers,
    /// How many views show each job.
    pins: HashMap<JobId, u32>,
    /// The table that is shown.
    table: Option<ArcRwSignal<TableView>>,
    /// The latest pages were looked through for jobs of other doors before.
    discovered: bool,
}

struct Cell {
    job: ArcRwSignal<Job>,
    /// When the backend last told of it.
    touched: u64,
}

/// A job's status before and after something was learned of it.
type Change = (Option<JobStatus>, Option<JobStatus>);

impl JobsStore {
    /// A store that knows no job yet.
    #[must_use]
    pub fn new(client: Client, clock: Clock, link: LinkStore, notices: NoticesStore) -> Self {
        Self {
            client,
            patience: Patience::new(clock.clone(), link.clone()),
            clock,
            link,
            notices,
            state: Arc::default(),
            counts: ArcRwSignal::default(),
            shape: ArcRwSignal::default(),
            roster: ArcRwSignal::default(),
            rerun: ArcRwSignal::default(),
        }
    }

    /// The job's cell, if the job is known.
    #[must_use]
    pub fn job(&self, id: &JobId) -> Option<ArcRwSignal<Job>> {
        self.state().cells.get(id).map(|cell| cell.job.clone())
    }

    /// The job's cell, tracked: whoever asks is told when the job becomes known or is forgotten.
    #[must_use]
    pub fn job_tracked(&self, id: &JobId) -> Option<ArcRwSignal<Job>> {
        self.shape.track();
        self.job(id)
    }

    /// Every caller that started one of the known jobs, in their order, untracked.
    #[must_use]
    pub fn callers(&self) -> Vec<Caller> {
        let state = self.state();
        let of_jobs = state.cells.values().map(|cell| {
            let caller = |job: &Job| job.summary.caller.clone();
            cell.job.with_untracked(caller)
        });
        of_jobs.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// How many jobs are under way, tracked.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.get()
    }

    /// A job that was run again and the one that this started, tracked.
    #[must_use]
    pub fn rerun(&self) -> Option<(JobId, JobId)> {
        self.rerun.get()
    }

    /// Takes in what the backend says of a job.
    pub(super) fn put_summary(&self, summary: JobSummary) {
        self.put_summaries([summary]);
    }

    /// Takes in what the backend says of some jobs: each redraws only what shows it, and counts
    /// and lists follow once for all.
    pub(super) fn put_summaries(&self, summaries: impl IntoIterator<Item = JobSummary>) {
        let changes: Vec<_> = summaries
            .into_iter()
            .map(|summary| {
                self.put(
                    &summary.job_id,
                    || Job::of_summary(summary.clone()),
                    |job| job.take_summary(&summary),
                )
            })
            .collect();
        self.recount(&changes);
    }

    /// Takes in all that the backend says of a job.
    pub(super) fn put_snapshot(&self, snapshot: &JobSnapshot) {
        let change = self.put(
            &snapshot.job_id,
            || Job::of_snapshot(snapshot),
            |job| job.take_snapshot(snapshot),
        );
        self.recount(&[change]);
    }

    /// `take` says whether it changed the job: nothing is redrawn for what is known.
    fn put(
        &self,
        id: &JobId,
        new: impl FnOnce() -> Job,
        take: impl FnOnce(&mut Job) -> bool,
    ) -> Change {
        let now = self.clock.now_ms();
        let known = {
            let mut state = self.state();
            state.cells.get_mut(id).map(|cell| {
                cell.touched = now;
                cell.job.clone()
            })
        };
        match known {
            Some(cell) => {
                let before = cell.with_untracked(Job::status);
                cell.maybe_update(|job| {
                    let is_new = take(job);
                    if is_new {
                        job.note_rate(now);
                    }
                    is_new
                });
                (Some(before), Some(cell.with_untracked(Job::status)))
            }
            None => {
                let job = new();
                let after = job.status();
                let cell = Cell {
                    job: ArcRwSignal::new(job),
                    touched: now,
                };
                self.state().cells.insert(id.clone(), cell);
                (None, Some(after))
            }
        }
    }

    /// Drops a job that the backend doesn't know any more.
    fn forget(&self, id: &JobId) {
        let gone = self.state().cells.remove(id);
        if let Some(cell) = gone {
            let before = cell.job.with_untracked(Job::status);
            self.recount(&[(Some(before), None)]);
        }
    }

    fn recount(&self, changes: &[Change]) {
        if changes.iter().all(|(before, after)| before == after) {
            return;
        }
        let mut counts = self.counts.get_untracked();
        let old = counts;
        let steps = changes
            .iter()
            .flat_map(|(before, after)| [(*before, -1), (*after, 1)]);
        for (status, step) in steps {
            match status {
                Some(JobStatus::Running) => {
                    counts.running = counts.running.saturating_add_signed(step);
                }
                Some(JobStatus::Queued) => {
                    counts.queued = counts.queued.saturating_add_signed(step);
                }
                _ => {}
            }
        }
        if counts != old {
            self.counts.set(counts);
        }
        self.shape.update(|shape| *shape += 1);
        let is_come_or_gone = |(before, after): &Change| before.is_some() != after.is_some();
        if changes.iter().any(is_come_or_gone) {
            self.roster.update(|roster| *roster += 1);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod more_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
