//! The few things that a view needs of the browser and Leptos has no word for.
//!
//! All of it does nothing where there is no window: a page must not break over a lost focus.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::{AppearanceSettings, PagePlace};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlDialogElement, HtmlDocument, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    VisibilityState,
};

use crate::stores::DropTarget;

fn page() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Makes the page look as it was set, now and when it is loaded anew: the window's script reads what is noted
/// here before anything is painted.
pub fn dress(appearance: &AppearanceSettings) {
    let Some(root) = page().and_then(|page| page.document_element()) else {
        return;
    };
    let mut noted = serde_json::Map::new();
    for (name, value) in appearance.on_root() {
        // Fails for names that none may have.
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
        noted.insert(name.to_owned(), value.into());
    }
    let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten());
    if let Some(storage) = storage {
        // Without the note the page is painted as it was set when the window was opened.
        let _ = storage.set_item("appearance", &serde_json::Value::Object(noted).to_string());
    }
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

/// Whether the focus is within what `selector` finds.
#[must_use]
pub fn has_focus(selector: &str) -> bool {
    let focused = page().and_then(|page| page.active_element());
    focused.is_some_and(|focused| matches!(focused.closest(selector), Ok(Some(_))))
}

/// What lies below a place on the page, as far as files can be dropped on it.
#[must_use]
pub fn drop_target(place: PagePlace) -> Option<DropTarget> {
    let page = page()?;
    let below = page.element_from_point(place.x as f32, place.y as f32);
    let named = |name: &str| {
        let found = below.as_ref()?.closest(&format!("[{name}]")).ok()??;
        found.get_attribute(name)
    };
    if let Some(tool) = named("data-tool") {
        return Some(DropTarget::Tool(tool));
    }
    // Beside it the page's form takes what is dropped, whole.
    let form = page.query_selector("[data-form]").ok()??;
    let tool = form.get_attribute("data-form")?;
    Some(match named("data-drop") {
        Some(key) => DropTarget::Field { tool, key },
        None => DropTarget::Form(tool),
    })
}

/// Milliseconds since 1970, UTC.
#[must_use]
pub fn now_ms() -> u64 {
    // They stay far below 2^53.
    js_sys::Date::now().max(0.0) as u64
}

/// Scrolls the element with this id into sight, no further than need be, once all is drawn.
pub fn reveal(id: String) {
    request_animation_frame(move || {
        let Some(element) = page().and_then(|page| page.get_element_by_id(&id)) else {
            return;
        };
        let Some(pane) = element
            .parent_element()
            .and_then(|list| list.parent_element())
        else {
            return;
        };
        if let Ok(element) = element.dyn_into::<HtmlElement>() {
            let (top, height) = (element.offset_top(), element.offset_height());
            if top < pane.scroll_top() {
                pane.set_scroll_top(top);
            } else if top + height > pane.scroll_top() + pane.client_height() {
                pane.set_scroll_top(top + height - pane.client_height());
            }
        }
    });
}

/// For how many frames a heading takes the focus whatever has it: a dialog that closes gives it
/// back, a page that goes loses it.
const INSISTS: u32 = 6;
/// For how many frames it takes the focus from nothing: pages draw their headings more than once
/// while they load.
const WAITS: u32 = 20;

/// Puts the focus on the page's heading, which is how a new page is announced. Who types has the
/// focus where they put it.
pub fn focus_heading() {
    on_coming_frames(WAITS, |left| {
        give_heading_focus(left > WAITS - INSISTS && !is_typing());
    });
}

/// A number that nothing else on the page has been given.
#[must_use]
pub fn unique() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// Whether some of the page's text is selected, so that copying means that.
#[must_use]
pub fn has_selection() -> bool {
    selection().is_ok_and(|selection| !String::from(selection.to_string()).is_empty())
}

/// Keeps a small text on this computer, for the page alone; an empty one is forgotten.
pub fn keep(key: &str, text: &str) {
    // Where nothing can be kept, it holds for as long as the page does.
    let _ = if text.is_empty() {
        remove_item(key)
    } else {
        set_item(key, text)
    };
}

/// What was kept under `key`.
#[must_use]
pub fn kept(key: &str) -> Option<String> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    get_item(key).ok().flatten()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = localStorage, js_name = getItem, catch)]
    fn get_item(key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(js_namespace = localStorage, js_name = setItem, catch)]
    fn set_item(key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = localStorage, js_name = removeItem, catch)]
    fn remove_item(key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = getSelection, catch)]
    fn selection() -> Result<js_sys::Object, JsValue>;
}

/// Puts the focus on the heading if nothing has it, or whatever has it.
fn give_heading_focus(insists: bool) {
    let Some(page) = page() else { return };
    let found = page.query_selector(".main h1").ok().flatten();
    let Some(heading) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let focused = page.active_element();
    let is_lost = focused
        .as_ref()
        .is_none_or(|focused| focused.tag_name() == "BODY");
    if focused.as_ref() != Some(&*heading) && (is_lost || insists) {
        heading.set_tab_index(-1);
        // Fails for elements that are going away; the next frame tries again.
        let _ = heading.focus();
    }
}

/// Calls `step` on each of the coming frames with how many are left.
fn on_coming_frames(frames: u32, step: impl Fn(u32) + 'static) {
    request_animation_frame(move || {
        step(frames);
        if frames > 1 {
            on_coming_frames(frames - 1, step);
        }
    });
}

/// Puts the focus into the page's search; nothing if it has none.
pub fn focus_search() {
    let Some(page) = page() else { return };
    let found = page.query_selector(".main input[type=search]");
    if let Some(input) = found.ok().flatten()
        && let Ok(input) = input.dyn_into::<HtmlInputElement>()
    {
        // Fails only for elements that are going away.
        let _ = input.focus();
        input.select();
    }
}

/// Whether letters that are typed now become text somewhere.
#[must_use]
pub fn is_typing() -> bool {
    const TEXT: &str = "textarea, select, [contenteditable], input:not([type=checkbox], \
        [type=radio], [type=button], [type=range], [type=file])";
    page()
        .and_then(|page| page.active_element())
        .is_some_and(|focused| focused.matches(TEXT).unwrap_or(false))
}

/// Whether a dialog stands above the page.
#[must_use]
pub fn is_dialog_open() -> bool {
    let found = page().and_then(|page| page.query_selector("dialog[open]").ok());
    found.flatten().is_some()
}

/// Opens a dialog above the page, unless it is open.
pub fn open_dialog(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        // Fails for a dialog that is not on the page, which nobody sees either way.
        let _ = dialog.show_modal();
    }
}

/// Scrolls what `selector` finds into sight, by as little as that takes.
pub fn bring_into_sight(selector: String) {
    request_animation_frame(move || {
        let found = page().and_then(|page| page.query_selector(&selector).ok());
        if let Some(element) = found.flatten() {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Sets the document's title.
pub fn set_title(title: &str) {
    if let Some(page) = page() {
        page.set_title(title);
    }
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

/// Puts the focus on what `selector` finds, at once: the key that is being pressed goes there.
pub fn focus_now(selector: &str) {
    let found = page().and_then(|page| page.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // Fails for elements that are going away, which need no focus.
        let _ = element.focus();
    }
}

/// Whether an event comes from something that `selector` finds, or from within it.
#[must_use]
pub fn is_within(event: &web_sys::Event, selector: &str) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Whether the focus goes on to something that is not within what `selector` finds. To nowhere is no
/// such thing: a list that opens above the page takes it too.
#[must_use]
pub fn goes_out_of(event: &web_sys::FocusEvent, selector: &str) -> bool {
    let next = event
        .related_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    next.is_some_and(|next| next.closest(selector).ok().flatten().is_none())
}

/// Has an element hear of the pointer until it is let go. Gives the width of what the element is in.
#[must_use]
pub fn hold_pointer(event: &web_sys::PointerEvent) -> Option<f64> {
    let element: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    element.set_pointer_capture(event.pointer_id()).ok()?;
    width_around(&element)
}

/// The width of what the element is in that hears an event.
#[must_use]
pub fn parent_width(event: &web_sys::Event) -> Option<f64> {
    width_around(&event.current_target()?.dyn_into().ok()?)
}

fn width_around(element: &web_sys::Element) -> Option<f64> {
    let around: HtmlElement = element.parent_element()?.dyn_into().ok()?;
    Some(around.offset_width().into())
}
