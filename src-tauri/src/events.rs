//! Forwards the engine's events to the window, ten times a second at the most and for all jobs
//! together.
//!
//! They are hints: the page reconciles with `get_job`, so one that is lost changes nothing in
//! the end.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, async_runtime::JoinHandle};
use tauri_specta::Event;
use tokio::time::Instant;
use toolroom_engine::{JobApi, StreamItem};
use toolroom_shared::{self as shared, Caller, JobId, JobStatus, JobSummary};

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

/// How far two messages to the window are apart at least.
const BEAT: Duration = Duration::from_millis(100);

/// Forwards until the engine is gone or the task is aborted.
pub fn forward(app: AppHandle, api: Arc<dyn JobApi>) -> JoinHandle<()> {
    // joined: the handle is kept in the app's state and aborted when the app closes
    tauri::async_runtime::spawn(async move {
        let Ok(mut events) = api.subscribe(Caller::Window, None).await else {
            return;
        };
        let mut batch = Batch::default();
        let mut next_beat = Instant::now();
        while let Some(item) = events.next().await {
            batch.add(item);
            // After a rest the first change goes out at once, with what came together with it.
            loop {
                tokio::select! {
                    biased;
                    item = events.next() => match item {
                        Some(item) => batch.add(item),
                        None => break,
                    },
                    () = tokio::time::sleep_until(next_beat) => break,
                }
                if Instant::now() >= next_beat {
                    break;
                }
            }
            next_beat = Instant::now() + BEAT;
            batch.take().emit(&app);
        }
    })
}

/// The latest of each job that has changed, in the order of their first change.
#[derive(Debug, Default)]
struct Batch {
    jobs: Vec<JobSummary>,
    places: HashMap<JobId, usize>,
}

impl Batch {
    fn add(&mut self, item: StreamItem) {
        // What fell into a gap the page finds out by itself.
        let StreamItem::Event(event) = item else {
            return;
        };
        let job = event.job;
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
    fn emit(self, app: &AppHandle) {
        let Self {
            progress,
            completed,
            failed,
            canceled,
        } = self;
        send(app, progress, |jobs| {
            ToolJobProgress(shared::ToolJobProgress { jobs })
        });
        send(app, completed, |jobs| {
            ToolJobCompleted(shared::ToolJobCompleted { jobs })
        });
        send(app, failed, |jobs| {
            ToolJobFailed(shared::ToolJobFailed { jobs })
        });
        send(app, canceled, |jobs| {
            ToolJobCanceled(shared::ToolJobCanceled { jobs })
        });
    }
}

fn send<E>(app: &AppHandle, jobs: Vec<JobSummary>, event: impl FnOnce(Vec<JobSummary>) -> E)
where
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
    use toolroom_shared::{JobEvent, JobPriority, JobProgress, TransitionKind};

    use super::*;

    fn job(id: &str, revision: u32, status: JobStatus) -> StreamItem {
        let job = JobSummary {
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
        };
        StreamItem::Event(Box::new(JobEvent {
            seq: 1,
            kind: TransitionKind::Progress,
            job,
        }))
    }

    fn told(jobs: &[JobSummary]) -> Vec<(&str, u32)> {
        jobs.iter()
            .map(|job| (job.job_id.as_str(), job.revision))
            .collect()
    }

    #[test]
    fn one_message_has_each_job_once_and_as_it_stands_last() {
        let mut batch = Batch::default();
        for item in [
            job("a", 1, JobStatus::Running),
            job("b", 1, JobStatus::Running),
            job("a", 2, JobStatus::Running),
            StreamItem::Gap(3),
            job("c", 1, JobStatus::Failed),
            job("b", 2, JobStatus::Succeeded),
            job("d", 9, JobStatus::Canceled),
        ] {
            batch.add(item);
        }
        let first = batch.take();
        assert_eq!(told(&first.progress), [("a", 2)]);
        assert_eq!(told(&first.completed), [("b", 2)]);
        assert_eq!(told(&first.failed), [("c", 1)]);
        assert_eq!(told(&first.canceled), [("d", 9)]);
        assert_eq!(batch.take(), Told::default());
    }
}
