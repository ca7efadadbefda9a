//! The widths of a table's columns: as they come, until somebody drags one; then they are kept.

use leptos::ev::{self, KeyboardEvent, PointerEvent};
use leptos::html::Table as TableElement;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::dom;

/// Narrower, a column is of no use.
const LEAST: i32 = 40;
/// What an arrow key changes.
const STEP: i32 = 16;

/// The widths in pixels; none while they come as they are.
#[derive(Clone, Copy)]
pub(super) struct Widths {
    /// The table.
    pub table: NodeRef<TableElement>,
    shown: RwSignal<Option<Vec<i32>>>,
    key: StoredValue<String>,
}

impl Widths {
    /// The widths that were kept for a table with these columns.
    pub(super) fn kept<'a>(columns: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = columns.collect();
        let key = format!("columns:{}", names.join(","));
        let kept = dom::kept(&key).and_then(|text| parse(&text, names.len()));
        Self {
            table: NodeRef::new(),
            shown: RwSignal::new(kept),
            key: StoredValue::new(key),
        }
    }

    /// Whether the widths stand fast.
    pub(super) fn are_fixed(self) -> bool {
        self.shown.with(Option::is_some)
    }

    /// A column's width, as a style has it.
    pub(super) fn of(self, column: usize) -> Option<String> {
        self.shown
            .with(|widths| Some(format!("{}px", widths.as_ref()?.get(column)?)))
    }

    /// The width of all together.
    pub(super) fn total(self) -> Option<String> {
        self.shown
            .with(|widths| Some(format!("{}px", widths.as_ref()?.iter().sum::<i32>())))
    }

    /// Has the widths stand as they are drawn now, lest they change with the rows in sight.
    pub(super) fn freeze(self) {
        if self.shown.with_untracked(Option::is_some) {
            return;
        }
        let drawn = self.drawn();
        if drawn.iter().all(|width| *width > 0) && !drawn.is_empty() {
            self.shown.set(Some(drawn));
        }
    }

    /// Lets the widths come as they do, and forgets the kept ones.
    fn let_go(self) {
        self.shown.set(None);
        dom::keep(&self.key.get_value(), "");
    }

    fn change(self, column: usize, change: impl FnOnce(i32) -> i32) {
        self.freeze();
        self.shown.update(|widths| {
            if let Some(width) = widths.as_mut().and_then(|all| all.get_mut(column)) {
                *width = change(*width).max(LEAST);
            }
        });
    }

    fn keep(self) {
        let widths = self.shown.get_untracked().unwrap_or_default();
        let widths: Vec<_> = widths.iter().map(i32::to_string).collect();
        dom::keep(&self.key.get_value(), &widths.join(","));
    }

    fn drawn(self) -> Vec<i32> {
        let Some(table) = self.table.get_untracked() else {
            return Vec::new();
        };
        let Ok(heads) = table.query_selector_all("thead th") else {
            return Vec::new();
        };
        (0..heads.length())
            .filter_map(|index| heads.item(index)?.dyn_into::<HtmlElement>().ok())
            .map(|head| head.offset_width())
            .collect()
    }
}

fn parse(text: &str, columns: usize) -> Option<Vec<i32>> {
    let widths: Option<Vec<i32>> = text.split(',').map(|width| width.parse().ok()).collect();
    widths.filter(|widths| {
        widths.len() == columns && widths.iter().all(|width| (LEAST..10_000).contains(width))
    })
}

/// The edge of a column, which is dragged to make it wider.
#[component]
pub(super) fn Edge(
    /// The widths of its table.
    widths: Widths,
    /// The column's index.
    column: usize,
    /// What the column is called.
    label: String,
) -> impl IntoView {
    let on_press = move |ev: PointerEvent| {
        ev.prevent_default();
        ev.stop_propagation();
        let at = StoredValue::new(ev.client_x());
        let moving = window_event_listener(ev::pointermove, move |ev| {
            let by = ev.client_x() - at.get_value();
            at.set_value(ev.client_x());
            widths.change(column, |width| width + by);
        });
        let listeners = StoredValue::new(vec![moving]);
        let up = window_event_listener(ev::pointerup, move |_| {
            widths.keep();
            let all = listeners.try_update_value(std::mem::take);
            all.into_iter()
                .flatten()
                .for_each(WindowListenerHandle::remove);
        });
        listeners.update_value(|all| all.push(up));
    };
    let on_key = move |ev: KeyboardEvent| {
        match ev.key().as_str() {
            "ArrowLeft" => widths.change(column, |width| width - STEP),
            "ArrowRight" => widths.change(column, |width| width + STEP),
            "Escape" => return widths.let_go(),
            _ => return,
        }
        ev.prevent_default();
        widths.keep();
    };
    let now = move || {
        let width = widths.of(column);
        width.map_or_else(
            || "0".to_owned(),
            |width| width.trim_end_matches("px").to_owned(),
        )
    };
    view! {
        <span
            class="edge"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=format!("Width of {label}")
            aria-valuemin="0"
            aria-valuemax="10000"
            aria-valuenow=now
            title="Drag to change the width. A double click lets all widths go."
            on:pointerdown=on_press
            on:keydown=on_key
            on:dblclick=move |_| widths.let_go()
        ></span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_that_make_no_sense_are_not_taken() {
        assert_eq!(parse("100,50", 2), Some(vec![100, 50]));
        for text in ["", "100", "100,x", "100,-5", "100,99999"] {
            assert_eq!(parse(text, 2), None, "{text}");
        }
    }
}
