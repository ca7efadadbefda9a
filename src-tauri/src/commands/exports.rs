//! What a person takes out of a result.

use tauri::State;
use toolroom_shared::AppError;

use crate::state::AppState;

/// Saves a text as a new file among the person's downloads, and answers with its path. A file that is
/// there already is never written over: the new one gets a number.
///
/// Fails with `invalid_input` for a name that no file can have, or `io_error`.
#[tauri::command]
#[specta::specta]
pub async fn save_text(
    state: State<'_, AppState>,
    file_name: String,
    text: String,
) -> Result<String, AppError> {
    state.exports().save(file_name, text).await
}
