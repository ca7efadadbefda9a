//! Start, get, cancel, list, shut down: answers requests.
//!
//! How a job is run is `scheduler`'s business, what becomes of it `job_table`'s. Jobs are kept in
//! memory, for as long as the manager lives.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use serde_json::Value;
use toolroom_shared::{
    AppError, Caller, ErrorCode, InputProblem, JobHandle, JobId, JobSnapshot, JobSummary, JobsPage,
    JobsQuery, StartOptions, ToolDefinition,
};
use uuid::Uuid;

use super::{
    EngineLimits, Subscription,
    clock::now,
    job_list,
    job_table::{self, JobChange},
    scheduler::{JobEntry, Scheduler, State},
};
use crate::{JobApi, Registry};

/// Runs jobs on the Tokio runtime in which it was made. Cheap to clone.
#[derive(Clone)]
pub struct JobManager {
    registry: Arc<Registry>,
    scheduler: Arc<Scheduler>,
}

impl JobManager {
    /// An engine for these tools.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    #[must_use]
    pub fn new(registry: Registry, limits: EngineLimits) -> Self {
        Self {
            registry: Arc::new(registry),
            scheduler: Scheduler::new(limits),
        }
    }

    /// Takes nothing new, asks what is unfinished to stop, and waits for it, at most `limit`
    /// long. Whether everything has stopped.
    pub async fn shut_down(&self, limit: Duration) -> bool {
        {
            let mut state = self.scheduler.state();
            state.closing = true;
            let unfinished: Vec<_> = unfinished(&state).map(|job| job.job_id.clone()).collect();
            for job_id in unfinished {
                self.scheduler
                    .apply(&mut state, &job_id, JobChange::CancelRequested);
            }
        }
        self.scheduler.close(limit).await
    }
}

#[async_trait]
impl JobApi for JobManager {
    async fn list_tools(&self, _caller: Caller) -> Result<Vec<ToolDefinition>, AppError> {
        Ok(self.registry.definitions())
    }

    async fn check_input(
        &self,
        _caller: Caller,
        tool_name: &str,
        input: &Value,
    ) -> Result<Vec<InputProblem>, AppError> {
        self.registry.check(tool_name, input)
    }

    async fn start(
        &self,
        caller: Caller,
        tool_name: &str,
        input: Value,
        options: StartOptions,
    ) -> Result<JobHandle, AppError> {
        let work = self.registry.prepare(tool_name, &input)?;
        let timeout = timeout(&options, self.registry.definition(tool_name)?)?;
        let mut state = self.scheduler.state();
        let key = options.idempotency_key.map(|key| (caller, key));
        if let Some(job_id) = key.as_ref().and_then(|key| state.idempotency_keys.get(key)) {
            return same_start(&state, job_id, tool_name, &input);
        }
        if state.closing {
            return Err(AppError::new(
                ErrorCode::ShuttingDown,
                "Toolroom is closing and takes no new jobs. Nothing was started.",
            )
            .retryable());
        }
        if state.queue.is_full() {
            let message = format!(
                "{} jobs are waiting already, which is the limit. Nothing was started. Try again when some are done.",
                state.queue.len()
            );
            return Err(AppError::new(ErrorCode::QueueFull, message).retryable());
        }
        let job_id = JobId(Uuid::now_v7().to_string());
        let priority = options.priority.unwrap_or_default();
        let snapshot =
            job_table::accepted(job_id.clone(), tool_name, input, priority, caller, now());
        if let Some(key) = key {
            state.idempotency_keys.insert(key, job_id.clone());
        }
        self.scheduler.enqueue(&mut state, snapshot, work, timeout);
        Ok(JobHandle { job_id })
    }

    async fn get(&self, _caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError> {
        let state = self.scheduler.state();
        Ok(find(&state, job_id)?.snapshot.clone())
    }

    async fn cancel(&self, _caller: Caller, job_id: &JobId) -> Result<(), AppError> {
        let mut state = self.scheduler.state();
        find(&state, job_id)?;
        self.scheduler
            .apply(&mut state, job_id, JobChange::CancelRequested);
        Ok(())
    }

    async fn list(&self, _caller: Caller, query: JobsQuery) -> Result<JobsPage, AppError> {
        let state = self.scheduler.state();
        let newest_first = state.jobs.values().rev().map(|job| &job.snapshot);
        job_list::page(newest_first, &query)
    }

    async fn subscribe(&self, _caller: Caller) -> Result<Subscription, AppError> {
        // Under the lock, so that no event falls between the snapshot and the stream.
        let state = self.scheduler.state();
        let unfinished = unfinished(&state).map(JobSummary::from).collect();
        Ok(self.scheduler.events().subscribe(unfinished))
    }
}

fn unfinished(state: &State) -> impl Iterator<Item = &JobSnapshot> {
    let snapshots = state.jobs.values().map(|job| &job.snapshot);
    snapshots.filter(|job| !job.status.is_terminal())
}

fn find<'a>(state: &'a State, job_id: &JobId) -> Result<&'a JobEntry, AppError> {
    state.jobs.get(job_id).ok_or_else(|| {
        AppError::new(
            ErrorCode::UnknownJob,
            format!("There is no job {job_id}. Jobs are kept until the app is closed."),
        )
    })
}

fn same_start(
    state: &State,
    job_id: &JobId,
    tool_name: &str,
    input: &Value,
) -> Result<JobHandle, AppError> {
    let first = &find(state, job_id)?.snapshot;
    if first.tool_name == tool_name && first.input == *input {
        return Ok(JobHandle {
            job_id: job_id.clone(),
        });
    }
    Err(AppError::new(
        ErrorCode::IdempotencyConflict,
        format!(
            "This start has the same idempotency key as job {job_id}, but another tool or input. Nothing was started. Use a fresh key.",
        ),
    ))
}

fn timeout(options: &StartOptions, tool: &ToolDefinition) -> Result<Option<Duration>, AppError> {
    match options.timeout_seconds.or(tool.limits.timeout_seconds) {
        Some(0) => Err(AppError::new(
            ErrorCode::InvalidQuery,
            "A time-out must be at least 1 s. Nothing was started.",
        )),
        seconds => Ok(seconds.map(|seconds| Duration::from_secs(seconds.into()))),
    }
}
