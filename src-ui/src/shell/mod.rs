//! What stands around every page: the sidebar, the status bar, the notices, the palette and the
//! keyboard.

mod actions;
mod cancel_all;
mod closing;
mod given_paths;
mod keyboard;
mod mismatch;
mod notices;
mod notices_list;
mod palette;
mod questions;
mod shortcuts;
mod sidebar;
mod status_bar;

use leptos::ev;
use leptos::prelude::*;

use cancel_all::CancelAllDialog;
use closing::ClosingQuestion;
use given_paths::FromOutside;
use mismatch::Mismatch;
use notices::Notices;
use notices_list::NoticesList;
use palette::Palette;
use questions::Questions;
use shortcuts::Shortcuts;
use sidebar::Sidebar;
use status_bar::StatusBar;

use crate::dom;
use crate::stores::{Overlay, use_stores};

/// The window's frame.
#[component]
pub fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    actions::offer();
    keyboard::listen();
    keyboard::follow_pages();
    let overlays = use_stores().overlays;
    // The router would take an address within the page for another page.
    let skip = |ev: ev::MouseEvent| {
        ev.prevent_default();
        dom::focus_heading();
    };
    let dialog = move || match overlays.open() {
        Some(Overlay::Palette) => view! { <Palette /> }.into_any(),
        Some(Overlay::Shortcuts) => view! { <Shortcuts /> }.into_any(),
        Some(Overlay::Notices) => view! { <NoticesList /> }.into_any(),
        Some(Overlay::CancelAll) => view! { <CancelAllDialog /> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <div class="shell">
            <a class="skip-link" href="#main" on:click=skip>
                "Skip to the page"
            </a>
            <Mismatch />
            <Sidebar />
            <main class="main" id="main" tabindex="-1">
                {children()}
            </main>
            <StatusBar />
            <Questions />
            <Notices />
            <FromOutside />
            <ClosingQuestion />
        </div>
        {dialog}
    }
}
