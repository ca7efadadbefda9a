//! What every door speaks to.
//!
//! A door adapts a request to one of these calls and says who is calling; it decides nothing.

use async_trait::async_trait;
use serde_json::Value;
use toolroom_shared::{
    AppError, Caller, InputProblem, JobHandle, JobId, JobSnapshot, JobTransition, JobsPage,
    JobsQuery, LogPage, OutputPage, QueuePosition, StartOptions, ToolDefinition,
};

use crate::Subscription;

/// What can be asked of the engine. `caller` is set at the door, never by a payload.
///
/// Everything that changes a job answers once the change is stored, and then holds whatever
/// happens. Any call can fail with `storage`, when the history can't be read or written.
#[async_trait]
pub trait JobApi: Send + Sync {
    /// Every tool, in the order of their names.
    async fn list_tools(&self, caller: Caller) -> Result<Vec<ToolDefinition>, AppError>;

    /// What is wrong with an input; nothing if it would be accepted.
    ///
    /// # Errors
    /// `unknown_tool`.
    async fn check_input(
        &self,
        caller: Caller,
        tool_name: &str,
        input: &Value,
    ) -> Result<Vec<InputProblem>, AppError>;

    /// Accepts a job.
    ///
    /// # Errors
    /// `unknown_tool`, `invalid_input`, `input_too_large`, `invalid_query` for options that can't be met,
    /// `idempotency_conflict`, `duplicate_input`, `queue_full`, `shutting_down`.
    async fn start(
        &self,
        caller: Caller,
        tool_name: &str,
        input: Value,
        options: StartOptions,
    ) -> Result<JobHandle, AppError>;

    /// A job as it is now.
    ///
    /// # Errors
    /// `unknown_job`.
    async fn get(&self, caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError>;

    /// Waits until a job has ended.
    ///
    /// # Errors
    /// `unknown_job`, `shutting_down` if the engine ends first.
    async fn wait(&self, caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError>;

    /// Asks a job to end. A job that has ended already stays as it is.
    ///
    /// # Errors
    /// `unknown_job`.
    async fn cancel(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError>;

    /// Asks every unfinished job that `query` matches to end, over all pages. How many that were.
    ///
    /// # Errors
    /// `invalid_query`.
    async fn cancel_all(&self, caller: Caller, query: JobsQuery) -> Result<u32, AppError>;

    /// Holds a waiting job back, and a running one at its next checkpoint.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state` for one that runs without checkpoints or has ended.
    async fn pause(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError>;

    /// Lets a paused job go on. One that isn't paused stays as it is.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state` for one that has ended.
    async fn resume(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError>;

    /// Gives a waiting job another place in the queue.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state` unless it, and the one that it is to stand before, wait.
    async fn reorder(
        &self,
        caller: Caller,
        job_id: &JobId,
        position: QueuePosition,
    ) -> Result<(), AppError>;

    /// Sends a running job a message, as its tool's definition describes it. It belongs to the
    /// attempt that runs: nothing of it is kept.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state` for one that isn't being worked on or whose tool takes no
    /// messages, `invalid_input` (the problems are in `details.problems`), `queue_full` if too much
    /// lies unread.
    async fn send(&self, caller: Caller, job_id: &JobId, message: Value) -> Result<(), AppError>;

    /// Starts a job that has ended once more, as a new job with the same tool and input.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state` for one that hasn't ended, and those of `start`.
    async fn retry(&self, caller: Caller, job_id: &JobId) -> Result<JobHandle, AppError>;

    /// One page of jobs, newest first.
    ///
    /// # Errors
    /// `invalid_query`.
    async fn list(&self, caller: Caller, query: JobsQuery) -> Result<JobsPage, AppError>;

    /// What happened to a job, oldest first.
    ///
    /// # Errors
    /// `unknown_job`.
    async fn transitions(
        &self,
        caller: Caller,
        job_id: &JobId,
    ) -> Result<Vec<JobTransition>, AppError>;

    /// Up to `limit` lines of a job's log after the line `after`; 0 is before the first. A page
    /// has at most 1,000.
    ///
    /// # Errors
    /// `unknown_job`.
    async fn log(
        &self,
        caller: Caller,
        job_id: &JobId,
        after: u32,
        limit: u32,
    ) -> Result<LogPage, AppError>;

    /// A piece of the JSON text of an output from the byte `offset`: up to 256 KiB.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state` for a job without an output, `output_removed` for one whose output
    /// had to make room, `invalid_query` for an offset
    /// that is not one, `io_error` if the file with it can't be read.
    async fn read_output(
        &self,
        caller: Caller,
        job_id: &JobId,
        offset: u64,
    ) -> Result<OutputPage, AppError>;

    /// Every change from now on, after a snapshot of what is unfinished. With the number of the
    /// last event that was seen, every change after it: without a snapshot if all of them can
    /// still be given, else with a gap and a snapshot first.
    async fn subscribe(&self, caller: Caller, since: Option<u64>)
    -> Result<Subscription, AppError>;
}
