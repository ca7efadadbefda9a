//! The table of jobs. It is as high as all its rows, of which only those near what is in sight are
//! drawn.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use toolroom_shared::JobId;

use super::JobsView;
use super::columns::{Column, ColumnHead, kept_widths};
use super::row::{JobRow, PlaceholderRow};
use super::table_keys::{clicks, keys};
use crate::components::{Banner, Empty, Skeleton};
use crate::format;
use crate::stores::{JobsTable as Table, Phase, StatusFilter, TableKey};

/// A row's height in pixels, as the style has it.
pub(super) const ROW: f64 = 38.0;
/// The head's height.
pub(super) const HEAD: f64 = 28.0;
/// How many rows are drawn above and below those in sight.
const BESIDE: u32 = 8;
/// Rows are drawn and dropped so many at a time, lest each step of a scroll does it.
const STRIDE: u32 = 4;
/// A search finds no more than this.
pub(super) const SEARCH_LIMIT: u32 = 1_000;

/// The row that the keyboard is at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cursor {
    pub row: u32,
    /// The job in it, once that is known: the row moves with it.
    pub id: Option<JobId>,
}

/// What is drawn: each row's number and its job, if that is known.
type Drawn = Vec<(u32, Option<JobId>)>;

/// The table of jobs.
#[component]
pub fn JobsTable(
    /// The page.
    jobs: JobsView,
) -> impl IntoView {
    let JobsView { table, .. } = jobs;
    let pane = NodeRef::<html::Div>::new();
    let widths = kept_widths();
    let range = RwSignal::new(0..=40u32);
    let cursor = RwSignal::new(None::<Cursor>);
    let total = Memo::new(move |_| table.with(|table| table.view.with(|view| view.total)));
    let phase = Memo::new(move |_| table.with(|table| table.view.with(|view| view.phase.clone())));
    let is_empty = Memo::new(move |_| total.get() == 0);
    let drawn = Memo::new(move |_| drawn(jobs, &range.get(), total.get()));
    let places = Memo::new(move |_| {
        drawn.with(|drawn| {
            let known = drawn.iter();
            let known = known.filter_map(|(row, id)| Some((id.clone()?, *row)));
            known.collect::<HashMap<JobId, u32>>()
        })
    });
    let look = move || {
        if let Some(pane) = pane.get_untracked() {
            let seen = in_sight(pane.scroll_top().into(), pane.client_height().into());
            if range.with_untracked(|range| *range != seen) {
                range.set(seen);
            }
        }
    };
    Effect::new(move |_| {
        let wanted = range.get();
        table.with(|table| table.want(wanted));
    });
    Effect::new(move |_| table.with(Table::follow));
    stay_with_rows(jobs, pane, cursor);
    begin_at_the_top(jobs, pane, cursor);
    Effect::new(move |_| {
        if pane.get().is_some() {
            request_animation_frame(look);
        }
    });
    let on_resize = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || on_resize.remove());
    let on_key = keys(jobs, pane, cursor);
    let on_click = clicks(jobs, cursor);
    let active = move || {
        let cursor = cursor.get()?;
        let id = cursor.id?;
        places.with(|places| places.contains_key(&id).then(|| format!("row-{id}")))
    };
    let above = move || height(range.with(|range| *range.start()).min(total.get()));
    let below = move || {
        let drawn_to = range.with(|range| range.end() + 1).min(total.get());
        height(total.get() - drawn_to)
    };
    let row = move |(row, id): (u32, Option<JobId>)| match id {
        None => view! { <PlaceholderRow row /> }.into_any(),
        Some(id) => {
            let place = {
                let id = id.clone();
                Memo::new(move |_| places.with(|places| places.get(&id).copied().unwrap_or(row)))
            };
            let is_cursor = {
                let id = id.clone();
                Memo::new(move |_| {
                    cursor
                        .with(|cursor| cursor.as_ref().is_some_and(|c| c.id.as_ref() == Some(&id)))
                })
            };
            view! { <JobRow id place is_cursor jobs on_click /> }.into_any()
        }
    };
    view! {
        <div
            class="jobs-scroll"
            node_ref=pane
            tabindex="0"
            role=move || if is_empty.get() { "group" } else { "grid" }
            aria-labelledby="jobs-heading"
            aria-multiselectable=move || (!is_empty.get()).then_some("true")
            aria-rowcount=move || (!is_empty.get()).then(|| (total.get() + 1).to_string())
            aria-busy=move || (phase.get() == Phase::Loading).to_string()
            aria-activedescendant=active
            on:scroll=move |_| look()
            on:keydown=on_key
        >
            <table class="jobs-table" role="presentation" hidden=move || is_empty.get()>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        <th role="columnheader" scope="col" class="col-dot">
                            <span class="visually-hidden">"Status"</span>
                        </th>
                        <th role="columnheader" scope="col" class="col-job">
                            "Job"
                        </th>
                        {Column::ALL
                            .into_iter()
                            .map(|column| view! { <ColumnHead jobs column widths /> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody role="presentation" class="spacer">
                    <tr role="presentation" style:height=above></tr>
                </tbody>
                <tbody role="rowgroup" class="job-rows">
                    <For
                        each=move || drawn.get()
                        key=|(row, id)| id.clone().ok_or(*row)
                        children=row
                    />
                </tbody>
                <tbody role="presentation" class="spacer">
                    <tr role="presentation" style:height=below></tr>
                </tbody>
            </table>
            <Instead jobs phase is_empty />
        </div>
        <Foot jobs total />
    }
}

/// What stands in the place of rows.
#[component]
fn Instead(jobs: JobsView, phase: Memo<Phase>, is_empty: Memo<bool>) -> impl IntoView {
    let again = Callback::new(move |()| jobs.table.with_untracked(Table::try_again));
    move || match (phase.get(), is_empty.get()) {
        (Phase::Failed(reason), _) => view! {
            <Banner title="The jobs could not be loaded." reason on_retry=again />
        }
        .into_any(),
        (Phase::Loading, true) => view! { <Skeleton rows=8 /> }.into_any(),
        (Phase::Ready, true) => {
            let (title, hint) = jobs.table.with_untracked(|table| {
                let key = &table.key;
                match key.status {
                    _ if !key.search.is_empty() => (
                        "No job was found",
                        "Every word must begin a word of the tool's name, the input, a message or the result.",
                    ),
                    _ if key.more_filters() > 0 => (
                        "No job matches",
                        "Other filters may show more.",
                    ),
                    StatusFilter::All => ("No jobs yet", "Choose a tool and press Run."),
                    StatusFilter::Active => ("Nothing is running", "Jobs appear here while they run."),
                    StatusFilter::Failed => ("No job failed", "Jobs that fail are listed here."),
                }
            });
            view! { <Empty title=title.to_owned() hint=hint.to_owned() /> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// How many jobs there are, below the table.
#[component]
fn Foot(jobs: JobsView, total: Memo<u32>) -> impl IntoView {
    let words = move || {
        let searched = jobs.table.with(|table| !table.key.search.is_empty());
        match total.get() {
            0 => String::new(),
            1 => "1 job".to_owned(),
            SEARCH_LIMIT.. if searched => {
                "The newest 1,000 matches. Type more to find older ones.".to_owned()
            }
            count => format!("{} jobs", format::count(u64::from(count))),
        }
    };
    view! {
        <p class="jobs-foot" data-total=move || total.get().to_string()>
            {words}
        </p>
    }
}

/// The rows that are drawn at that place of the scroll bar.
fn in_sight(scroll_top: f64, height: f64) -> RangeInclusive<u32> {
    // A window is never as high as 2^32 rows.
    let first = (scroll_top / ROW).max(0.0) as u32;
    let last = ((scroll_top + height.max(ROW)) / ROW).ceil() as u32;
    let first = first.saturating_sub(BESIDE) / STRIDE * STRIDE;
    first..=(last + BESIDE).next_multiple_of(STRIDE)
}

fn height(rows: u32) -> String {
    format!("{}px", f64::from(rows) * ROW)
}

fn drawn(jobs: JobsView, range: &RangeInclusive<u32>, total: u32) -> Drawn {
    let last = (*range.end()).min(total.saturating_sub(1));
    if total == 0 {
        return Vec::new();
    }
    jobs.table.with(|table| {
        table.view.with(|view| {
            let rows = *range.start()..=last;
            rows.map(|row| (row, view.id_at(row).cloned())).collect()
        })
    })
}

/// When rows come or go above those in sight, what is in sight stays where it is.
fn stay_with_rows(jobs: JobsView, pane: NodeRef<html::Div>, cursor: RwSignal<Option<Cursor>>) {
    type Seen = Option<(TableKey, JobId, u32)>;
    Effect::new(move |before: Option<Seen>| {
        let now = jobs.table.with(|table| {
            table.view.with(|view| {
                let pane = pane.get_untracked()?;
                let top = f64::from(pane.scroll_top());
                if let Some(Some((key, id, old))) = &before
                    && *key == table.key
                    && let Some(new) = view.row_of(id)
                    && new != *old
                    && top >= ROW
                {
                    let moved = (f64::from(new) - f64::from(*old)) * ROW;
                    pane.set_scroll_top((top + moved) as i32);
                }
                let first = (f64::from(pane.scroll_top()) / ROW).ceil() as u32;
                Some((table.key.clone(), view.id_at(first)?.clone(), first))
            })
        });
        cursor.maybe_update(|cursor| {
            let Some(cursor) = cursor else { return false };
            let old = cursor.clone();
            jobs.table.with_untracked(|table| {
                table.view.with_untracked(|view| match &cursor.id {
                    Some(id) => cursor.row = view.row_of(id).unwrap_or(cursor.row),
                    None => cursor.id = view.id_at(cursor.row).cloned(),
                });
            });
            *cursor != old
        });
        now
    });
}

/// Another table begins at its top.
fn begin_at_the_top(jobs: JobsView, pane: NodeRef<html::Div>, cursor: RwSignal<Option<Cursor>>) {
    Effect::new(move |before: Option<TableKey>| {
        let key = jobs.table.with(|table| table.key.clone());
        if before.is_some_and(|before| before != key) {
            cursor.set(None);
            if let Some(pane) = pane.get_untracked() {
                pane.set_scroll_top(0);
            }
        }
        key
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_in_sight_is_drawn_and_not_much_more(
            top in 0.0f64..40_000_000.0,
            height in 0.0f64..2_200.0,
        ) {
            let drawn = in_sight(top, height);
            let first = (top / ROW).floor() as u32;
            let last = ((top + height) / ROW).ceil() as u32;
            prop_assert!(*drawn.start() <= first && last <= *drawn.end());
            let rows = drawn.end() - drawn.start();
            prop_assert!(rows <= last - first + 2 * (BESIDE + STRIDE) + 1);
        }
    }
}
