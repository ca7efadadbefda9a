//! The engine without a window.

use leptos::prelude::*;

use crate::components::Empty;

/// The page within the settings.
#[component]
pub fn DaemonSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">"The engine without a window."</p>
        <Empty
            title="The engine runs in this window alone"
            hint="It ends when the app does."
        />
    }
}
