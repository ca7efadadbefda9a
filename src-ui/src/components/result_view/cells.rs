//! The cell that somebody is at in a table, and what can be copied there.

use std::sync::Arc;

use leptos::prelude::*;

use super::ResultContext;
use crate::dom;
use crate::result::{Table, tabs};

/// A cell: the row's index in the list, and the column's.
pub(super) type Place = (usize, usize);

/// Where an arrow key leads from `at`, in a table whose rows are shown in this order.
pub(super) fn step(order: &[usize], columns: usize, at: Option<Place>, key: &str) -> Option<Place> {
    let (row, column) = match at {
        Some((row, column)) => (order.iter().position(|other| *other == row)?, column),
        // The first press goes to the first cell.
        None => return Some((*order.first()?, 0)),
    };
    let (row, column) = match key {
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowDown" => ((row + 1).min(order.len() - 1), column),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowRight" => (row, (column + 1).min(columns.saturating_sub(1))),
        "PageUp" => (row.saturating_sub(10), column),
        "PageDown" => ((row + 10).min(order.len() - 1), column),
        "Home" => (0, column),
        "End" => (order.len() - 1, column),
        _ => return None,
    };
    Some((order[row], column))
}

/// The whole value of a cell.
pub(super) fn text_of(table: &Table, context: &ResultContext, (row, column): Place) -> String {
    let row = table.rows(&context.output).get(row);
    let cell = row.zip(table.columns.get(column));
    cell.map_or_else(String::new, |(row, column)| table.cell(row, column).full)
}

/// Says which cell is marked, and copies it or its row.
pub(super) fn bar(
    table: &Arc<Table>,
    context: &ResultContext,
    at: RwSignal<Option<Place>>,
) -> impl IntoView + use<> {
    let (table, context) = (table.clone(), context.clone());
    move || {
        let place = at.get()?;
        let label = table.columns.get(place.1)?.label.clone();
        let full = text_of(&table, &context, place);
        let copy_cell = {
            let full = full.clone();
            move |_| dom::copy(full.clone(), |_| {})
        };
        let copy_row = {
            let (table, context) = (table.clone(), context.clone());
            move |_| {
                let rows = table.rows(&context.output);
                let row = rows.get(place.0..=place.0).unwrap_or_default();
                dom::copy(tabs(&table, row, false), |_| {});
            }
        };
        Some(view! {
            <div class="cell-bar" data-cell-bar="">
                <span class="cell-words" aria-live="polite" title=full.clone()>
                    <span class="muted">{label} ": "</span>
                    {full.clone()}
                </span>
                <button type="button" class="text-button" data-action="copy-cell" on:click=copy_cell>
                    "Copy cell"
                </button>
                <button type="button" class="text-button" data-action="copy-row" on:click=copy_row>
                    "Copy row"
                </button>
            </div>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_key_leads_out_of_the_table(
            rows in 1..9_usize, columns in 1..5_usize, keys in prop::collection::vec(0..8_usize, 0..20),
        ) {
            // As if sorted the other way round.
            let order: Vec<usize> = (0..rows).rev().collect();
            let names = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"];
            let mut at = None;
            for key in keys {
                at = step(&order, columns, at, names[key]);
                let (row, column) = at.unwrap();
                prop_assert!(row < rows && column < columns);
            }
        }
    }

    #[test]
    fn a_row_further_down_is_the_next_in_the_order_that_is_shown() {
        assert_eq!(step(&[5, 2, 9], 2, Some((5, 1)), "ArrowDown"), Some((2, 1)));
        assert_eq!(step(&[5, 2, 9], 2, Some((5, 1)), "x"), None);
    }
}
