//! A list as rows and columns: sorted by its headers, and of many rows only those in sight are drawn.

use std::ops::Range;
use std::sync::Arc;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::ResultContext;
use super::cells::{self, Place};
use super::pairs::value;
use super::widths::{Edge, Widths};
use crate::dom;
use crate::result::{CellKind, SortOrder, Table};

/// More rows than this aren't all drawn, and each is one line high.
const ALL_DRAWN: usize = 200;
/// How high a row is of which only some are drawn; the style says the same.
const ROW_HEIGHT: usize = 26;
/// How many rows are drawn beyond those in sight, on either side.
const BEYOND: usize = 12;
/// How many rows are in sight at the most before the place is measured.
const AT_FIRST: usize = 20;

/// The table.
pub(super) fn view(table: Arc<Table>, context: ResultContext) -> impl IntoView {
    let sort = RwSignal::new(None::<SortOrder>);
    let at = RwSignal::new(None::<Place>);
    let total = table.rows(&context.output).len();
    let few = total <= ALL_DRAWN;
    let widths = Widths::kept(table.columns.iter().map(|column| column.name.as_str()));
    let pane = NodeRef::<Div>::new();
    let sight = RwSignal::new((0_usize, AT_FIRST));
    let order = {
        let (table, context) = (table.clone(), context.clone());
        Memo::new(move |_| Arc::new(table.order(table.rows(&context.output), sort.get())))
    };
    let drawn = Memo::new(move |_| {
        if few {
            return 0..total;
        }
        let (first, count) = sight.get();
        in_sight(first, count, total)
    });
    let on_scroll = move |_| {
        if let Some(pane) = pane.get_untracked() {
            let row = |pixels: i32| usize::try_from(pixels).unwrap_or(0) / ROW_HEIGHT;
            let now = (row(pane.scroll_top()), row(pane.client_height()) + 1);
            if sight.get_untracked() != now {
                sight.set(now);
            }
        }
    };
    if !few {
        // Widths that followed the rows in sight would jump.
        request_animation_frame(move || widths.freeze());
    }
    let on_key = {
        let (table, context) = (table.clone(), context.clone());
        move |ev: KeyboardEvent| {
            if ev.key() == "c" && (ev.ctrl_key() || ev.meta_key()) && !dom::has_selection() {
                if let Some(place) = at.get_untracked() {
                    ev.prevent_default();
                    dom::copy(cells::text_of(&table, &context, place), |_| {});
                }
                return;
            }
            if !is_the_pane(&ev) {
                return;
            }
            let order = order.get_untracked();
            let next = cells::step(&order, table.columns.len(), at.get_untracked(), &ev.key());
            if let Some(next) = next.filter(|_| ev.key().len() > 1) {
                ev.prevent_default();
                at.set(Some(next));
                let row = order.iter().position(|row| *row == next.0).unwrap_or(0);
                if let Some(pane) = pane.get_untracked().filter(|_| !few) {
                    show_row(&pane, row);
                }
            }
        }
    };
    let headers = headers(&table, sort, widths);
    let label = table.label.clone();
    let columns = table.columns.len();
    let row = {
        let (table, context) = (table.clone(), context.clone());
        move |index: usize| row(&table, &context, index, at)
    };
    let indices = move || order.with(|order| order.get(drawn.get()).unwrap_or_default().to_vec());
    let gap = move |rows: usize| {
        (rows > 0).then(|| {
            let height = format!("{}px", rows * ROW_HEIGHT);
            view! { <tr class="gap" aria-hidden="true" style:height=height></tr> }
        })
    };
    let cols = (0..columns)
        .map(|column| view! { <col style:width=move || widths.of(column) /> })
        .collect_view();
    let bar = cells::bar(&table, &context, at);
    view! {
        <div
            class="table-scroll"
            class:many=!few
            tabindex="0"
            role="group"
            aria-label=label
            node_ref=pane
            on:scroll=on_scroll
            on:keydown=on_key
        >
            <table
                class:fixed=move || widths.are_fixed()
                style:width=move || widths.total()
                aria-rowcount=(!few).then(|| (total + 1).to_string())
                node_ref=widths.table
            >
                <colgroup>{cols}</colgroup>
                <thead>
                    <tr>{headers}</tr>
                </thead>
                <tbody>
                    {move || gap(drawn.get().start)}
                    <For each=indices key=|index| *index children=row />
                    {move || gap(total - drawn.get().end)}
                </tbody>
            </table>
        </div>
        {bar}
    }
}

/// The rows to be drawn: those in sight and some beyond.
fn in_sight(first: usize, count: usize, total: usize) -> Range<usize> {
    // In steps, so that a little scrolling draws nothing.
    let start = first.saturating_sub(BEYOND).min(total) / BEYOND * BEYOND;
    let end = (first + count + BEYOND).div_ceil(BEYOND) * BEYOND;
    start..end.min(total).max(start)
}

fn is_the_pane(ev: &KeyboardEvent) -> bool {
    let target = ev
        .target()
        .and_then(|at| at.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|at| at.class_list().contains("table-scroll"))
}

/// Scrolls no further than need be.
fn show_row(pane: &web_sys::Element, row: usize) {
    let height = ROW_HEIGHT as i32;
    let top = i32::try_from(row).unwrap_or(0).saturating_mul(height);
    // The header stands above them.
    let room = pane.client_height() - height;
    if top < pane.scroll_top() {
        pane.set_scroll_top(top);
    } else if top + height > pane.scroll_top() + room {
        pane.set_scroll_top(top + height - room);
    }
}

fn headers(
    table: &Table,
    sort: RwSignal<Option<SortOrder>>,
    widths: Widths,
) -> impl IntoView + use<> {
    table
        .columns
        .iter()
        .enumerate()
        .map(|(column, head)| {
            let direction = move || match sort.get() {
                Some(sort) if sort.column == column && sort.descending => "descending",
                Some(sort) if sort.column == column => "ascending",
                _ => "none",
            };
            // Ascending, descending, and then as it came.
            let turn = move |_| {
                sort.update(|sort| {
                    *sort = match *sort {
                        Some(old) if old.column == column && old.descending => None,
                        Some(old) if old.column == column => Some(SortOrder {
                            column,
                            descending: true,
                        }),
                        _ => Some(SortOrder {
                            column,
                            descending: false,
                        }),
                    };
                });
            };
            view! {
                <th scope="col" aria-sort=direction data-column=head.name.clone()>
                    <button type="button" on:click=turn>
                        {head.label.clone()}
                    </button>
                    <Edge widths column label=head.label.clone() />
                </th>
            }
        })
        .collect_view()
}

fn row(
    table: &Table,
    context: &ResultContext,
    index: usize,
    at: RwSignal<Option<Place>>,
) -> impl IntoView + use<> {
    let row = table
        .rows(&context.output)
        .get(index)
        .unwrap_or(&Value::Null);
    let cells = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let cell = table.cell(row, column);
            let class = match cell.kind {
                CellKind::Number => "number",
                CellKind::Path => "path-cell",
                CellKind::Text => "text-cell",
                CellKind::List => "list-cell",
                CellKind::Moment(_) => "moment-cell",
                CellKind::Code => "",
            };
            let full = cell.full.clone();
            let is_here = move || at.get() == Some((index, place));
            let mark = move |_: MouseEvent| at.set(Some((index, place)));
            view! {
                <td
                    class=class
                    class:marked=is_here
                    data-column=column.name.clone()
                    data-value=full
                    on:click=mark
                >
                    {value(cell, &column.label, context.compact)}
                </td>
            }
        })
        .collect_view();
    view! { <tr data-row="">{cells}</tr> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_row_in_sight_is_drawn_and_never_many_more(
            first in 0..100_000_usize, count in 0..60_usize, total in 0..100_000_usize,
        ) {
            let drawn = in_sight(first, count, total);
            prop_assert!(drawn.end <= total && drawn.start <= drawn.end);
            for row in first..(first + count).min(total) {
                prop_assert!(drawn.contains(&row));
            }
            prop_assert!(drawn.len() <= count + 4 * BEYOND);
        }
    }
}
