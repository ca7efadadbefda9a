//! The frame in which the terminal will stand.

use leptos::prelude::*;
use toolroom_shared::TabId;

use crate::components::Empty;

/// The terminal page.
#[component]
pub fn TerminalPage() -> impl IntoView {
    view! {
        <div class="page" data-page-id=TabId::Terminal.id()>
            <h1 class="visually-hidden">{TabId::Terminal.title()}</h1>
            <Empty
                title="No terminal is open"
                hint="This version of the app opens none yet. Every tool also runs as a command: toolroom run NAME."
            />
        </div>
    }
}
