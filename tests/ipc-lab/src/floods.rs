//! Commands that send a lot: through a channel, as JSON and raw, and as events.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{
    AppHandle,
    ipc::{Channel, InvokeResponseBody, IpcResponse},
};
use tauri_specta::Event;
use toolroom_ipc_lab_types::Numbered;
use toolroom_shared::AppError;

use crate::{commands::window_gone, json_text::JsonText};

/// One of `emit_many`'s.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct Tick(pub Numbered);

/// Bytes that are sent as they are and not as a list of numbers. Must not be `Serialize`, by which
/// Tauri would take it for JSON.
#[derive(Type)]
pub struct RawBytes(Vec<u8>);

impl IpcResponse for RawBytes {
    fn body(self) -> tauri::Result<InvokeResponseBody> {
        Ok(InvokeResponseBody::Raw(self.0))
    }
}

/// Sends that many messages, whose sizes go round and round.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn flood(
    count: u32,
    sizes: Vec<u32>,
    on_message: Channel<JsonText<Numbered>>,
) -> Result<(), AppError> {
    send_all(count, &sizes, &on_message, |number, size| {
        JsonText(Numbered::of_size(number, size))
    })
}

/// Sends that many messages, whose sizes go round and round, as Tauri does it by itself.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn flood_plainly(
    count: u32,
    sizes: Vec<u32>,
    on_message: Channel<Numbered>,
) -> Result<(), AppError> {
    send_all(count, &sizes, &on_message, Numbered::of_size)
}

/// Sends that many raw messages, whose sizes go round and round.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn flood_raw(
    count: u32,
    sizes: Vec<u32>,
    on_message: Channel<RawBytes>,
) -> Result<(), AppError> {
    send_all(count, &sizes, &on_message, |number, size| {
        RawBytes(Numbered::raw(number, size))
    })
}

fn send_all<M: IpcResponse>(
    count: u32,
    sizes: &[u32],
    channel: &Channel<M>,
    message: impl Fn(u32, u32) -> M,
) -> Result<(), AppError> {
    for (number, size) in (0..count).zip(sizes.iter().cycle()) {
        channel
            .send(message(number, *size))
            .map_err(|error| window_gone(&error))?;
    }
    Ok(())
}

/// Emits that many small events.
///
/// # Errors
/// When the window is gone.
#[tauri::command(async)]
#[specta::specta]
pub fn emit_many(app: AppHandle, count: u32) -> Result<(), AppError> {
    for number in 0..count {
        let event = Tick(Numbered::of_size(number, 0));
        event.emit(&app).map_err(|error| window_gone(&error))?;
    }
    Ok(())
}
