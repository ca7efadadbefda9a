//! What tools there are, and whether an input fits one.

use serde_json::Value;
use tauri::State;
use toolroom_shared::{AppError, Caller, InputProblem, ToolDefinition};

use crate::{json_text::JsonText, state::AppState};

/// Every tool, in the order of their names.
#[tauri::command]
#[specta::specta]
pub async fn list_tools(
    state: State<'_, AppState>,
) -> Result<JsonText<Vec<ToolDefinition>>, AppError> {
    state.api().list_tools(Caller::Window).await.map(JsonText)
}

/// What is wrong with an input, each problem with a JSON Pointer; nothing if it would be accepted.
///
/// Fails with `unknown_tool`.
#[tauri::command]
#[specta::specta]
pub async fn check_input(
    state: State<'_, AppState>,
    tool_name: String,
    input_json: Value,
) -> Result<Vec<InputProblem>, AppError> {
    state
        .api()
        .check_input(Caller::Window, &tool_name, &input_json)
        .await
}
