//! The bar at the bottom: what is true right now.

use leptos::prelude::*;

use crate::stores::{Link, use_stores};

/// Jobs under way, and whether the backend answers.
#[component]
pub fn StatusBar() -> impl IntoView {
    let stores = use_stores();
    let counts = {
        let jobs = stores.jobs.clone();
        Memo::new(move |_| jobs.counts())
    };
    let link = Memo::new(move |_| stores.link.get());
    let (tone, words) = (
        move || match link.get() {
            Link::Connecting => "idle",
            Link::Answering => "good",
            Link::Silent => "bad",
        },
        move || match link.get() {
            Link::Connecting => "connecting…",
            Link::Answering => "backend connected",
            Link::Silent => "backend not answering",
        },
    );
    let busy = move || {
        if counts.get().running > 0 {
            "busy"
        } else {
            "idle"
        }
    };
    view! {
        <footer class="status-bar">
            <span class="status-entry" data-count="running">
                <span class="dot" data-tone=busy></span>
                {move || counts.get().running}
                " running"
            </span>
            <span class="status-entry" data-count="queued">
                {move || counts.get().queued}
                " queued"
            </span>
            <span class="status-gap"></span>
            <span class="status-entry" role="status" data-link=tone>
                <span class="dot" data-tone=tone></span>
                {words}
            </span>
        </footer>
    }
}
