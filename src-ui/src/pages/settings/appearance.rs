//! Theme, accent, density.

use leptos::prelude::*;

use super::section::Section;

/// The page within the settings.
#[component]
pub fn AppearanceSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">"Theme, accent, density."</p>
        <Section name="appearance" />
    }
}
