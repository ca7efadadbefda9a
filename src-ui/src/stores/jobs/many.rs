//! What is done to many jobs at once: how far it is, and what came of it.

use futures::StreamExt;
use futures::stream;
use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::IpcError;
use toolroom_shared::{AppError, JobId, JobStatus};

use super::{Job, JobsTable, Selection};
use crate::texts;

/// How many calls are under way at the same time.
const AT_ONCE: usize = 4;
/// How many jobs are run again at the most in one go: each one is a start of its own.
pub const MOST_RUN_AGAIN: u32 = 500;
/// How many rows the backend gives at once.
const ROWS_AT_ONCE: u32 = 500;

/// What came of it, in words; nothing if there is nothing to say.
type Said = Result<Option<String>, IpcError<AppError>>;

/// What can be done to many jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyAction {
    /// Those that are unfinished are asked to end.
    Cancel,
    /// Those that have ended are started once more.
    RunAgain,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Many {
    /// Nobody asked for anything.
    #[default]
    Idle,
    /// The jobs are being counted.
    Counting,
    /// It would be done to so many: yes or no?
    Asking(ManyAction, u32),
    /// It is being done.
    Working {
        /// What.
        action: ManyAction,
        /// To how many it is done.
        done: u32,
        /// How many there are.
        total: u32,
    },
}

impl ManyAction {
    /// Whether it can be done to a job in that status.
    #[must_use]
    pub const fn fits(self, status: JobStatus) -> bool {
        match self {
            Self::Cancel => !status.is_terminal(),
            Self::RunAgain => status.is_terminal(),
        }
    }
}

impl JobsTable {
    /// Counts the jobs among those selected to which it can be done, and then asks through `state`.
    pub fn ask_to(&self, action: ManyAction, selection: Selection, state: ArcRwSignal<Many>) {
        let table = self.clone();
        spawn_local(async move {
            let said = table.ask_to_now(action, &selection, &state).await;
            table.tell(said);
        });
    }

    pub(super) async fn ask_to_now(
        &self,
        action: ManyAction,
        selection: &Selection,
        state: &ArcRwSignal<Many>,
    ) -> Said {
        state.set(Many::Counting);
        let counted = match selection.is_all() {
            true => self.count(action).await,
            false => Ok(u32::try_from(self.fitting(action, selection).len()).unwrap_or(u32::MAX)),
        };
        let said = match counted {
            Err(error) => Err(error),
            Ok(0) => Ok(Some(match action {
                ManyAction::Cancel => texts::NOTHING_TO_CANCEL.to_owned(),
                ManyAction::RunAgain => texts::NOTHING_TO_RUN_AGAIN.to_owned(),
            })),
            Ok(count) if action == ManyAction::RunAgain && count > MOST_RUN_AGAIN => {
                Ok(Some(texts::too_many_to_run_again(count, MOST_RUN_AGAIN)))
            }
            Ok(count) => {
                state.set(Many::Asking(action, count));
                return Ok(None);
            }
        };
        state.set(Many::Idle);
        said
    }

    fn tell(&self, said: Said) {
        match said {
            Ok(Some(words)) => self.store().notices.tell(words),
            Ok(None) => {}
            Err(error) => self.store().notices.tell_of(&error),
        }
    }

    /// Does it, and tells what came of it. When `state` goes back to idle meanwhile, no further job is
    /// begun.
    pub fn do_to(&self, action: ManyAction, selection: Selection, state: ArcRwSignal<Many>) {
        let table = self.clone();
        spawn_local(async move {
            let said = table.do_to_now(action, &selection, &state).await;
            state.set(Many::Idle);
            table.tell(said);
        });
    }

    pub(super) async fn do_to_now(
        &self,
        action: ManyAction,
        selection: &Selection,
        state: &ArcRwSignal<Many>,
    ) -> Said {
        let store = self.store();
        if selection.is_all() && action == ManyAction::Cancel {
            state.set(Many::Working {
                action,
                done: 0,
                total: 0,
            });
            let Some(query) = self.query_of(|status| action.fits(status)) else {
                return Ok(None);
            };
            let answer = store.client.cancel_jobs(query).await;
            store.link.note(&answer);
            return answer.map(|count| Some(texts::canceled(count)));
        }
        let jobs = match selection.is_all() {
            false => self.fitting(action, selection),
            true => self.all_fitting(action).await?,
        };
        Ok(Some(self.one_by_one(action, jobs, state).await))
    }

    async fn one_by_one(
        &self,
        action: ManyAction,
        jobs: Vec<JobId>,
        state: &ArcRwSignal<Many>,
    ) -> String {
        let total = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
        let working = |done| Many::Working {
            action,
            done,
            total,
        };
        state.set(working(0));
        let is_wanted = || state.with_untracked(|state| matches!(state, Many::Working { .. }));
        let mut calls = stream::iter(jobs)
            .map(async |id| match is_wanted() {
                false => None,
                true => Some(self.do_to_one(action, &id).await),
            })
            .buffer_unordered(AT_ONCE);
        let (mut done, mut failed, mut reason) = (0, 0, None);
        while let Some(outcome) = calls.next().await {
            match outcome {
                None => continue,
                Some(Ok(())) => done += 1,
                Some(Err(error)) => {
                    failed += 1;
                    reason.get_or_insert_with(|| texts::failure(&error));
                }
            }
            if is_wanted() {
                state.set(working(done + failed));
            }
        }
        let said = match action {
            ManyAction::Cancel => texts::canceled(done),
            ManyAction::RunAgain => texts::started_again(done),
        };
        match reason {
            None => said,
            Some(reason) => texts::with_failures(&said, failed, &reason),
        }
    }

    async fn do_to_one(&self, action: ManyAction, id: &JobId) -> Result<(), IpcError<AppError>> {
        let store = self.store();
        match action {
            ManyAction::Cancel => {
                let cancel = async |client: toolroom_ipc::Client, id| client.cancel_job(id).await;
                store.ask_now(id, cancel).await
            }
            ManyAction::RunAgain => store.run_again_now(id).await.map(drop),
        }
    }

    /// The selected jobs to which it can be done, the oldest first.
    fn fitting(&self, action: ManyAction, selection: &Selection) -> Vec<JobId> {
        let fits = |id: &&JobId| {
            // Of one that isn't known the backend will say whether it can.
            self.store()
                .job(id)
                .is_none_or(|job| job.with_untracked(|job: &Job| action.fits(job.status())))
        };
        let mut jobs: Vec<_> = selection.ids().iter().filter(fits).cloned().collect();
        jobs.sort_unstable();
        jobs
    }

    async fn count(&self, action: ManyAction) -> Result<u32, IpcError<AppError>> {
        let Some(mut query) = self.query_of(|status| action.fits(status)) else {
            return Ok(0);
        };
        query.limit = Some(1);
        let ask = || self.store().client.list_jobs(query.clone());
        Ok(self.store().patience.ask(ask).await?.total)
    }

    async fn all_fitting(&self, action: ManyAction) -> Result<Vec<JobId>, IpcError<AppError>> {
        let mut jobs = Vec::new();
        let Some(query) = self.query_of(|status| action.fits(status)) else {
            return Ok(jobs);
        };
        while u32::try_from(jobs.len()).is_ok_and(|count| count < MOST_RUN_AGAIN) {
            let offset = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
            let ask = || {
                let mut query = query.clone();
                (query.limit, query.offset) = (Some(ROWS_AT_ONCE), Some(offset));
                self.store().client.list_jobs(query)
            };
            let page = self.store().patience.ask(ask).await?;
            let is_last = page.jobs.is_empty() || page.total <= offset + ROWS_AT_ONCE;
            jobs.extend(page.jobs.into_iter().map(|job| job.job_id));
            if is_last {
                break;
            }
        }
        jobs.sort_unstable();
        Ok(jobs)
    }

    /// The jobs in these rows, also those that aren't known yet: at most as many as the backend gives
    /// at once.
    pub async fn ids_in(&self, rows: std::ops::RangeInclusive<u32>) -> Vec<JobId> {
        let known = |table: &Self| {
            table.view.with_untracked(|view| {
                let ids = rows.clone().map(|row| view.id_at(row).cloned());
                ids.collect::<Option<Vec<JobId>>>()
            })
        };
        if let Some(ids) = known(self) {
            return ids;
        }
        let (first, last) = rows.clone().into_inner();
        let mut ids = Vec::new();
        for offset in (first..=last).step_by(ROWS_AT_ONCE as usize) {
            let limit = (last - offset + 1).min(ROWS_AT_ONCE);
            let ask = || self.store().client.list_jobs(self.query(offset, limit));
            match self.store().patience.ask(ask).await {
                Ok(page) => ids.extend(page.jobs.into_iter().map(|job| job.job_id)),
                Err(error) => {
                    self.store().notices.tell_of(&error);
                    break;
                }
            }
        }
        ids
    }
}
