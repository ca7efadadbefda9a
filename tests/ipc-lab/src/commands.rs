//! Commands that give back what they are given, fail as they are told, and answer what is measured.
//!
//! What may be large travels as the app's own does; `…_plainly` does the same as Tauri does it by
//! itself.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, State, ipc::Channel};
use tauri_specta::Event;
use toolroom_ipc_lab_types::{Everything, Numbered, Row};
use toolroom_shared::{AppError, ErrorCode};

use crate::{arrivals::Arrivals, json_text::JsonText};

/// What `echo_as_event` was given.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct Echo(pub Everything);

/// Gives back what it is given.
///
/// # Errors
/// Never; but its answer is that of a command that could.
#[tauri::command(async)]
#[specta::specta]
pub fn echo_everything(value: Everything) -> Result<JsonText<Everything>, AppError> {
    Ok(JsonText(value))
}

/// Gives back what it is given.
///
/// # Errors
/// Never; but its answer is that of a command that could.
#[tauri::command(async)]
#[specta::specta]
pub fn echo_everything_plainly(value: Everything) -> Result<Everything, AppError> {
    Ok(value)
}

/// Sends what it is given through the channel, once.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn echo_through_channel(
    value: Everything,
    on_value: Channel<JsonText<Everything>>,
) -> Result<(), AppError> {
    on_value
        .send(JsonText(value))
        .map_err(|error| window_gone(&error))
}

/// Sends what it is given through the channel, once.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn echo_through_channel_plainly(
    value: Everything,
    on_value: Channel<Everything>,
) -> Result<(), AppError> {
    on_value.send(value).map_err(|error| window_gone(&error))
}

/// Emits what it is given.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn echo_as_event(app: AppHandle, value: Everything) -> Result<(), AppError> {
    Echo(value).emit(&app).map_err(|error| window_gone(&error))
}

/// Fails with what it is given.
///
/// # Errors
/// Always.
#[tauri::command(async)]
#[specta::specta]
pub fn fail_with(error: AppError) -> Result<(), AppError> {
    Err(error)
}

/// The window may not call this.
#[tauri::command(async)]
#[specta::specta]
pub fn not_granted(on_message: Channel<Numbered>) {
    drop(on_message);
}

/// The window may call this, but the app doesn't know it: see the lab's handler.
#[tauri::command(async)]
#[specta::specta]
pub fn not_handled() {}

/// A reply of about 100 bytes.
#[tauri::command(async)]
#[specta::specta]
pub fn get_row(arrivals: State<'_, Arrivals>, number: u32) -> Row {
    arrivals.note();
    Row::numbered(number)
}

/// A reply of about 100 bytes a row.
#[tauri::command(async)]
#[specta::specta]
pub fn list_rows(arrivals: State<'_, Arrivals>, count: u32) -> JsonText<Vec<Row>> {
    arrivals.note();
    JsonText((0..count).map(Row::numbered).collect())
}

/// A reply of about 100 bytes a row.
#[tauri::command(async)]
#[specta::specta]
pub fn list_rows_plainly(arrivals: State<'_, Arrivals>, count: u32) -> Vec<Row> {
    arrivals.note();
    (0..count).map(Row::numbered).collect()
}

/// How far the calls of `get_row`, `list_rows` and `list_rows_plainly` were apart since this was asked for last, in
/// microseconds.
#[tauri::command(async)]
#[specta::specta]
pub fn take_gaps(arrivals: State<'_, Arrivals>) -> Vec<f64> {
    arrivals.take_gaps()
}

/// What is said when nobody is left to say it to.
pub fn window_gone(error: &impl ToString) -> AppError {
    AppError::new(ErrorCode::Internal, error.to_string())
}
