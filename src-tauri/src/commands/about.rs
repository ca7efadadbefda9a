//! What the app is made of.

use tauri::State;
use toolroom_shared::{About, AppError};

use crate::{about, json_text::JsonText, state::AppState};

/// What the app is made of: its version, what it stands on, what is built in and on which terms.
#[tauri::command]
#[specta::specta]
pub async fn get_about(state: State<'_, AppState>) -> Result<JsonText<About>, AppError> {
    Ok(JsonText(about::about(state.data_folder())))
}
