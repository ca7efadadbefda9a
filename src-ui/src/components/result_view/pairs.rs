//! Single values with their names, and how a value looks.

use leptos::prelude::*;

use crate::components::{CopyButton, EndText, FileButtons};
use crate::dom;
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
        CellKind::Moment(ms) => {
            let time = format::exact_time(ms, dom::utc_offset_minutes(ms));
            view! { <time title=cell.full>{time}</time> }.into_any()
        }
        CellKind::List => list(&cell.text).into_any(),
        CellKind::Path => view! {
            <span class="with-file">
                <span class="mono" title=cell.full.clone()>
                    <EndText text=cell.text />
                </span>
                <FileButtons path=cell.full />
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

/// Several values, the first of them if they are many.
fn list(lines: &str) -> impl IntoView + use<> {
    const SHOWN: usize = 20;
    let more = lines.lines().count().saturating_sub(SHOWN);
    let items = lines
        .lines()
        .take(SHOWN)
        .map(|line| {
            let (text, whole) = (line.to_owned(), line.to_owned());
            view! {
                <li class="with-file">
                    <span class="mono" title=whole.clone()>
                        <EndText text />
                    </span>
                    <FileButtons path=whole />
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="cell-list">
            {items} {(more > 0).then(|| view! { <li>{format!("and {} more", format::count(more as u64))}</li> })}
        </ul>
    }
}
