//! Following all jobs over a channel: each thing that happens to them, in its order.
//!
//! How long is `pulse`'s business; what the channel itself can't tell, `reconcile` finds out.

use std::collections::HashMap;
use std::pin::pin;

use futures::StreamExt;
use futures::future::{Either, select};
use toolroom_ipc::IpcError;
use toolroom_shared::{AppError, EventSeq, JobEvent, JobId, JobSummary, JobsUpdate};

use super::JobsStore;
use crate::texts;

/// Milliseconds after which the answer to a watch counts as missing.
const PATIENCE: u32 = 5_000;

impl JobsStore {
    /// Takes in what happens, from where it was left the last time, until the backend ends the
    /// channel.
    ///
    /// # Errors
    /// If the backend could not be reached.
    pub async fn follow(&self) -> Result<(), IpcError<AppError>> {
        let (channel, mut updates) = self.client.channel::<JobsUpdate>()?;
        let seen = self.state().seen;
        // Asked once: a second question would be a second watch. The caller begins anew instead.
        let asked = pin!(self.client.watch_jobs(seen, channel));
        let watch = match select(asked, pin!(self.clock.sleep(PATIENCE))).await {
            Either::Left((watch, _)) => watch,
            Either::Right(_) => {
                self.link.timed_out();
                return Err(IpcError::Transport(texts::NO_ANSWER.to_owned()));
            }
        };
        self.link.note(&watch);
        let watch = watch?;
        while let Some(update) = updates.next().await {
            if !update.is_ok_and(|update| self.take(update)) {
                // Whatever it was, it is made up for by beginning anew with everything.
                self.state().seen = None;
                return self.client.end_watch(watch).await;
            }
        }
        Ok(())
    }

    /// Takes in one message. Whether it follows upon what was seen before.
    fn take(&self, update: JobsUpdate) -> bool {
        match update {
            JobsUpdate::Snapshot { seq, jobs } => {
                self.put_summaries(jobs);
                self.state().seen = Some(seq);
            }
            JobsUpdate::Events { events } => {
                if !self.follows(&events) {
                    return false;
                }
                self.put_summaries(latest(events));
            }
            // A snapshot comes next; what has ended meanwhile, reconciling finds out.
            JobsUpdate::Gap { .. } => {}
        }
        true
    }

    /// Notes the numbers of events. Whether none is missing.
    fn follows(&self, events: &[JobEvent]) -> bool {
        let mut state = self.state();
        events.iter().all(|event| {
            let is_next = state.seen.is_some_and(|seen| event.seq == seen.0 + 1);
            state.seen = Some(EventSeq(event.seq));
            is_next
        })
    }
}

/// Each job once, as it stands after the last of the events on it.
fn latest(events: Vec<JobEvent>) -> Vec<JobSummary> {
    let mut jobs: Vec<JobSummary> = Vec::new();
    let mut places: HashMap<JobId, usize> = HashMap::new();
    for JobEvent { job, .. } in events {
        match places.get(&job.job_id) {
            Some(place) => jobs[*place] = job,
            None => {
                places.insert(job.job_id.clone(), jobs.len());
                jobs.push(job);
            }
        }
    }
    jobs
}
