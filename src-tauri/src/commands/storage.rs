//! How much room everything takes, and looking after it.

use tauri::State;
use toolroom_shared::{AppError, Caller, CleanUp, HistoryCopy, StorageReport};

use crate::state::AppState;

/// How much room everything takes.
///
/// Fails with `storage`.
#[tauri::command]
#[specta::specta]
pub async fn get_storage(state: State<'_, AppState>) -> Result<StorageReport, AppError> {
    state.storage().storage(Caller::Window).await
}

/// What `clean_up` would remove.
///
/// Fails with `storage`.
#[tauri::command]
#[specta::specta]
pub async fn survey_clean_up(
    state: State<'_, AppState>,
    older_than_days: u32,
) -> Result<CleanUp, AppError> {
    let storage = state.storage();
    storage
        .survey_clean_up(Caller::Window, older_than_days)
        .await
}

/// Removes the jobs that ended more than so many days ago; all that have ended with 0. What was removed.
///
/// Fails with `storage`.
#[tauri::command]
#[specta::specta]
pub async fn clean_up(
    state: State<'_, AppState>,
    older_than_days: u32,
) -> Result<CleanUp, AppError> {
    state
        .storage()
        .clean_up(Caller::Window, older_than_days)
        .await
}

/// Writes the jobs that have ended into a new file, one JSON object a line, whole or not at all.
///
/// Fails with `invalid_input` for a path that isn't whole, `already_exists`, `io_error` or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn export_history(
    state: State<'_, AppState>,
    path: String,
) -> Result<HistoryCopy, AppError> {
    state.storage().export_history(Caller::Window, path).await
}

/// Takes in the jobs of such a file, once all of it was found to be well. A job that is there already stays
/// as it is.
///
/// Fails with `invalid_input` for a path that isn't whole or a line that isn't a job, `io_error` or
/// `storage`.
#[tauri::command]
#[specta::specta]
pub async fn import_history(
    state: State<'_, AppState>,
    path: String,
) -> Result<HistoryCopy, AppError> {
    state.storage().import_history(Caller::Window, path).await
}
