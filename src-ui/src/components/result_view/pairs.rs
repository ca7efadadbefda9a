//! Single values with their names, and how a value looks.

use leptos::prelude::*;

use crate::components::{CopyButton, EndText};
use crate::format;
use crate::result::{Cell, CellKind, Pair};

/// Names and values, one pair a line.
pub(super) fn view(pairs: Vec<Pair>, compact: bool) -> impl IntoView {
    let lines = pairs
        .into_iter()
        .map(|pair| {
            let full = pair.cell.full.clone();
            view! {
                <div class="pair" data-pair=pair.name data-value=full>
                    <dt>{pair.label.clone()}</dt>
                    <dd>{value(pair.cell, &pair.label, compact)}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="pairs">{lines}</dl> }
}

/// A value: shortened to what tells it apart, the whole of it on hover and on the clipboard.
pub(super) fn value(cell: Cell, label: &str, compact: bool) -> AnyView {
    let label = label.to_owned();
    match cell.kind {
        CellKind::Number => view! { <span title=cell.full>{cell.text}</span> }.into_any(),
        CellKind::Text => view! { <span>{cell.text}</span> }.into_any(),
        CellKind::Path => view! {
            <span class="mono" title=cell.full>
                <EndText text=cell.text />
            </span>
        }
        .into_any(),
        CellKind::Code => {
            let short = format::middle_out(&cell.text, if compact { 11 } else { 22 });
            view! {
                <span class="code">
                    <span class="mono" title=cell.full.clone()>
                        {short}
                    </span>
                    <CopyButton text=cell.full what=label />
                </span>
            }
            .into_any()
        }
    }
}
