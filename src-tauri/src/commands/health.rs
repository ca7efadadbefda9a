//! How the engine is.

use tauri::State;
use toolroom_shared::{AppError, Caller, HealthSnapshot};

use crate::state::AppState;

/// How the engine is: its load, what it takes, its services, and what to worry about.
#[tauri::command]
#[specta::specta]
pub async fn get_health(state: State<'_, AppState>) -> Result<HealthSnapshot, AppError> {
    state.health().health(Caller::Window).await
}
