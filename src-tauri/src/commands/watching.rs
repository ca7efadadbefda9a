//! Getting ready, and following jobs over a channel.

use tauri::{AppHandle, State, Webview, ipc::Channel};
use toolroom_shared::{AppError, EventSeq, FrontendReady, JobId, JobUpdate, JobsUpdate, WatchId};

use crate::{
    json_text::JsonText,
    state::AppState,
    watching::{JobWatch, JobsWatch},
};

/// Says that the page is there and has registered its listeners. Everything since `last_event` is
/// told to them then; without it, everything since the app was started. What a page before this
/// one watched, ends.
///
/// `contract_hash` is the client's own: with another contract nothing works as it should.
///
/// Fails with `contract_mismatch`.
#[tauri::command]
#[specta::specta]
pub async fn frontend_ready(
    app: AppHandle,
    webview: Webview,
    state: State<'_, AppState>,
    contract_hash: String,
    last_event: Option<EventSeq>,
) -> Result<FrontendReady, AppError> {
    // A page that was asking whether to close is gone with its question.
    state.closing().forget();
    let api = state.shared_api();
    state
        .frontend()
        .ready(&app, api, webview.label(), &contract_hash, last_event)
        .await
}

/// Follows one job: the job as it is, then each thing that happens to it, and once it has ended
/// the whole job again; then the channel ends.
///
/// Fails with `unknown_job`.
#[tauri::command]
#[specta::specta]
pub async fn watch_job(
    webview: Webview,
    state: State<'_, AppState>,
    job_id: JobId,
    on_event: Channel<JsonText<JobUpdate>>,
) -> Result<WatchId, AppError> {
    let (watch, first) = JobWatch::begin(state.shared_api(), job_id).await?;
    let follow = watch.follow(first, on_event);
    Ok(state.frontend().begin_watch(webview.label(), follow))
}

/// Follows all jobs until the watch is ended: those that are unfinished, then each thing that
/// happens, ten messages a second at the most. With the number of the last event that was seen it
/// goes on from there, if that is not too long ago.
#[tauri::command]
#[specta::specta]
pub async fn watch_jobs(
    webview: Webview,
    state: State<'_, AppState>,
    since: Option<EventSeq>,
    on_event: Channel<JsonText<JobsUpdate>>,
) -> Result<WatchId, AppError> {
    let watch = JobsWatch::begin(state.shared_api(), since).await?;
    let follow = watch.follow(on_event);
    Ok(state.frontend().begin_watch(webview.label(), follow))
}

/// Ends a watch of this window, and its channel with it. One that has ended already is no error.
#[tauri::command]
#[specta::specta]
pub async fn end_watch(
    webview: Webview,
    state: State<'_, AppState>,
    watch_id: WatchId,
) -> Result<(), AppError> {
    state.frontend().end_watch(webview.label(), watch_id);
    Ok(())
}
