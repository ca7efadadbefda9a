//! Forwards the engine's events to whatever listens in the window, ten times a second at the most
//! and for all jobs together.
//!
//! They are hints, for those who need no more: events have no order among each other, and are lost
//! on a page that isn't there. Who wants each change in its order watches (`watching`).

use std::collections::{HashMap, hash_map::Entry};

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;
use toolroom_engine::{StreamItem, Subscription};
use toolroom_shared::{self as shared, EventSeq, JobId, JobStatus, JobSummary};

use crate::beat::Beat;

/// Jobs are accepted, begun, further along, or asked to end.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobProgress(pub shared::ToolJobProgress);

/// Jobs ended with an output; `get_job` has it.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobCompleted(pub shared::ToolJobCompleted);

/// Jobs ended with an error.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobFailed(pub shared::ToolJobFailed);

/// Jobs ended because somebody asked for it.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobCanceled(pub shared::ToolJobCanceled);

/// How many events are gathered for one message; more have been lost by then anyway.
const EVENTS_GATHERED: usize = 4_096;

/// Forwards until the engine is gone.
pub async fn forward<R: Runtime>(app: AppHandle<R>, mut stream: Subscription) {
    let mut batch = Batch::default();
    // There is one only if events were missed: what is unfinished is told once more.
    for job in std::mem::take(&mut stream.snapshot) {
        batch.add(job);
    }
    if stream.missed() > 0 {
        batch.take().emit(&app, EventSeq(stream.last_seq()));
    }
    let mut beat = Beat::new();
    while let Some(items) = beat.gather(&mut stream, EVENTS_GATHERED).await {
        for item in items {
            // What fell into a gap the page finds out by itself.
            if let StreamItem::Event(event) = item {
                batch.add(event.job);
            }
        }
        batch.take().emit(&app, EventSeq(stream.last_seq()));
    }
}

/// The latest of each job that has changed, in the order of their first change.
#[derive(Debug, Default)]
struct Batch {
    jobs: Vec<JobSummary>,
    places: HashMap<JobId, usize>,
}

impl Batch {
    fn add(&mut self, job: JobSummary) {
        match self.places.entry(job.job_id.clone()) {
            Entry::Occupied(place) => self.jobs[*place.get()] = job,
            Entry::Vacant(place) => {
                place.insert(self.jobs.len());
                self.jobs.push(job);
            }
        }
    }

    /// The jobs by what is told of them.
    fn take(&mut self) -> Told {
        self.places.clear();
        let mut told = Told::default();
        for job in self.jobs.drain(..) {
            let jobs = match job.status {
                JobStatus::Queued | JobStatus::Running => &mut told.progress,
                JobStatus::Succeeded => &mut told.completed,
                JobStatus::Failed => &mut told.failed,
                JobStatus::Canceled => &mut told.canceled,
            };
            jobs.push(job);
        }
        told
    }
}

/// What the window is told at one beat.
#[derive(Debug, Default, PartialEq)]
struct Told {
    progress: Vec<JobSummary>,
    completed: Vec<JobSummary>,
    failed: Vec<JobSummary>,
    canceled: Vec<JobSummary>,
}

impl Told {
    fn emit<R: Runtime>(self, app: &AppHandle<R>, last_event: EventSeq) {
        let Self {
            progress,
            completed,
            failed,
            canceled,
        } = self;
        send(app, progress, |jobs| {
            ToolJobProgress(shared::ToolJobProgress { jobs, last_event })
        });
        send(app, completed, |jobs| {
            ToolJobCompleted(shared::ToolJobCompleted { jobs, last_event })
        });
        send(app, failed, |jobs| {
            ToolJobFailed(shared::ToolJobFailed { jobs, last_event })
        });
        send(app, canceled, |jobs| {
            ToolJobCanceled(shared::ToolJobCanceled { jobs, last_event })
        });
    }
}

fn send<R, E>(app: &AppHandle<R>, jobs: Vec<JobSummary>, event: impl FnOnce(Vec<JobSummary>) -> E)
where
    R: Runtime,
    E: Event + Serialize + Clone,
{
    if jobs.is_empty() {
        return;
    }
    if let Err(error) = event(jobs).emit(app) {
        eprintln!("toolroom: an event did not reach the window: {error}");
    }
}

#[cfg(test)]
mod tests {
    use toolroom_shared::{Caller, JobPriority, JobProgress};

    use super::*;

    fn job(id: &str, revision: u32, status: JobStatus) -> JobSummary {
        JobSummary {
            job_id: JobId(id.into()),
            tool_name: "t".into(),
            status,
            progress_pct: 0,
            stage: String::new(),
            message: None,
            output_bytes: None,
            error: None,
            revision,
            attempt: 1,
            cancel_requested: false,
            paused: false,
            partial: false,
            priority: JobPriority::Normal,
            caller: Caller::Window,
            progress: JobProgress::default(),
            log_lines: 0,
            retry_of: None,
            next_attempt_at: None,
            created_at: String::new(),
            started_at: None,
            finished_at: None,
        }
    }

    fn told(jobs: &[JobSummary]) -> Vec<(&str, u32)> {
        jobs.iter()
            .map(|job| (job.job_id.as_str(), job.revision))
            .collect()
    }

    #[test]
    fn one_message_has_each_job_once_and_as_it_stands_last() {
        let mut batch = Batch::default();
        for job in [
            job("a", 1, JobStatus::Running),
            job("b", 1, JobStatus::Running),
            job("a", 2, JobStatus::Running),
            job("c", 1, JobStatus::Failed),
            job("b", 2, JobStatus::Succeeded),
            job("d", 9, JobStatus::Canceled),
        ] {
            batch.add(job);
        }
        let first = batch.take();
        assert_eq!(told(&first.progress), [("a", 2)]);
        assert_eq!(told(&first.completed), [("b", 2)]);
        assert_eq!(told(&first.failed), [("c", 1)]);
        assert_eq!(told(&first.canceled), [("d", 9)]);
        assert_eq!(batch.take(), Told::default());
    }
}
