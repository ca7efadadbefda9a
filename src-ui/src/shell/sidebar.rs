//! The list of pages.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::TabId;

use crate::components::{Icon, IconView};
use crate::stores::use_stores;
use crate::texts;

/// The list of pages, with what goes on in them.
#[component]
pub fn Sidebar() -> impl IntoView {
    let stores = use_stores();
    let running = Memo::new(move |_| stores.jobs.counts().running);
    let entries = TabId::ALL
        .into_iter()
        .map(|tab| {
            let (icon, counts_jobs) = match tab {
                TabId::Tools => (Icon::Tools, false),
                TabId::Jobs => (Icon::Jobs, true),
            };
            let count = move || {
                let running = running.get();
                (counts_jobs && running > 0).then(|| {
                    view! {
                        <span class="nav-count">
                            {running} <span class="nav-count-word">" running"</span>
                        </span>
                    }
                })
            };
            view! {
                <A href=format!("/{}", tab.id()) attr:class="nav-entry" attr:title=tab.title()>
                    <IconView icon />
                    <span class="nav-label">{tab.title()}</span>
                    {count}
                </A>
            }
        })
        .collect_view();
    view! {
        <nav class="sidebar" aria-label="Pages">
            <div class="brand">
                <span class="brand-mark" aria-hidden="true"></span>
                <span class="brand-name">{texts::APP}</span>
            </div>
            {entries}
        </nav>
    }
}
