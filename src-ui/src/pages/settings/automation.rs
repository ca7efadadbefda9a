//! Programs that drive the app.

use leptos::prelude::*;

use crate::components::Empty;

/// The page within the settings.
#[component]
pub fn AutomationSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">"Programs that drive the app."</p>
        <Empty
            title="No program can connect yet"
            hint="Until then, toolroom in a terminal runs every tool."
        />
    }
}
