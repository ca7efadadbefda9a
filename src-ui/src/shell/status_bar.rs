//! The bar at the bottom: what is true right now. What isn't known isn't shown, and each entry keeps
//! its place while its number changes.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::TabId;

use crate::format;
use crate::stores::{Link, Overlay, use_stores};

/// Jobs under way, what the engine takes, what there is to worry about, and whether it answers.
#[component]
pub fn StatusBar() -> impl IntoView {
    let stores = use_stores();
    let counts = {
        let jobs = stores.jobs.clone();
        Memo::new(move |_| jobs.counts())
    };
    let busy = move || {
        if counts.get().running > 0 {
            "busy"
        } else {
            "idle"
        }
    };
    view! {
        <footer class="status-bar">
            <span class="status-entry counted" data-count="running">
                <span class="dot" data-tone=busy></span>
                {move || format::count(counts.get().running.into())}
                " running"
            </span>
            <span class="status-entry counted" data-count="queued">
                {move || format::count(counts.get().queued.into())}
                " queued"
            </span>
            <Use />
            <span class="status-gap"></span>
            <Warnings />
            <NoticesEntry />
            <LinkEntry />
        </footer>
    }
}

/// What the engine's process takes of the machine.
#[component]
fn Use() -> impl IntoView {
    let health = use_stores().health;
    let is_stale = {
        let health = health.clone();
        Memo::new(move |_| health.is_stale())
    };
    let words = Memo::new(move |_| {
        let taken = health.now().ready()?.resources;
        let cpu = taken.cpu_percent.map(|percent| format!("{percent:.0} %"));
        let memory = taken.memory_bytes.map(|bytes| format::bytes(bytes as f64));
        Some((cpu, memory))
    });
    let title = move || {
        if is_stale.get() {
            "Not up to date: the backend has not answered."
        } else {
            "What the app's own process takes; 100 % is one processor."
        }
    };
    let entry = move |name: &'static str, label: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <span
                    class="status-entry"
                    data-use=name
                    title=title
                    data-stale=move || is_stale.get().then_some("")
                >
                    <span>{label}</span>
                    <span class="status-value">{value}</span>
                </span>
            }
        })
    };
    move || {
        let (cpu, memory) = words.get()?;
        Some(view! {
            {entry("cpu", "CPU", cpu)}
            {entry("memory", "Memory", memory)}
        })
    }
}

/// The way to what there is to worry about.
#[component]
fn Warnings() -> impl IntoView {
    let health = use_stores().health;
    let warnings = Memo::new(move |_| {
        health.now().ready().map_or_else(Vec::new, |health| {
            let messages = health.warnings.iter();
            messages.map(|warning| warning.message.clone()).collect()
        })
    });
    move || {
        let warnings = warnings.get();
        let words = match warnings.len() {
            0 => return None,
            1 => "1 warning".to_owned(),
            many => format!("{many} warnings"),
        };
        let title = warnings.join("\n");
        Some(view! {
            <A
                href=TabId::Monitor.path()
                attr:class="status-entry"
                attr:data-warnings=""
                attr:title=title
            >
                <span class="dot" data-tone="warn"></span>
                {words}
            </A>
        })
    }
}

/// The way to the notices that came.
#[component]
fn NoticesEntry() -> impl IntoView {
    let stores = use_stores();
    let (notices, overlays) = (stores.notices, stores.overlays);
    let count = Memo::new(move |_| notices.kept_count());
    let words = move || match count.get() {
        1 => "1 notice".to_owned(),
        many => format!("{many} notices"),
    };
    view! {
        <Show when=move || count.get() != 0>
            <button
                type="button"
                class="status-entry"
                data-action="show-notices"
                aria-haspopup="dialog"
                on:click={
                    let overlays = overlays.clone();
                    move |_| overlays.show(Overlay::Notices)
                }
            >
                {words}
            </button>
        </Show>
    }
}

/// Whether the backend answers.
#[component]
fn LinkEntry() -> impl IntoView {
    let store = use_stores().link;
    let link = Memo::new(move |_| store.get());
    let tone = move || match link.get() {
        Link::Connecting => "idle",
        Link::Answering => "good",
        Link::Silent => "bad",
    };
    let words = move || match link.get() {
        Link::Connecting => "connecting…",
        Link::Answering => "backend connected",
        Link::Silent => "backend not answering",
    };
    view! {
        <span class="status-entry" role="status" data-link=tone>
            <span class="dot" data-tone=tone></span>
            {words}
        </span>
    }
}
