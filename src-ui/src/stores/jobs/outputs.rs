//! Outputs that are too large for a snapshot: fetched piece by piece while a view shows them.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::JobId;

use super::{Job, JobsStore, Output};
use crate::texts;

/// An output of more bytes than this is only loaded when somebody says so: drawn, it takes several
/// times as much memory.
pub const LOADED_AT_ONCE: u64 = 64 * 1024 * 1024;

/// How many views show each job's output, and how many loadings there were.
#[derive(Default)]
pub(super) struct Viewers {
    views: HashMap<JobId, u32>,
    loads: u64,
}

impl JobsStore {
    /// A view begins to show the job's output. For each call one of [`JobsStore::leave_output`]
    /// is to follow.
    pub fn view_output(&self, id: &JobId) {
        *self.state().viewers.views.entry(id.clone()).or_default() += 1;
    }

    /// A view shows the job's output no longer. A large one that nobody shows is not kept.
    pub fn leave_output(&self, id: &JobId) {
        {
            let views = &mut self.state().viewers.views;
            let left = views.get(id).copied().unwrap_or_default().saturating_sub(1);
            if left > 0 {
                views.insert(id.clone(), left);
                return;
            }
            views.remove(id);
        }
        if let Some(job) = self.job(id) {
            job.maybe_update(|job| match (&job.output, job.summary.output_bytes) {
                (Output::Loading { .. } | Output::Here(_), Some(bytes)) => {
                    job.output = Output::Large(bytes);
                    true
                }
                _ => false,
            });
        }
    }

    /// Loads the job's large output, again if that failed. Does nothing while it is loading.
    pub fn load_output(&self, id: &JobId) {
        let store = self.clone();
        let id = id.clone();
        spawn_local(async move { store.load_output_now(&id).await });
    }

    pub(super) async fn load_output_now(&self, id: &JobId) {
        let Some(job) = self.job(id) else { return };
        let load = {
            let mut state = self.state();
            state.viewers.loads += 1;
            state.viewers.loads
        };
        let begun = job.try_maybe_update(|job| {
            let total = match job.output {
                Output::Large(total) | Output::Failed { total, .. } => total,
                _ => return (false, None),
            };
            job.output = Output::Loading {
                done: 0,
                total,
                load,
            };
            (true, Some(total))
        });
        let Some(total) = begun.flatten() else { return };
        let is_wanted = || {
            job.with_untracked(
                |job| matches!(job.output, Output::Loading { load: own, .. } if own == load),
            )
        };
        let output = match self.pieces(id, &job, total, load, &is_wanted).await {
            Ok(Some(text)) => match serde_json::from_str(&text) {
                Ok(value) => Output::Here(std::sync::Arc::new(value)),
                Err(_) => failed(total, texts::UNREADABLE_RESULT.to_owned()),
            },
            // Given up: somebody else decides what becomes of it.
            Ok(None) => return,
            Err(reason) => failed(total, reason),
        };
        if is_wanted() {
            job.update(|job| job.output = output);
        }
    }

    /// The whole text; nothing if it is wanted no longer.
    async fn pieces(
        &self,
        id: &JobId,
        job: &ArcRwSignal<Job>,
        total: u64,
        load: u64,
        is_wanted: &impl Fn() -> bool,
    ) -> Result<Option<String>, String> {
        let mut text = String::new();
        let mut offset = 0;
        loop {
            let ask = || self.client.read_job_output(id.clone(), offset);
            let answer = self.patience.ask(ask).await;
            if !is_wanted() {
                return Ok(None);
            }
            let page = answer.map_err(|error| texts::failure(&error))?;
            text.push_str(&page.text);
            let Some(next) = page.next_offset else {
                return Ok(Some(text));
            };
            // A piece that leads nowhere would be asked for for ever.
            offset = u32::try_from(next)
                .ok()
                .filter(|next| *next > offset)
                .ok_or_else(|| texts::UNREADABLE_RESULT.to_owned())?;
            job.update(|job| {
                job.output = Output::Loading {
                    done: next,
                    total,
                    load,
                };
            });
        }
    }
}

fn failed(total: u64, reason: String) -> Output {
    Output::Failed { total, reason }
}
