//! A text of many lines: searched, and of many only those in sight drawn.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use crate::components::{CopyButton, Icon, IconView};
use crate::format;
use crate::result::{MOST_MATCHES, Match, find};

/// How high a line is; the style says the same.
const LINE_HEIGHT: usize = 18;
/// How many lines are drawn beyond those in sight, on either side.
const BEYOND: usize = 40;

/// The text under its name.
pub(super) fn view(label: String, text: String) -> impl IntoView {
    let lines: Arc<Vec<String>> = Arc::new(text.lines().map(str::to_owned).collect());
    let total = lines.len();
    let query = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let top = RwSignal::new(0_usize);
    let pane = NodeRef::<Div>::new();
    let found = {
        let lines = lines.clone();
        Memo::new(move |_| {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            Arc::new(query.with(|query| find(&lines, query)))
        })
    };
    let show = move |index: usize| {
        at.set(index);
        let line = found.with_untracked(|found| found.get(index).map(|found| found.line));
        if let Some((pane, line)) = pane.get_untracked().zip(line) {
            let height = LINE_HEIGHT as i32;
            let place = i32::try_from(line).unwrap_or(0).saturating_mul(height);
            if place < pane.scroll_top()
                || place + height > pane.scroll_top() + pane.client_height()
            {
                pane.set_scroll_top(place - pane.client_height() / 2);
            }
        }
    };
    let go = move |on: bool| {
        let count = found.with_untracked(|found| found.len());
        if count > 0 {
            let now = at.get_untracked();
            show(if on {
                (now + 1) % count
            } else {
                (now + count - 1) % count
            });
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && !ev.ctrl_key() && !ev.meta_key() {
            ev.prevent_default();
            go(!ev.shift_key());
        }
    };
    let on_input = move |text: String| {
        query.set(text);
        show(0);
    };
    let words = move || {
        let count = found.with(|found| found.len());
        match (query.with(String::is_empty), count) {
            (true, _) => String::new(),
            (false, 0) => "none".to_owned(),
            (false, MOST_MATCHES) => format!("{} of many", at.get() + 1),
            (false, count) => format!("{} of {}", at.get() + 1, format::count(count as u64)),
        }
    };
    let on_scroll = move |_| {
        if let Some(pane) = pane.get_untracked() {
            let line = usize::try_from(pane.scroll_top()).unwrap_or(0) / LINE_HEIGHT;
            // In steps, so that a little scrolling draws nothing.
            let line = line / (BEYOND / 2) * (BEYOND / 2);
            if top.get_untracked() != line {
                top.set(line);
            }
        }
    };
    let drawn = move || {
        let start = top.get().saturating_sub(BEYOND);
        start..(top.get() + 3 * BEYOND).min(total)
    };
    let body = {
        let lines = lines.clone();
        move || {
            let drawn = drawn();
            let (found, now) = (found.get(), at.get());
            let above = format!("{}px", drawn.start * LINE_HEIGHT);
            let below = format!("{}px", (total - drawn.end) * LINE_HEIGHT);
            let lines = drawn
                .map(|index| {
                    let first = found.partition_point(|found| found.line < index);
                    let last = found.partition_point(|found| found.line <= index);
                    line(&lines[index], &found[first..last], now.checked_sub(first))
                })
                .collect_view();
            view! {
                <div style:height=above></div>
                {lines}
                <div style:height=below></div>
            }
        }
    };
    let what = label.clone();
    view! {
        <figure class="result-table">
            <figcaption>
                <span>{label.clone()}</span>
                <span class="count">{format::count(total as u64)} " lines"</span>
                <CopyButton text=text what=what />
                <label class="search text-search">
                    <IconView icon=Icon::Search />
                    <input
                        type="search"
                        aria-label=format!("Search {label}")
                        placeholder="Search"
                        spellcheck="false"
                        data-search-text=""
                        on:input:target=move |ev| on_input(ev.target().value())
                        on:keydown=on_key
                    />
                    <span class="count" role="status" data-found="">{words}</span>
                </label>
                <button type="button" class="text-button" data-action="previous" on:click=move |_| go(false)>
                    "Previous"
                </button>
                <button type="button" class="text-button" data-action="next" on:click=move |_| go(true)>
                    "Next"
                </button>
            </figcaption>
            <div
                class="text-pane"
                tabindex="0"
                role="region"
                aria-label=label.clone()
                node_ref=pane
                on:scroll=on_scroll
            >
                <pre>{body}</pre>
            </div>
        </figure>
    }
}

/// A line with its matches marked; `now` is the index among them of the one that was gone to.
fn line(text: &str, matches: &[Match], now: Option<usize>) -> impl IntoView + use<> {
    let mut parts = Vec::new();
    let mut done = 0;
    for (index, found) in matches.iter().enumerate() {
        parts.push(text[done..found.start].to_owned().into_any());
        let word = text[found.start..found.end].to_owned();
        let is_now = now == Some(index);
        parts.push(view! { <mark class:now=is_now>{word}</mark> }.into_any());
        done = found.end;
    }
    parts.push(text[done..].to_owned().into_any());
    view! { <div class="text-line">{parts} "\n"</div> }
}
