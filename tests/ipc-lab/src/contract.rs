//! The lab's commands and events, once.

use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::{commands, floods};

/// The label of the one window.
pub const MAIN_WINDOW: &str = "main";

/// The command that the window isn't granted.
pub const NOT_GRANTED: &str = "not_granted";

/// The command that the window is granted and nobody answers.
pub const NOT_HANDLED: &str = "not_handled";

/// Every command and event of the lab.
#[must_use]
pub fn contract() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            commands::echo_everything,
            commands::echo_everything_plainly,
            commands::echo_through_channel,
            commands::echo_through_channel_plainly,
            commands::echo_as_event,
            commands::fail_with,
            commands::not_granted,
            commands::not_handled,
            commands::get_row,
            commands::list_rows,
            commands::list_rows_plainly,
            commands::take_gaps,
            floods::flood,
            floods::flood_plainly,
            floods::flood_raw,
            floods::emit_many,
        ])
        .events(collect_events![commands::Echo, floods::Tick])
}
