//! Starting, watching, steering and ending jobs.

use serde_json::Value;
use tauri::State;
use toolroom_shared::{
    AppError, Caller, JobHandle, JobId, JobSnapshot, JobTransition, JobsPage, JobsQuery, LogPage,
    OutputPage, QueuePosition, StartOptions,
};

use crate::{json_text::JsonText, state::AppState};

/// Accepts a job. Send a fresh idempotency key with each start that a person means: a page that
/// is reloaded can send the same call twice, and then it is run once.
///
/// Fails with `unknown_tool`, `invalid_input` (the problems are in `details.problems`),
/// `invalid_query`, `idempotency_conflict`, `duplicate_input`, `queue_full`, `storage` or
/// `shutting_down`.
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

/// Runs a tool and waits for its end: the same as `start_tool_job`, with one answer at the end. A
/// call that is held for minutes can't be taken up again after a reload; the job can.
///
/// Fails like `start_tool_job`. A job that fails is an answer and not an error.
#[tauri::command]
#[specta::specta]
#[deprecated(note = "use start_tool_job, and follow the job by its events and get_job")]
pub async fn run_tool(
    state: State<'_, AppState>,
    tool_name: String,
    input_json: Value,
) -> Result<JsonText<JobSnapshot>, AppError> {
    let api = state.api();
    let options = StartOptions::default();
    let started = api.start(Caller::Window, &tool_name, input_json, options);
    let JobHandle { job_id } = started.await?;
    api.wait(Caller::Window, &job_id).await.map(JsonText)
}

/// A job as it is now.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn get_job(
    state: State<'_, AppState>,
    job_id: JobId,
) -> Result<JsonText<JobSnapshot>, AppError> {
    state.api().get(Caller::Window, &job_id).await.map(JsonText)
}

/// Asks a job to end. A job that has ended already stays as it is.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn cancel_job(state: State<'_, AppState>, job_id: JobId) -> Result<(), AppError> {
    state.api().cancel(Caller::Window, &job_id).await
}

/// Asks every unfinished job that the query matches to end, over all pages. How many that were.
///
/// Fails with `invalid_query`.
#[tauri::command]
#[specta::specta]
pub async fn cancel_jobs(state: State<'_, AppState>, query: JobsQuery) -> Result<u32, AppError> {
    state.api().cancel_all(Caller::Window, query).await
}

/// Holds a waiting job back, and a running one at its next checkpoint.
///
/// Fails with `unknown_job`, or `wrong_state` for one that runs without checkpoints or has ended.
#[tauri::command]
#[specta::specta]
pub async fn pause_job(state: State<'_, AppState>, job_id: JobId) -> Result<(), AppError> {
    state.api().pause(Caller::Window, &job_id).await
}

/// Lets a paused job go on.
///
/// Fails with `unknown_job`, or `wrong_state` for one that has ended.
#[tauri::command]
#[specta::specta]
pub async fn resume_job(state: State<'_, AppState>, job_id: JobId) -> Result<(), AppError> {
    state.api().resume(Caller::Window, &job_id).await
}

/// Gives a waiting job another place in the queue.
///
/// Fails with `unknown_job`, or `wrong_state` unless it waits.
#[tauri::command]
#[specta::specta]
pub async fn reorder_job(
    state: State<'_, AppState>,
    job_id: JobId,
    position: QueuePosition,
) -> Result<(), AppError> {
    state.api().reorder(Caller::Window, &job_id, position).await
}

/// Sends a running job a message, as `message_schema` of its tool describes it. It belongs to the
/// attempt that runs: nothing of it is kept.
///
/// Fails with `unknown_job`, `wrong_state` for a job that isn't being worked on or whose tool takes
/// no messages, `invalid_input` (the problems are in `details.problems`), or `queue_full` if too
/// much lies unread.
#[tauri::command]
#[specta::specta]
pub async fn send_to_job(
    state: State<'_, AppState>,
    job_id: JobId,
    message_json: Value,
) -> Result<(), AppError> {
    state
        .api()
        .send(Caller::Window, &job_id, message_json)
        .await
}

/// Starts a job that has ended once more, as a new job with the same tool and input.
///
/// Fails with `unknown_job`, `wrong_state` for one that hasn't ended, or like `start_tool_job`.
#[tauri::command]
#[specta::specta]
pub async fn retry_job(state: State<'_, AppState>, job_id: JobId) -> Result<JobHandle, AppError> {
    state.api().retry(Caller::Window, &job_id).await
}

/// One page of jobs, newest first.
///
/// Fails with `invalid_query`.
#[tauri::command]
#[specta::specta]
pub async fn list_jobs(
    state: State<'_, AppState>,
    query: JobsQuery,
) -> Result<JsonText<JobsPage>, AppError> {
    state.api().list(Caller::Window, query).await.map(JsonText)
}

/// What happened to a job, oldest first.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn list_job_transitions(
    state: State<'_, AppState>,
    job_id: JobId,
) -> Result<JsonText<Vec<JobTransition>>, AppError> {
    state
        .api()
        .transitions(Caller::Window, &job_id)
        .await
        .map(JsonText)
}

/// Up to `limit` lines of a job's log after the line numbered `after`; 0 is before the first.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn read_job_log(
    state: State<'_, AppState>,
    job_id: JobId,
    after: u32,
    limit: u32,
) -> Result<JsonText<LogPage>, AppError> {
    state
        .api()
        .log(Caller::Window, &job_id, after, limit)
        .await
        .map(JsonText)
}

/// A piece of an output that is too large for a snapshot: its JSON text from the byte `offset`,
/// up to 256 KiB. Begin at 0 and go on at `next_offset`.
///
/// Fails with `unknown_job`, `wrong_state` for a job without an output, `invalid_query` or
/// `io_error`.
#[tauri::command]
#[specta::specta]
pub async fn read_job_output(
    state: State<'_, AppState>,
    job_id: JobId,
    offset: u32,
) -> Result<JsonText<OutputPage>, AppError> {
    state
        .api()
        .read_output(Caller::Window, &job_id, offset.into())
        .await
        .map(JsonText)
}
