//! Who may do what, and the secrets.

mod add_caller;
mod caller_row;
mod callers;
mod grant_form;
mod grant_words;
mod open_questions;
mod picks;
mod secret_form;
mod secrets;

use leptos::prelude::*;

use callers::Callers;
use open_questions::OpenQuestions;
use secrets::Secrets;

/// The page within the settings.
#[component]
pub fn PermissionsSettings() -> impl IntoView {
    view! {
        <p class="settings-lead">
            "You act in your own name at this window and in the terminal, and so does the app itself. Everyone else may do what stands here, and nothing more."
        </p>
        <OpenQuestions />
        <Callers />
        <Secrets />
    }
}
