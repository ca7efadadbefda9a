//! Inputs and outputs, which events and lists don't carry: asked for when a view wants them.

use std::collections::{HashMap, VecDeque};

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::IpcError;
use toolroom_shared::{ErrorCode, JobId, JobSummary};

use super::{Job, JobsStore};
use crate::texts;

/// How many jobs are asked for at the same time: a long list must not crowd out other calls.
const AT_ONCE: usize = 4;

/// The jobs whose details are wanted.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<JobId>,
    /// What waits or is being asked for, and whether it was wanted once more meanwhile.
    wanted: HashMap<JobId, bool>,
    pub(super) under_way: usize,
}

/// How far a job that is looked at is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Details {
    /// It is being asked for.
    #[default]
    Loading,
    /// It is known.
    Ready,
    /// The backend doesn't know it.
    Gone,
    /// It could not be had; why, in words.
    Failed(String),
}

impl JobsStore {
    /// Sees to it that the job's output becomes known once the job has ended, and its input.
    /// Cheap to call again and again.
    pub fn want_output(&self, id: &JobId) {
        self.keep_output(id);
        self.want_title(id);
    }

    /// Sees to it that the job's input becomes known. Cheap to call again and again.
    pub fn want_title(&self, id: &JobId) {
        if !self.put_in_queue(id) {
            return;
        }
        {
            let queue = &mut self.state().details;
            if queue.under_way >= AT_ONCE {
                return;
            }
            queue.under_way += 1;
        }
        let store = self.clone();
        spawn_local(async move { store.work_off().await });
    }

    /// Nobody wants the job's input any more: if nobody is asking for it yet, nobody will.
    pub fn leave_title(&self, id: &JobId) {
        let queue = &mut self.state().details;
        if let Some(place) = queue.waiting.iter().position(|waiting| waiting == id) {
            queue.waiting.remove(place);
            queue.wanted.remove(id);
        }
    }

    /// Whether it wasn't there.
    pub(super) fn put_in_queue(&self, id: &JobId) -> bool {
        let job = self.job(id);
        if !job.is_some_and(|job| job.with_untracked(Job::lacks_details)) {
            return false;
        }
        let mut state = self.state();
        let queue = &mut state.details;
        if let Some(once_more) = queue.wanted.get_mut(id) {
            // The answer that is on its way may have been given before the job ended.
            *once_more = true;
            return false;
        }
        queue.wanted.insert(id.clone(), false);
        queue.waiting.push_back(id.clone());
        true
    }

    pub(super) async fn work_off(&self) {
        loop {
            let next = {
                let mut state = self.state();
                let next = state.details.waiting.pop_front();
                if let Some(id) = &next {
                    state.details.wanted.insert(id.clone(), false);
                } else {
                    state.details.under_way -= 1;
                }
                next
            };
            let Some(id) = next else { return };
            self.refresh(&id).await;
            let once_more = self.state().details.wanted.remove(&id);
            if once_more == Some(true) {
                self.put_in_queue(&id);
            }
        }
    }

    /// Asks for a job that is looked at by itself and tells through `state` how that went.
    pub fn look_at(&self, id: JobId, state: ArcRwSignal<Details>) {
        let store = self.clone();
        spawn_local(async move { store.look_at_now(&id, &state).await });
    }

    pub(super) async fn look_at_now(&self, id: &JobId, state: &ArcRwSignal<Details>) {
        self.keep_output(id);
        if self.is_complete(id) {
            state.set(Details::Ready);
            return;
        }
        let answer = self.patience.ask(|| self.client.get_job(id.clone())).await;
        state.set(match answer {
            Ok(snapshot) => {
                self.put_summary(JobSummary::from(&snapshot));
                self.keep_output(id);
                self.put_snapshot(&snapshot);
                Details::Ready
            }
            Err(IpcError::Command(error)) if error.code == ErrorCode::UnknownJob => {
                self.forget(id);
                Details::Gone
            }
            Err(error) => Details::Failed(texts::failure(&error)),
        });
    }

    pub(super) fn keep_output(&self, id: &JobId) {
        if let Some(job) = self.job(id) {
            // Nothing on screen changes by it, so nobody is told.
            job.update_untracked(Job::want_output);
        }
    }
}
