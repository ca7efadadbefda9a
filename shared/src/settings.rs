//! What a person can set: in general, how the window looks, what the engine is bound by, and what is
//! kept.
//!
//! Each field's name, help, unit, bounds and default stand here once. With the feature `schemars` they are
//! a JSON Schema, by which the backend checks a change and from which the page and the terminal draw what
//! can be set. Where settings are kept, and what follows from one, is the engine's business.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AppearanceSettings, InputProblem};

/// Everything that a person can set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(default, deny_unknown_fields))]
pub struct Settings {
    /// What the app does by itself.
    #[cfg_attr(feature = "schemars", schemars(title = "General"))]
    pub general: GeneralSettings,
    /// How the window looks.
    #[cfg_attr(feature = "schemars", schemars(title = "Appearance"))]
    pub appearance: AppearanceSettings,
    /// How much runs at a time, and when to warn.
    #[cfg_attr(feature = "schemars", schemars(title = "Limits"))]
    pub limits: LimitSettings,
    /// What is kept, and how long.
    #[cfg_attr(feature = "schemars", schemars(title = "Storage"))]
    pub storage: StorageSettings,
}

/// What the app does by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(default, deny_unknown_fields))]
pub struct GeneralSettings {
    /// What the window shows when it is opened.
    #[cfg_attr(feature = "schemars", schemars(title = "Begin with"))]
    pub start_page: StartPage,
    /// Says through the system's notifications that a job has ended while the window isn't in front.
    #[cfg_attr(feature = "schemars", schemars(title = "Notify when a job ends"))]
    pub notifications: bool,
    /// Jobs that took less than this end without a notification.
    #[cfg_attr(feature = "schemars", schemars(title = "Only after", range(min = 0, max = 3_600), extend("x-unit" = "s")))]
    pub notify_after_seconds: u32,
    /// Asks what shall become of running jobs when the window is closed. Otherwise they are stopped.
    #[cfg_attr(
        feature = "schemars",
        schemars(title = "Ask before closing with jobs running")
    )]
    pub ask_before_closing: bool,
}

impl Default for GeneralSettings {
    fn default() -> Self {
        Self {
            start_page: StartPage::LastPage,
            notifications: true,
            notify_after_seconds: 10,
            ask_before_closing: true,
        }
    }
}

/// What the window shows when it is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StartPage {
    /// What was shown last.
    #[default]
    #[cfg_attr(feature = "schemars", schemars(title = "The last page"))]
    LastPage,
    /// The tools.
    #[cfg_attr(feature = "schemars", schemars(title = "Tools"))]
    Tools,
}

/// How much runs at a time, and when to warn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(default, deny_unknown_fields))]
pub struct LimitSettings {
    /// How many jobs run at once. At first one for each processor.
    #[cfg_attr(feature = "schemars", schemars(title = "Jobs at a time", range(min = 1, max = 256), extend("x-unit" = "jobs")))]
    pub jobs_at_a_time: u32,
    /// How many jobs of one tool run at once, unless the tool says so itself. Empty: as many as of all.
    #[cfg_attr(feature = "schemars", schemars(title = "Of one tool", range(min = 1, max = 256), extend("x-unit" = "jobs")))]
    pub jobs_of_one_tool: Option<u32>,
    /// How many jobs may wait. One more is refused.
    #[cfg_attr(feature = "schemars", schemars(title = "Jobs that wait", range(min = 1, max = 100_000), extend("x-unit" = "jobs")))]
    pub queue_depth: u32,
    /// How long a program that asks for more than it was granted waits for your answer.
    #[cfg_attr(feature = "schemars", schemars(title = "Wait for an answer", range(min = 1, max = 600), extend("x-unit" = "s")))]
    pub question_seconds: u32,
    /// Warns when memory is this much over what is held at rest, and gives back what is kept for later.
    #[cfg_attr(feature = "schemars", schemars(title = "Warn at memory over rest", range(min = 16, max = 65_536), extend("x-unit" = "MiB")))]
    pub warn_memory_mib: u32,
    /// Warns when less than this is left on the disk with the data folder.
    #[cfg_attr(feature = "schemars", schemars(title = "Warn at disk left", range(min = 64, max = 1_048_576), extend("x-unit" = "MiB")))]
    pub warn_disk_mib: u32,
    /// Warns when more pieces of work than this wait for a thread.
    #[cfg_attr(feature = "schemars", schemars(title = "Warn at waiting work", range(min = 1, max = 100_000), extend("x-unit" = "pieces", "x-advanced" = true)))]
    pub warn_waiting_work: u32,
    /// Warns when more tasks than this are alive.
    #[cfg_attr(feature = "schemars", schemars(title = "Warn at tasks", range(min = 50, max = 1_000_000), extend("x-unit" = "tasks", "x-advanced" = true)))]
    pub warn_tasks: u32,
    /// How many past events a program that reads slowly can still be told of.
    #[cfg_attr(feature = "schemars", schemars(title = "Events kept", range(min = 64, max = 65_536), extend("x-unit" = "events", "x-advanced" = true)))]
    pub events_kept: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            jobs_at_a_time: u32::try_from(processors).unwrap_or(1).min(256),
            jobs_of_one_tool: None,
            queue_depth: 10_000,
            question_seconds: 30,
            warn_memory_mib: 100,
            warn_disk_mib: 1_024,
            warn_waiting_work: 100,
            warn_tasks: 1_000,
            events_kept: 4_096,
        }
    }
}

/// What is kept, and how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(default, deny_unknown_fields))]
pub struct StorageSettings {
    /// How many jobs that have ended are kept. The oldest go first.
    #[cfg_attr(feature = "schemars", schemars(title = "Keep jobs", range(min = 100, max = 10_000_000), extend("x-unit" = "jobs")))]
    pub keep_jobs: u32,
    /// How long after its end a job is kept. Empty: for good.
    #[cfg_attr(feature = "schemars", schemars(title = "Keep jobs for", range(min = 1, max = 36_500), extend("x-unit" = "days")))]
    pub keep_days: Option<u32>,
    /// How much room large results may take. Past that the oldest go, and their jobs say so.
    #[cfg_attr(feature = "schemars", schemars(title = "Room for large results", range(min = 16, max = 1_048_576), extend("x-unit" = "MiB")))]
    pub large_outputs_mib: u32,
    /// How many entries of the audit trail stand in the database. Older ones move into files, and none is lost.
    #[cfg_attr(feature = "schemars", schemars(title = "Audit entries in the database", range(min = 1_000, max = 10_000_000), extend("x-unit" = "entries", "x-advanced" = true)))]
    pub audit_entries: u32,
}

impl Default for StorageSettings {
    fn default() -> Self {
        Self {
            keep_jobs: 100_000,
            keep_days: None,
            large_outputs_mib: 2_048,
            audit_entries: 200_000,
        }
    }
}

/// What holds now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SettingsState {
    /// Raised by one with each change: of two states that were told, the higher one holds.
    pub revision: u32,
    /// What holds.
    pub settings: Settings,
    /// What is kept and can't hold, so that the default does instead; the empty pointer is about all of it.
    pub problems: Vec<InputProblem>,
}

/// What can be set, and what is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SettingsForm {
    /// The JSON Schema of [`Settings`], with defaults.
    pub schema: Value,
    /// What holds now.
    pub state: SettingsState,
}

#[cfg(feature = "schemars")]
impl Settings {
    /// The JSON Schema of all settings, with defaults.
    #[must_use]
    pub fn schema() -> Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of every section: its pointer and its schema.
    fn fields() -> Vec<(String, Value)> {
        let schema = Settings::schema();
        let resolved = |schema_of: &Value| match schema_of["$ref"].as_str() {
            Some(path) => schema.pointer(&path[1..]).unwrap().clone(),
            None => schema_of.clone(),
        };
        let sections = schema["properties"].as_object().unwrap();
        let in_section = |(section, about): (&String, &Value)| {
            let about = resolved(about);
            let fields = about["properties"].as_object().unwrap().clone();
            let section = section.clone();
            fields
                .into_iter()
                .map(move |(name, about)| (format!("/{section}/{name}"), about))
                .collect::<Vec<_>>()
        };
        sections.iter().flat_map(in_section).collect()
    }

    #[test]
    fn every_setting_has_a_name_a_help_and_the_default_that_holds() {
        let defaults = serde_json::to_value(Settings::default()).unwrap();
        let fields = fields();
        assert!(fields.len() > 15);
        for (pointer, about) in fields {
            for text in ["title", "description"] {
                assert!(about[text].is_string(), "{pointer} has no {text}");
            }
            assert_eq!(
                about["default"],
                defaults.pointer(&pointer).unwrap().clone(),
                "{pointer}"
            );
        }
    }

    #[test]
    fn every_number_has_bounds_and_a_unit() {
        for (pointer, about) in fields() {
            let is_number = about["type"] == "integer" || about["type"][0] == "integer";
            if is_number {
                for keyword in ["minimum", "maximum", "x-unit"] {
                    assert!(!about[keyword].is_null(), "{pointer} has no {keyword}");
                }
            }
        }
    }
}
