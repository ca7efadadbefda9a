//! The models that chat and tools may use.

use leptos::prelude::*;

use crate::components::Empty;

/// The page within the settings.
#[component]
pub fn ModelsSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">"The models that chat and tools may use."</p>
        <Empty
            title="There are no models yet"
            hint="Nothing here needs one."
        />
    }
}
