//! The list of pages.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::TabId;

use crate::components::{Icon, IconView, Keys};
use crate::keys::{self, Command};
use crate::stores::{Overlay, use_stores};
use crate::texts;

/// The list of pages, with what goes on in them.
#[component]
pub fn Sidebar() -> impl IntoView {
    let stores = use_stores();
    let running = Memo::new(move |_| stores.jobs.counts().running);
    let entries = TabId::ALL
        .into_iter()
        .filter(|tab| !tab.is_settings())
        .map(|tab| {
            let count = move || {
                let running = running.get();
                (tab == TabId::Jobs && running > 0).then(|| {
                    view! {
                        <span class="nav-count">
                            {running} <span class="nav-count-word">" running"</span>
                        </span>
                    }
                })
            };
            entry(tab.path(), icon(tab), tab.title(), count)
        })
        .collect_view();
    view! {
        <nav class="sidebar" aria-label="Pages">
            <div class="brand">
                <span class="brand-mark" aria-hidden="true"></span>
                <span class="brand-name">{texts::APP}</span>
            </div>
            {entries} {entry("/settings", Icon::Settings, texts::SETTINGS, || ())}
            <FindAnything />
        </nav>
    }
}

fn entry(
    path: &'static str,
    icon: Icon,
    title: &'static str,
    after: impl IntoView + 'static,
) -> impl IntoView {
    view! {
        <A href=path attr:class="nav-entry">
            <IconView icon />
            <span class="nav-label">{title}</span>
            {after}
        </A>
    }
}

/// Opens the palette, and says by which keys that goes too.
#[component]
fn FindAnything() -> impl IntoView {
    let overlays = use_stores().overlays;
    let keys = keys::shortcut(Command::Palette).map_or_else(Vec::new, keys::Shortcut::keys);
    view! {
        <button
            type="button"
            class="find-anything"
            data-action="find-anything"
            aria-haspopup="dialog"
            on:click=move |_| overlays.show(Overlay::Palette)
        >
            <Keys keys />
            <span class="nav-label">"find anything"</span>
        </button>
    }
}

/// The icon of a page.
pub(super) const fn icon(tab: TabId) -> Icon {
    match tab {
        TabId::Tools => Icon::Tools,
        TabId::Jobs => Icon::Jobs,
        TabId::Chat => Icon::Chat,
        TabId::Terminal => Icon::Terminal,
        TabId::Monitor => Icon::Monitor,
        _ => Icon::Settings,
    }
}
