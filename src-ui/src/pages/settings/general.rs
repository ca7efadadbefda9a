//! What the app does by itself.

use leptos::prelude::*;

use super::section::Section;

/// The page within the settings.
#[component]
pub fn GeneralSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">"What the app does by itself."</p>
        <Section name="general" />
    }
}
