//! What may be set.

use proptest::{collection::vec, option, prelude::*, sample::select};
use toolroom_shared::{
    Accent, AppearanceSettings, Density, GeneralSettings, LimitSettings, Motion, Settings,
    SettingsForm, SettingsState, StartPage, StorageSettings, Theme,
};

use super::{json::json, tools::input_problem};

pub fn settings_form() -> impl Strategy<Value = SettingsForm> {
    (json(), settings_state()).prop_map(|(schema, state)| SettingsForm { schema, state })
}

pub fn settings_state() -> impl Strategy<Value = SettingsState> {
    let problems = vec(input_problem(), 0..3);
    (any::<u32>(), settings(), problems).prop_map(|(revision, settings, problems)| SettingsState {
        revision,
        settings,
        problems,
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    (general(), appearance(), limits(), storage()).prop_map(
        |(general, appearance, limits, storage)| Settings {
            general,
            appearance,
            limits,
            storage,
        },
    )
}

fn general() -> impl Strategy<Value = GeneralSettings> {
    let start_page = select(vec![StartPage::LastPage, StartPage::Tools]);
    (start_page, any::<[bool; 2]>(), any::<u32>()).prop_map(
        |(start_page, [notifications, ask_before_closing], notify_after_seconds)| GeneralSettings {
            start_page,
            notifications,
            notify_after_seconds,
            ask_before_closing,
        },
    )
}

fn appearance() -> impl Strategy<Value = AppearanceSettings> {
    let theme = select(vec![Theme::System, Theme::Light, Theme::Dark]);
    let density = select(vec![Density::Comfortable, Density::Compact]);
    let motion = select(vec![Motion::System, Motion::Reduced]);
    (theme, select(Accent::ALL.to_vec()), density, motion).prop_map(
        |(theme, accent, density, motion)| AppearanceSettings {
            theme,
            accent,
            density,
            motion,
        },
    )
}

fn limits() -> impl Strategy<Value = LimitSettings> {
    (any::<[u32; 8]>(), option::of(any::<u32>())).prop_map(|(numbers, jobs_of_one_tool)| {
        let [jobs_at_a_time, queue_depth, question_seconds, rest @ ..] = numbers;
        let [warn_memory_mib, warn_disk_mib, rest @ ..] = rest;
        let [warn_waiting_work, warn_tasks, events_kept] = rest;
        LimitSettings {
            jobs_at_a_time,
            jobs_of_one_tool,
            queue_depth,
            question_seconds,
            warn_memory_mib,
            warn_disk_mib,
            warn_waiting_work,
            warn_tasks,
            events_kept,
        }
    })
}

fn storage() -> impl Strategy<Value = StorageSettings> {
    (any::<[u32; 3]>(), option::of(any::<u32>())).prop_map(
        |([keep_jobs, large_outputs_mib, audit_entries], keep_days)| StorageSettings {
            keep_jobs,
            keep_days,
            large_outputs_mib,
            audit_entries,
        },
    )
}
