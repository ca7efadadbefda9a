//! A job's cell, taken apart: each part redraws only what shows it.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;
use toolroom_shared::{JobId, JobStatus, JobSummary, ToolDefinition};

use crate::stores::{Job, Stores};

/// The parts of a job that views read.
#[derive(Clone)]
pub struct JobReading {
    /// The job's id.
    pub id: JobId,
    /// The job itself.
    pub job: ArcRwSignal<Job>,
    /// Where it stands.
    pub status: Memo<JobStatus>,
    /// 0 to 100.
    pub percent: Memo<u8>,
    /// A name out of its input; none before the input is known.
    pub title: Memo<Option<String>>,
    /// Its tool, if that is known.
    pub tool: Memo<Option<Arc<ToolDefinition>>>,
}

impl JobReading {
    /// The parts of the job in `job`.
    #[must_use]
    pub fn of(job: ArcRwSignal<Job>, stores: &Stores) -> Self {
        let id = job.with_untracked(|job| job.summary.job_id.clone());
        let tool_name = job.with_untracked(|job| job.summary.tool_name.clone());
        let tools = stores.tools.clone();
        // For as long as the view stands the store keeps the job.
        let jobs = stores.jobs.clone();
        jobs.pin(&id);
        on_cleanup({
            let id = id.clone();
            move || jobs.unpin(&id)
        });
        Self {
            id,
            status: part(&job, Job::status),
            percent: part(&job, |job| job.summary.progress_pct),
            title: part(&job, |job| {
                // An input without any words is named after its job.
                job.input.as_ref().map(|_| {
                    job.title
                        .clone()
                        .unwrap_or_else(|| short_id(&job.summary.job_id))
                })
            }),
            tool: Memo::new(move |_| tools.find(&tool_name)),
            job,
        }
    }

    /// One part of the job, which changes only when it does.
    pub fn part<T: Clone + PartialEq + Send + Sync + 'static>(
        &self,
        what: impl Fn(&Job) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        part(&self.job, what)
    }

    /// One part of the job's summary.
    pub fn summary<T: Clone + PartialEq + Send + Sync + 'static>(
        &self,
        what: impl Fn(&JobSummary) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        part(&self.job, move |job| what(&job.summary))
    }

    /// The tool's name as people read it; its id while no more is known.
    #[must_use]
    pub fn tool_title(&self) -> String {
        self.tool.get().map_or_else(
            || self.job.with(|job| job.summary.tool_name.clone()),
            |tool| tool.title.clone(),
        )
    }

    /// The schema of the job's output.
    #[must_use]
    pub fn output_schema(&self) -> Arc<Value> {
        self.tool
            .get()
            .map_or_else(Arc::default, |tool| Arc::new(tool.output_schema.clone()))
    }
}

fn part<T: Clone + PartialEq + Send + Sync + 'static>(
    job: &ArcRwSignal<Job>,
    what: impl Fn(&Job) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let job = job.clone();
    Memo::new(move |_| job.with(&what))
}

/// A job's name where nothing better is known: the end of its id, which differs most.
#[must_use]
pub fn short_id(id: &JobId) -> String {
    let id = id.as_str();
    let start = id.len().saturating_sub(8);
    format!("Job {}", id.get(start..).unwrap_or(id))
}
