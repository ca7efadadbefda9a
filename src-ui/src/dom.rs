//! The few things that a view needs of the browser and Leptos has no word for.
//!
//! All of it does nothing where there is no window: a page must not break over a lost focus.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement, VisibilityState};

fn page() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Whether the window is on screen.
#[must_use]
pub fn is_visible() -> bool {
    page().is_none_or(|page| page.visibility_state() == VisibilityState::Visible)
}

/// Whether the page before this one in the same window had a fault of which nothing was said yet.
/// What the shell notes (`src-tauri/src/page_fault.rs`) and what was said of it live as long as the
/// window.
#[must_use]
pub fn page_had_a_fault() -> bool {
    const NOTED: &str = "toolroom.faults";
    const SAID: &str = "toolroom.faults-said";
    let said = || {
        let kept = web_sys::window()?.session_storage().ok()??;
        let noted = kept.get_item(NOTED).ok()??;
        let is_new = kept.get_item(SAID).ok()?.as_ref() != Some(&noted);
        kept.set_item(SAID, &noted).ok()?;
        Some(is_new)
    };
    said().unwrap_or(false)
}

/// Minutes that local time is ahead of UTC.
#[must_use]
pub fn utc_offset_minutes(at_ms: u64) -> i32 {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at_ms as f64));
    -(date.get_timezone_offset() as i32)
}

/// Puts the focus on the first of `selectors` that finds something that can take it, once what
/// has just changed is drawn.
pub fn focus_first(selectors: Vec<String>) {
    request_animation_frame(move || {
        let Some(page) = page() else { return };
        let found = selectors
            .iter()
            .find_map(|selector| page.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // Fails for elements that are going away, which need no focus.
            let _ = element.focus();
            element.scroll_into_view_with_bool(false);
        }
    });
}

/// Whether `pane` is scrolled to its end, or nearly.
#[must_use]
pub fn is_at_end(pane: &web_sys::Element) -> bool {
    pane.scroll_height() - pane.scroll_top() - pane.client_height() < 24
}

/// Scrolls `pane` to its end, once what has just changed is drawn.
pub fn scroll_to_end(pane: web_sys::Element) {
    request_animation_frame(move || pane.set_scroll_top(pane.scroll_height()));
}

/// `text` as a string within a CSS selector.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Puts `text` on the clipboard and says through `done` whether that worked.
pub fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let copied = match web_sys::window() {
            // Missing outside of secure contexts, whatever its type says.
            Some(window) if window.is_secure_context() => {
                let promise = window.navigator().clipboard().write_text(&text);
                wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()
            }
            _ => false,
        };
        done(copied || copy_by_selection(&text).is_some());
    });
}

/// The older way, for pages to which the clipboard is not given.
fn copy_by_selection(text: &str) -> Option<()> {
    let page = page()?;
    let area: HtmlTextAreaElement = page.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_class_name("off-screen");
    let body = page.body()?;
    body.append_child(&area).ok()?;
    area.select();
    let page: HtmlDocument = page.dyn_into().ok()?;
    let copied = page.exec_command("copy").unwrap_or(false);
    area.remove();
    copied.then_some(())
}
