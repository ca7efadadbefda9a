//! A list of a result: sorted by its headers, drawn a few hundred rows at a time.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::pairs::value;
use crate::format;
use crate::result::{CellKind, SortOrder, Table};
use crate::texts;

/// How many rows are drawn at first, and more at each press.
const ROWS: usize = 200;

/// The table and, below it, what there is beyond the drawn rows.
pub(super) fn view(table: Table, output: Arc<Value>, compact: bool) -> impl IntoView {
    let table = Arc::new(table);
    let sort = RwSignal::new(None::<SortOrder>);
    let limit = RwSignal::new(ROWS);
    let total = table.rows(&output).len();
    let order = {
        let (table, output) = (table.clone(), output.clone());
        Memo::new(move |_| table.order(table.rows(&output), sort.get()))
    };
    let headers = headers(&table, sort);
    let label = table.label.clone();
    let row = move |index: usize| row(&table, &output, index, compact);
    view! {
        <figure class="result-table">
            <figcaption>
                {label.clone()} " " <span class="count">{format::count(total as u64)}</span>
            </figcaption>
            <div class="table-scroll" tabindex="0" role="region" aria-label=label>
                <table>
                    <thead>
                        <tr>{headers}</tr>
                    </thead>
                    <tbody>
                        <For
                            each=move || {
                                order.with(|order| {
                                    order.iter().take(limit.get()).copied().collect::<Vec<_>>()
                                })
                            }
                            key=|index| *index
                            children=row
                        />
                    </tbody>
                </table>
            </div>
            <Show when=move || limit.get() < total>
                <button
                    type="button"
                    class="button small"
                    data-action="show-more"
                    on:click=move |_| limit.update(|limit| *limit += ROWS)
                >
                    {texts::SHOW_MORE}
                </button>
            </Show>
        </figure>
    }
}

fn headers(table: &Table, sort: RwSignal<Option<SortOrder>>) -> impl IntoView + use<> {
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
                </th>
            }
        })
        .collect_view()
}

fn row(table: &Table, output: &Value, index: usize, compact: bool) -> impl IntoView + use<> {
    let row = table.rows(output).get(index).unwrap_or(&Value::Null);
    let cells = table
        .columns
        .iter()
        .map(|column| {
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
            view! {
                <td class=class data-column=column.name.clone() data-value=full>
                    {value(cell, &column.label, compact)}
                </td>
            }
        })
        .collect_view();
    view! { <tr data-row="">{cells}</tr> }
}
