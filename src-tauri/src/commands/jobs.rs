//! Starting, watching and ending jobs.

use serde_json::Value;
use tauri::State;
use toolroom_shared::{
    AppError, Caller, JobHandle, JobId, JobSnapshot, JobsPage, JobsQuery, StartOptions,
};

use crate::state::AppState;

/// Accepts a job. Send a fresh idempotency key with each start that a person means: a page that
/// is reloaded can send the same call twice, and then it is run once.
///
/// Fails with `unknown_tool`, `invalid_input` (the problems are in `details.problems`),
/// `invalid_query`, `idempotency_conflict`, `queue_full` or `shutting_down`.
#[tauri::command]
#[specta::specta]
pub async fn start_tool_job(
    state: State<'_, AppState>,
    tool_name: String,
    input_json: Value,
    options: StartOptions,
) -> Result<JobHandle, AppError> {
    state
        .api()
        .start(Caller::Window, &tool_name, input_json, options)
        .await
}

/// A job as it is now.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn get_job(state: State<'_, AppState>, job_id: JobId) -> Result<JobSnapshot, AppError> {
    state.api().get(Caller::Window, &job_id).await
}

/// Asks a job to end. A job that has ended already stays as it is.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn cancel_job(state: State<'_, AppState>, job_id: JobId) -> Result<(), AppError> {
    state.api().cancel(Caller::Window, &job_id).await
}

/// One page of jobs, newest first.
///
/// Fails with `invalid_query`.
#[tauri::command]
#[specta::specta]
pub async fn list_jobs(state: State<'_, AppState>, query: JobsQuery) -> Result<JobsPage, AppError> {
    state.api().list(Caller::Window, query).await
}
