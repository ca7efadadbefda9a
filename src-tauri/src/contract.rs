//! Every command and event, once. Clients, permissions and the handler are derived from this list.

use tauri::Wry;
use tauri_specta::{Builder, Events, collect_commands, collect_events};

use crate::{closing, commands, drops, events, health, open_requests, permissions, settings};

/// The label of the one window.
pub const MAIN_WINDOW: &str = "main";

/// Every command and event of the app.
#[must_use]
#[allow(deprecated)] // run_tool is offered, and advised against
pub fn contract() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            commands::tools::list_tools,
            commands::tools::check_input,
            commands::health::get_health,
            commands::about::get_about,
            commands::settings::get_settings,
            commands::settings::change_settings,
            commands::settings::reset_settings,
            commands::storage::get_storage,
            commands::storage::survey_clean_up,
            commands::storage::clean_up,
            commands::storage::export_history,
            commands::storage::import_history,
            commands::permissions::get_permissions,
            commands::permissions::set_grant,
            commands::permissions::answer_question,
            commands::secrets::list_secrets,
            commands::secrets::set_secret,
            commands::secrets::remove_secret,
            commands::audit::list_audit,
            commands::audit::verify_audit,
            commands::audit::export_audit,
            commands::jobs::start_tool_job,
            commands::jobs::run_tool,
            commands::jobs::get_job,
            commands::jobs::cancel_job,
            commands::jobs::cancel_jobs,
            commands::jobs::pause_job,
            commands::jobs::send_to_job,
            commands::jobs::resume_job,
            commands::jobs::reorder_job,
            commands::jobs::retry_job,
            commands::jobs::list_jobs,
            commands::jobs::list_job_transitions,
            commands::jobs::read_job_log,
            commands::jobs::read_job_output,
            commands::native::choose_paths,
            commands::native::open_path,
            commands::native::reveal_path,
            commands::native::get_thumbnail,
            commands::native::take_open_requests,
            commands::native::answer_close,
            commands::presets::list_presets,
            commands::presets::save_preset,
            commands::presets::remove_preset,
            commands::exports::save_text,
            commands::watching::frontend_ready,
            commands::watching::watch_job,
            commands::watching::watch_jobs,
            commands::watching::end_watch,
        ])
        .events(contract_events())
}

/// Every event of the app.
pub fn contract_events() -> Events {
    collect_events![
        events::ToolJobProgress,
        events::ToolJobCompleted,
        events::ToolJobFailed,
        events::ToolJobCanceled,
        health::HealthChanged,
        settings::SettingsChanged,
        permissions::PermissionsChanged,
        closing::CloseAsked,
        drops::PathsDragged,
        drops::PathsDropped,
        open_requests::OpenRequested,
    ]
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Mutex};

    use specta::datatype::Function;
    use tauri_specta::{BuilderConfiguration, LanguageExt};

    use super::*;

    /// A "language" that only looks.
    struct Look<'a>(&'a Mutex<Vec<Function>>);

    impl LanguageExt for Look<'_> {
        type Error = std::io::Error;

        fn export(self, contract: &BuilderConfiguration, _: &Path) -> Result<(), Self::Error> {
            self.0
                .lock()
                .unwrap()
                .extend(contract.commands.iter().cloned());
            Ok(())
        }
    }

    fn commands() -> Vec<Function> {
        let commands = Mutex::default();
        contract().export(Look(&commands), "nowhere").unwrap();
        commands.into_inner().unwrap()
    }

    /// Which commands take an input for a tool.
    #[test]
    fn one_command_starts_a_tool_and_the_only_other_is_deprecated() {
        let mut start = Vec::new();
        for command in commands() {
            let takes_input = command.args().iter().any(|(name, _)| name == "input_json");
            if takes_input && command.name() != "check_input" {
                start.push((command.name().to_string(), command.deprecated.is_some()));
            }
        }
        assert_eq!(
            start,
            [
                ("start_tool_job".to_owned(), false),
                ("run_tool".to_owned(), true)
            ]
        );
    }

    #[test]
    fn no_command_is_made_for_a_single_tool() {
        let tools = toolroom_app::registry().unwrap().definitions();
        for command in commands() {
            for tool in &tools {
                let name = tool.name.replace('-', "_");
                assert!(!command.name().contains(&name), "{}", command.name());
            }
        }
    }
}
