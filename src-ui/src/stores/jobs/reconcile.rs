//! Making up for what the feed did not tell.
//!
//! When these steps are taken is the pulse's business.

use futures::future::join_all;
use leptos::prelude::*;
use toolroom_ipc::IpcError;
use toolroom_shared::{ErrorCode, JobId, JobsQuery};

use super::{Job, JobsStore};

/// A job that was told of less than this many milliseconds ago need not be asked for.
const FRESH_FOR: u64 = 1_000;
/// How many jobs are asked for in one step at the most.
const AT_ONCE: usize = 50;
/// How many jobs a page of the search for new ones has.
const PAGE: u32 = 100;
/// How many pages are gone through at the most.
const MAX_PAGES: usize = 20;

impl JobsStore {
    /// Asks for the unfinished jobs of which nothing was heard lately, the longest unheard first.
    pub async fn reconcile(&self) {
        let now = self.clock.now_ms();
        let mut stale: Vec<(u64, JobId)> = self
            .state()
            .cells
            .iter()
            .filter(|(_, cell)| cell.touched + FRESH_FOR <= now)
            .filter(|(_, cell)| cell.job.with_untracked(|job| !job.status().is_terminal()))
            .map(|(id, cell)| (cell.touched, id.clone()))
            .collect();
        stale.sort_unstable();
        stale.truncate(AT_ONCE);
        join_all(stale.iter().map(|(_, id)| self.refresh(id))).await;
        self.prune();
    }

    /// Looks for jobs that are not known yet: those that other doors started. The first page
    /// does, unless it holds nothing else: then there may be more on the next.
    pub async fn discover(&self) {
        self.walk().await;
        for key in self.failed_lists() {
            self.load_more(&key);
        }
    }

    async fn walk(&self) {
        // The history can be long: what is far back in it, a list asks for.
        let first_look = !std::mem::replace(&mut self.state().discovered, true);
        let mut cursor = None;
        for _ in 0..MAX_PAGES {
            let query = JobsQuery {
                limit: Some(PAGE),
                cursor: cursor.take(),
                ..JobsQuery::default()
            };
            let ask = || self.client.list_jobs(query.clone());
            let answer = self.patience.ask(ask).await;
            let Ok(page) = answer else { return };
            let (known, unknown): (Vec<_>, Vec<_>) = page
                .jobs
                .into_iter()
                .partition(|job| self.job(&job.job_id).is_some());
            let goes_on = known.is_empty() && !unknown.is_empty() && !first_look;
            self.put_summaries(known.into_iter().chain(unknown));
            cursor = page.next_cursor;
            if cursor.is_none() || !goes_on {
                break;
            }
        }
    }

    /// Asks for one job.
    pub(super) async fn refresh(&self, id: &JobId) {
        let answer = self.patience.ask(|| self.client.get_job(id.clone())).await;
        match answer {
            Ok(snapshot) => self.put_snapshot(&snapshot),
            Err(IpcError::Command(error)) if error.code == ErrorCode::UnknownJob => {
                self.forget(id);
            }
            // What failed otherwise is asked again at the next step.
            Err(_) => {}
        }
    }

    /// Whether all is known of the job: nothing would be learned from asking.
    pub(super) fn is_complete(&self, id: &JobId) -> bool {
        self.job(id)
            .is_some_and(|job| job.with_untracked(Job::output_is_known))
    }
}
