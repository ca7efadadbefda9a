//! What every door speaks to.
//!
//! A door adapts a request to one of these calls and says who is calling; it decides nothing.

use async_trait::async_trait;
use serde_json::Value;
use toolroom_shared::{
    AppError, Caller, InputProblem, JobHandle, JobId, JobSnapshot, JobsPage, JobsQuery,
    StartOptions, ToolDefinition,
};

use crate::Subscription;

/// What can be asked of the engine. `caller` is set at the door, never by a payload.
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
    /// `unknown_tool`, `invalid_input`, `invalid_query` for options that can't be met,
    /// `idempotency_conflict`, `queue_full`, `shutting_down`.
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

    /// Asks a job to end. A job that has ended already stays as it is.
    ///
    /// # Errors
    /// `unknown_job`.
    async fn cancel(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError>;

    /// One page of jobs, newest first.
    ///
    /// # Errors
    /// `invalid_query`.
    async fn list(&self, caller: Caller, query: JobsQuery) -> Result<JobsPage, AppError>;

    /// Every change from now on, after a snapshot of what is unfinished.
    async fn subscribe(&self, caller: Caller) -> Result<Subscription, AppError>;
}
