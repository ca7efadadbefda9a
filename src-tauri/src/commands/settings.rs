//! What can be set, and what is.

use serde_json::{Value, json};
use tauri::State;
use toolroom_shared::{AppError, Caller, SettingsForm, SettingsState};

use crate::{json_text::JsonText, state::AppState};

/// What can be set, as a JSON Schema, and what is.
#[tauri::command]
#[specta::specta]
pub async fn get_settings(state: State<'_, AppState>) -> Result<JsonText<SettingsForm>, AppError> {
    let form = state.settings().settings(Caller::Window).await;
    form.map(JsonText)
}

/// Changes what stands in `change_json`, as a JSON merge patch does: `{"limits": {"queue_depth": 5}}` changes
/// one field. All of it is in force when this returns, or nothing of it.
///
/// Fails with `invalid_input` (the problems are in `details.problems`) or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn change_settings(
    state: State<'_, AppState>,
    change_json: Value,
) -> Result<JsonText<SettingsState>, AppError> {
    let settings = state.settings();
    let changed = settings.change_settings(Caller::Window, change_json).await;
    changed.map(JsonText)
}

/// Puts a section of the settings back to its defaults, or one field of it.
///
/// Fails with `invalid_input` for one that isn't there, or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn reset_settings(
    state: State<'_, AppState>,
    section: String,
    field: Option<String>,
) -> Result<JsonText<SettingsState>, AppError> {
    let change = match field {
        Some(field) => json!({ section: { field: null } }),
        None => json!({ section: null }),
    };
    let settings = state.settings();
    let changed = settings.change_settings(Caller::Window, change).await;
    changed.map(JsonText)
}
