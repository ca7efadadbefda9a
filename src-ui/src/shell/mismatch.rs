//! What stands above everything when the page wasn't made for the app that it runs in.

use leptos::prelude::*;

use crate::stores::use_stores;

/// The backend's own words on it; nothing as long as both fit together.
#[component]
pub fn Mismatch() -> impl IntoView {
    let link = use_stores().link;
    move || {
        link.mismatch().map(|words| {
            view! {
                <div class="mismatch" role="alert">
                    {words}
                </div>
            }
        })
    }
}
