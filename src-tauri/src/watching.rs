//! Watches of the page: follows one job or all of them, and sends what happens over a channel, in
//! order and without a gap that isn't told.
//!
//! Who watches, and for how long, is `frontend`'s business.

use std::sync::Arc;

use tauri::ipc::Channel;
use toolroom_engine::{JobApi, StreamItem, Subscription};
use toolroom_shared::{AppError, Caller, EventSeq, JobId, JobUpdate, JobsUpdate};

use crate::{beat::Beat, json_text::JsonText};

/// How many events a message has at the most: some 300 KB.
const EVENTS_A_MESSAGE: usize = 500;

/// A watch of all jobs, begun already: nothing that happens from now on is missed.
pub struct JobsWatch {
    api: Arc<dyn JobApi>,
    stream: Subscription,
    /// It begins with a snapshot.
    is_fresh: bool,
}

impl JobsWatch {
    /// A watch that goes on after the event `since`, if it can still be followed from there.
    ///
    /// # Errors
    /// What the engine refuses with.
    pub async fn begin(api: Arc<dyn JobApi>, since: Option<EventSeq>) -> Result<Self, AppError> {
        let stream = api
            .subscribe(Caller::Window, since.map(|seq| seq.0))
            .await?;
        Ok(Self {
            api,
            stream,
            is_fresh: since.is_none(),
        })
    }

    /// Follows until the engine or the page is gone.
    pub async fn follow(mut self, to: Channel<JsonText<JobsUpdate>>) {
        // What can't be sent, nobody is there to see.
        let _ = self.try_follow(&to).await;
    }

    async fn try_follow(&mut self, to: &Channel<JsonText<JobsUpdate>>) -> Option<()> {
        if self.is_fresh {
            self.send_snapshot(to)?;
        }
        let mut beat = Beat::new();
        while let Some(items) = beat.gather(&mut self.stream, EVENTS_A_MESSAGE).await {
            let mut events = Vec::with_capacity(items.len());
            let mut missed = 0;
            for item in items {
                match item {
                    StreamItem::Event(event) if missed == 0 => events.push(*event),
                    // The snapshot that follows tells of it.
                    StreamItem::Event(_) => missed += 1,
                    StreamItem::Gap(gap) => missed += gap,
                }
            }
            if !events.is_empty() {
                to.send(JsonText(JobsUpdate::Events { events })).ok()?;
            }
            if missed > 0 {
                let missed = u32::try_from(missed).unwrap_or(u32::MAX);
                to.send(JsonText(JobsUpdate::Gap { missed })).ok()?;
                self.stream = self.api.subscribe(Caller::Window, None).await.ok()?;
                self.send_snapshot(to)?;
            }
        }
        Some(())
    }

    fn send_snapshot(&mut self, to: &Channel<JsonText<JobsUpdate>>) -> Option<()> {
        let jobs = std::mem::take(&mut self.stream.snapshot);
        let seq = EventSeq(self.stream.last_seq());
        to.send(JsonText(JobsUpdate::Snapshot { seq, jobs })).ok()
    }
}

/// A watch of one job, begun already.
pub struct JobWatch {
    api: Arc<dyn JobApi>,
    stream: Subscription,
    job_id: JobId,
    /// The revision of the job that was sent last.
    revision: u32,
}

impl JobWatch {
    /// A watch of a job, whether it has ended or not, and its first message.
    ///
    /// # Errors
    /// `unknown_job`.
    pub async fn begin(api: Arc<dyn JobApi>, job_id: JobId) -> Result<(Self, JobUpdate), AppError> {
        // Listens before it looks, lest a change between the two be missed.
        let stream = api.subscribe(Caller::Window, None).await?;
        let job = api.get(Caller::Window, &job_id).await?;
        let watch = Self {
            api,
            stream,
            job_id,
            revision: job.revision,
        };
        Ok((watch, JobUpdate::Snapshot { job }))
    }

    /// Follows until the job has ended, or the engine or the page is gone.
    pub async fn follow(mut self, first: JobUpdate, to: Channel<JsonText<JobUpdate>>) {
        // What can't be sent, nobody is there to see.
        let _ = self.try_follow(first, &to).await;
    }

    async fn try_follow(
        &mut self,
        first: JobUpdate,
        to: &Channel<JsonText<JobUpdate>>,
    ) -> Option<()> {
        let mut has_ended = is_end(&first);
        to.send(JsonText(first)).ok()?;
        while !has_ended {
            match self.stream.next().await? {
                StreamItem::Event(event) => {
                    if event.job.job_id != self.job_id || event.job.revision <= self.revision {
                        continue;
                    }
                    self.revision = event.job.revision;
                    let ends = event.job.status.is_terminal();
                    to.send(JsonText(JobUpdate::Event { event: *event })).ok()?;
                    if !ends {
                        continue;
                    }
                }
                StreamItem::Gap(_) => {}
            }
            // At the end with its output, and after a gap for what fell into it.
            let job = self.api.get(Caller::Window, &self.job_id).await.ok()?;
            self.revision = job.revision;
            let snapshot = JobUpdate::Snapshot { job };
            has_ended = is_end(&snapshot);
            to.send(JsonText(snapshot)).ok()?;
        }
        Some(())
    }
}

fn is_end(update: &JobUpdate) -> bool {
    matches!(update, JobUpdate::Snapshot { job } if job.status.is_terminal())
}

#[cfg(test)]
mod tests;
