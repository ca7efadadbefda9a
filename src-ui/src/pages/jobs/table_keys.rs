//! What clicks and keys do in the table of jobs.

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::JobId;

use super::JobsView;
use super::table::{Cursor, HEAD, ROW, SEARCH_LIMIT};
use crate::dom;
use crate::stores::Selection;

/// How long the arrow keys rest before the job that they led to is opened.
const REST: Duration = Duration::from_millis(150);

/// Selects the rows between the one that was selected first and this one.
fn reach(jobs: JobsView, row: u32) {
    let (table, rows) = (
        jobs.table.get_untracked(),
        jobs.selection
            .with_untracked(|selection| selection.reach(row)),
    );
    let total = table.view.with_untracked(|view| view.total);
    if rows.clone().count() > SEARCH_LIMIT as usize && *rows.start() == 0 && rows.end() + 1 == total
    {
        return jobs.selection.update(Selection::select_all);
    }
    let key = table.key.clone();
    spawn_local(async move {
        let ids = table.ids_in(rows).await;
        // The page may have gone, or shows another table.
        let is_shown = jobs.table.try_with_untracked(|table| table.key == key);
        if is_shown == Some(true) {
            jobs.selection
                .try_update(|selection| selection.set(row, ids));
        }
    });
}

/// Opens a job, or selects it: with Ctrl beside others, with Shift all rows up to it.
pub(super) fn clicks(
    jobs: JobsView,
    cursor: RwSignal<Option<Cursor>>,
) -> Callback<(ev::MouseEvent, u32, JobId)> {
    Callback::new(move |(ev, row, id): (ev::MouseEvent, u32, JobId)| {
        // The link within is for the eye; the row leads on by itself.
        ev.prevent_default();
        cursor.set(Some(Cursor {
            row,
            id: Some(id.clone()),
        }));
        if ev.shift_key() {
            reach(jobs, row);
        } else if ev.ctrl_key() || ev.meta_key() {
            jobs.selection
                .update(|selection| selection.toggle(row, &id));
        } else {
            jobs.selection
                .update(|selection| selection.clear(Some(row)));
            jobs.open.run(Some(id));
        }
    })
}

/// Moves through the rows, selects and opens them; whoever types looks for something.
pub(super) fn keys(
    jobs: JobsView,
    pane: NodeRef<html::Div>,
    cursor: RwSignal<Option<Cursor>>,
) -> impl Fn(ev::KeyboardEvent) + 'static {
    // The job that the arrows led to, once they rest.
    let open_at_rest = StoredValue::new_local(debounce(REST, move |id: JobId| {
        let is_open = jobs.selected.try_get_untracked().flatten();
        if is_open.is_some_and(|open| open != id) {
            jobs.open.run(Some(id));
        }
    }));
    let go_to = move |row: u32, extends: bool| {
        let id = jobs
            .table
            .with_untracked(|table| table.view.with_untracked(|view| view.id_at(row).cloned()));
        if cursor.with_untracked(Option::is_none) && extends {
            jobs.selection
                .update(|selection| selection.clear(Some(row)));
        }
        cursor.set(Some(Cursor {
            row,
            id: id.clone(),
        }));
        bring_into_sight(pane, row);
        if extends {
            reach(jobs, row);
        } else {
            jobs.selection.update(|selection| {
                if selection.count(1) == 0 {
                    selection.clear(Some(row));
                }
            });
            if let Some(id) = id {
                open_at_rest.update_value(|open| open(id));
            }
        }
    };
    move |ev: ev::KeyboardEvent| {
        let total = jobs
            .table
            .with_untracked(|table| table.view.with_untracked(|view| view.total));
        // Buttons and edges in the head have keys of their own.
        if dom::is_within(&ev, "thead, .banner") {
            return;
        }
        let at = cursor.with_untracked(|cursor| cursor.as_ref().map(|cursor| cursor.row));
        let page = pane.get_untracked().map_or(10, |pane| {
            ((f64::from(pane.client_height()) - HEAD) / ROW).max(1.0) as u32
        });
        let command = ev.ctrl_key() || ev.meta_key();
        let last = total.saturating_sub(1);
        let to = match ev.key().as_str() {
            "ArrowDown" => at.map_or(0, |at| at.saturating_add(1)),
            "ArrowUp" => at.unwrap_or(0).saturating_sub(1),
            "PageDown" => at.unwrap_or(0).saturating_add(page),
            "PageUp" => at.unwrap_or(0).saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "a" | "A" if command => {
                ev.prevent_default();
                return jobs.selection.update(Selection::select_all);
            }
            " " if !command => {
                ev.prevent_default();
                if let Some(Cursor { row, id: Some(id) }) = cursor.get_untracked() {
                    jobs.selection
                        .update(|selection| selection.toggle(row, &id));
                }
                return;
            }
            "Enter" => {
                if let Some(id) = cursor.get_untracked().and_then(|cursor| cursor.id) {
                    ev.prevent_default();
                    jobs.open.run(Some(id));
                }
                return;
            }
            "Escape" => {
                if jobs
                    .selection
                    .with_untracked(|selection| selection.count(1) > 0)
                {
                    jobs.selection.update(|selection| selection.clear(at));
                } else if jobs.selected.get_untracked().is_some() {
                    jobs.open.run(None);
                }
                return;
            }
            // Whoever types looks for something.
            key if key.chars().count() == 1
                && key != "/"
                && key != "?"
                && !command
                && !ev.alt_key() =>
            {
                return dom::focus_now("[data-search]");
            }
            _ => return,
        };
        ev.prevent_default();
        if total > 0 {
            go_to(to.min(last), ev.shift_key());
        }
    }
}

fn bring_into_sight(pane: NodeRef<html::Div>, row: u32) {
    let Some(pane) = pane.get_untracked() else {
        return;
    };
    let (top, height) = (
        f64::from(pane.scroll_top()),
        f64::from(pane.client_height()),
    );
    let place = f64::from(row) * ROW;
    if place < top {
        pane.set_scroll_top(place as i32);
    } else if place + HEAD + ROW > top + height {
        pane.set_scroll_top((place + HEAD + ROW - height) as i32);
    }
}
