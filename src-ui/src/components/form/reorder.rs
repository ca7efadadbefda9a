//! The handle by which a row is put to another place: by dragging it, or by the arrow keys.

use leptos::ev::{self, KeyboardEvent, PointerEvent};
use leptos::html::Ul;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Where rows stand, and what becomes of them.
#[derive(Clone, Copy)]
pub(super) struct Reorder {
    /// The list that the rows are the children of.
    pub list: NodeRef<Ul>,
    /// Puts a row to another place.
    pub on_move: Callback<(usize, usize)>,
    /// Takes this row out.
    pub on_remove: Callback<()>,
}

/// The handle of one row.
#[component]
pub(super) fn Handle(
    /// What can be done with the rows.
    reorder: Reorder,
    /// Where this row stands.
    index: Signal<usize>,
    /// What the row is called.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let on_key = move |ev: KeyboardEvent| {
        let from = index.get_untracked();
        let to = match ev.key().as_str() {
            "ArrowUp" => from.checked_sub(1),
            "ArrowDown" => Some(from + 1),
            "Delete" => {
                ev.prevent_default();
                focus_handle(reorder.list, from);
                return reorder.on_remove.run(());
            }
            _ => return,
        };
        ev.prevent_default();
        if let Some(to) = to.filter(|to| *to < tops(reorder.list).len()) {
            reorder.on_move.run((from, to));
            focus_handle(reorder.list, to);
        }
    };
    let on_press = move |ev: PointerEvent| {
        if ev.button() == 0 {
            ev.prevent_default();
            drag(reorder, index.get_untracked(), ev.client_y());
        }
    };
    let label = move || format!("Move {}", name.get());
    view! {
        <button
            type="button"
            class="handle"
            aria-label=label
            title="Drag to move. Arrow keys move it, too; Delete removes it."
            on:keydown=on_key
            on:pointerdown=on_press
        >
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01" />
            </svg>
        </button>
    }
}

/// Moves the row with the pointer until the button is let go.
fn drag(reorder: Reorder, start: usize, pressed_at: i32) {
    let places = tops(reorder.list);
    let Some(&(top, height)) = places.get(start) else {
        return;
    };
    let at = StoredValue::new(start);
    let moving = window_event_listener(ev::pointermove, move |ev| {
        let middle = top + height / 2 + ev.client_y() - pressed_at;
        let (from, to) = (at.get_value(), place_of(middle, &tops(reorder.list)));
        if from != to {
            at.set_value(to);
            reorder.on_move.run((from, to));
        }
    });
    let handles = StoredValue::new(Some(moving));
    let end = move || {
        if let Some(moving) = handles.try_update_value(Option::take).flatten() {
            moving.remove();
        }
    };
    let released = StoredValue::new(None);
    let up = window_event_listener(ev::pointerup, move |_| {
        end();
        if let Some(up) = released.try_update_value(Option::take).flatten() {
            let up: WindowListenerHandle = up;
            up.remove();
        }
    });
    released.set_value(Some(up));
}

/// Each row's upper edge and height, in its order.
fn tops(list: NodeRef<Ul>) -> Vec<(i32, i32)> {
    let Some(list) = list.get_untracked() else {
        return Vec::new();
    };
    let rows = list.children();
    (0..rows.length())
        .filter_map(|index| rows.item(index)?.dyn_into::<HtmlElement>().ok())
        .map(|row| (row.offset_top(), row.offset_height()))
        .collect()
}

/// The place whose row is nearest to `middle`.
fn place_of(middle: i32, places: &[(i32, i32)]) -> usize {
    let distance = |(top, height): (i32, i32)| (top + height / 2 - middle).abs();
    let nearest = places
        .iter()
        .enumerate()
        .min_by_key(|(_, place)| distance(**place));
    nearest.map_or(0, |(index, _)| index)
}

/// Gives the focus to the handle of the row that stands there once all is drawn.
fn focus_handle(list: NodeRef<Ul>, index: usize) {
    request_animation_frame(move || {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let rows = list.children();
        let last = rows.length().saturating_sub(1);
        let row = rows.item(u32::try_from(index).unwrap_or(last).min(last));
        let handle = row.and_then(|row| row.query_selector(".handle").ok().flatten());
        if let Some(handle) = handle.and_then(|handle| handle.dyn_into::<HtmlElement>().ok()) {
            // Fails only for what is going away.
            let _ = handle.focus();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_goes_to_the_place_that_it_is_held_over(
            heights in prop::collection::vec(1..60_i32, 1..8),
            index in any::<prop::sample::Index>(),
        ) {
            let mut top = 0;
            let mut places = Vec::new();
            for height in heights {
                places.push((top, height));
                top += height;
            }
            let at = index.index(places.len());
            let (top, height) = places[at];
            prop_assert_eq!(place_of(top + height / 2, &places), at);
            prop_assert_eq!(place_of(-1_000, &places), 0);
            prop_assert_eq!(place_of(10_000, &places), places.len() - 1);
        }
    }
}
