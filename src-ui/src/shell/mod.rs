//! What stands around every page: the sidebar, the status bar and the notices.

mod mismatch;
mod notices;
mod sidebar;
mod status_bar;

use leptos::prelude::*;

use mismatch::Mismatch;
use notices::Notices;
use sidebar::Sidebar;
use status_bar::StatusBar;

/// The window's frame.
#[component]
pub fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="shell">
            <Mismatch />
            <Sidebar />
            <main class="main">{children()}</main>
            <StatusBar />
            <Notices />
        </div>
    }
}
