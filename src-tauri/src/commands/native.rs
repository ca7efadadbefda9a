//! What the page asks of the system: paths to choose, files to open and to show, and how the window's
//! end was answered.

use tauri::{AppHandle, State, Wry};
use toolroom_app::thumbnails;
use toolroom_shared::{AppError, CloseAnswer, GivenPaths, JobId, OpenRequest, PathWish, Thumbnail};

use crate::{native, state::AppState};

/// Lets the person choose paths in the system's own dialog; none if they think better of it.
///
/// Fails with `wrong_state` while such a dialog is open, or `io_error` where there is none.
#[tauri::command]
#[specta::specta]
pub async fn choose_paths(
    state: State<'_, AppState>,
    wish: PathWish,
) -> Result<GivenPaths, AppError> {
    state.choose(&wish).await.map(native::given)
}

/// Opens a file or folder that stands in a job's input or result, with the program that the system
/// has for it. What would run instead is refused.
///
/// Fails with `unknown_job`, `path_not_allowed` or `io_error`.
#[tauri::command]
#[specta::specta]
pub async fn open_path(
    state: State<'_, AppState>,
    job_id: JobId,
    path: String,
) -> Result<(), AppError> {
    let path = native::check_is_of_job(state.api(), &job_id, &path).await?;
    let path = native::check_opens_nothing_that_runs(path).await?;
    state.native().open(path).await
}

/// Shows a file or folder that stands in a job's input or result where it lies.
///
/// Fails with `unknown_job`, `path_not_allowed` or `io_error`.
#[tauri::command]
#[specta::specta]
pub async fn reveal_path(
    state: State<'_, AppState>,
    job_id: JobId,
    path: String,
) -> Result<(), AppError> {
    let path = native::check_is_of_job(state.api(), &job_id, &path).await?;
    state.native().reveal(path).await
}

/// A picture that stands in a job's input or result, made small; nothing if it is none of a kind that
/// can be shown.
///
/// Fails with `unknown_job`, `path_not_allowed` or `io_error`.
#[tauri::command]
#[specta::specta]
pub async fn get_thumbnail(
    state: State<'_, AppState>,
    job_id: JobId,
    path: String,
) -> Result<Option<Thumbnail>, AppError> {
    let path = native::check_is_of_job(state.api(), &job_id, &path).await?;
    thumbnails::of(path).await
}

/// What the window was asked from outside to show, oldest first; each request is given once.
#[tauri::command]
#[specta::specta]
pub async fn take_open_requests(state: State<'_, AppState>) -> Result<Vec<OpenRequest>, AppError> {
    Ok(state.open_requests().take())
}

/// Says what is to become of the wish to close the window, of which `close-asked` told.
#[tauri::command]
#[specta::specta]
pub async fn answer_close(
    app: AppHandle<Wry>,
    state: State<'_, AppState>,
    answer: CloseAnswer,
) -> Result<(), AppError> {
    state.closing().answer(&app, answer);
    Ok(())
}
