//! Every command and event, once. Clients, permissions and the handler are derived from this list.

use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::{commands, events};

/// The label of the one window.
pub const MAIN_WINDOW: &str = "main";

/// Every command and event of the app.
#[must_use]
pub fn contract() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            commands::tools::list_tools,
            commands::tools::check_input,
            commands::jobs::start_tool_job,
            commands::jobs::get_job,
            commands::jobs::cancel_job,
            commands::jobs::list_jobs,
        ])
        .events(collect_events![
            events::ToolJobProgress,
            events::ToolJobCompleted,
            events::ToolJobFailed,
            events::ToolJobCanceled,
        ])
}
