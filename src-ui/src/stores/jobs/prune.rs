//! Forgetting jobs that nothing shows: however many come and go, the page stays as large as it is.

use std::collections::HashSet;

use leptos::prelude::*;
use toolroom_shared::JobId;

use super::{Job, JobsStore, TableView};

/// With fewer jobs than this nothing is forgotten.
const ENOUGH: usize = 1_000;
/// So many of the newest are kept in any case: from them it is told what is new.
const NEWEST: usize = 200;
/// Milliseconds for which a job is kept after the backend told of it.
const KEPT_FOR: u64 = 10_000;

impl JobsStore {
    /// A view begins to show the job. For each call one of [`JobsStore::unpin`] is to follow.
    pub fn pin(&self, id: &JobId) {
        *self.state().pins.entry(id.clone()).or_default() += 1;
    }

    /// A view shows the job no longer.
    pub fn unpin(&self, id: &JobId) {
        let mut state = self.state();
        if let Some(views) = state.pins.get_mut(id) {
            *views -= 1;
            if *views == 0 {
                state.pins.remove(id);
            }
        }
    }

    /// Forgets ended jobs that no view shows, no list holds and nothing was told of lately. They are
    /// asked for again when somebody wants them.
    pub(super) fn prune(&self) {
        if self.state().cells.len() <= ENOUGH {
            return;
        }
        let now = self.clock.now_ms();
        let keys: Vec<_> = self.state().lists.keys().cloned().collect();
        let listed = untrack(|| {
            keys.iter()
                .flat_map(|key| self.rows(key).ids)
                .collect::<Vec<_>>()
        });
        let mut kept: HashSet<JobId> = listed.into_iter().collect();
        let table = self.state().table.clone();
        if let Some(table) = table {
            table.with_untracked(|view: &TableView| kept.extend(view.known().cloned()));
        }
        let gone: Vec<_> = {
            let mut state = self.state();
            kept.extend(state.pins.keys().cloned());
            let mut newest: Vec<_> = state.cells.keys().cloned().collect();
            if newest.len() > NEWEST {
                newest.select_nth_unstable_by(NEWEST, |a, b| b.cmp(a));
                newest.truncate(NEWEST);
            }
            kept.extend(newest);
            let gone = state.cells.extract_if(|id, cell| {
                !kept.contains(id)
                    && cell.touched + KEPT_FOR <= now
                    && cell
                        .job
                        .with_untracked(|job: &Job| job.status().is_terminal())
            });
            gone.collect()
        };
        // Dropped when the state is free again: a cell may hold anything.
        drop(gone);
    }
}
