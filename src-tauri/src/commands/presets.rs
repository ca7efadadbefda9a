//! The inputs that are kept by name.

use tauri::State;
use toolroom_shared::{AppError, Preset};

use crate::state::AppState;

/// The presets of a tool, in the order of their names.
///
/// Fails with `unknown_tool` or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn list_presets(
    state: State<'_, AppState>,
    tool_name: String,
) -> Result<Vec<Preset>, AppError> {
    state.presets().list(tool_name).await
}

/// Keeps an input by name, without what was typed into it as a secret, and answers with what is kept.
/// `instead_of` names the preset whose place it takes, under the same name or another; without it the name
/// must be new.
///
/// Fails with `unknown_tool`, `unknown_preset`, `already_exists`, `invalid_input`, `input_too_large` or
/// `storage`.
#[tauri::command]
#[specta::specta]
pub async fn save_preset(
    state: State<'_, AppState>,
    tool_name: String,
    preset: Preset,
    instead_of: Option<String>,
) -> Result<Preset, AppError> {
    state.presets().save(tool_name, preset, instead_of).await
}

/// Forgets a preset.
///
/// Fails with `unknown_tool`, `unknown_preset` or `storage`.
#[tauri::command]
#[specta::specta]
pub async fn remove_preset(
    state: State<'_, AppState>,
    tool_name: String,
    name: String,
) -> Result<(), AppError> {
    state.presets().remove(tool_name, name).await
}
