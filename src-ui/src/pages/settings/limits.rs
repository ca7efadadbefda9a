//! How much runs at a time, and when to warn.

use leptos::prelude::*;

use super::section::Section;

/// The page within the settings.
#[component]
pub fn LimitsSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">"How much runs at a time, and when to warn."</p>
        <Section name="limits" />
    }
}
