//! The table's head: columns that are ordered by a click and whose widths are dragged.

use leptos::ev;
use leptos::prelude::*;
use serde_json::{Map, Value};
use toolroom_shared::JobsSort;

use super::JobsView;
use crate::dom;

/// Where the page keeps the widths.
const KEPT_AT: &str = "toolroom.jobs.columns";
/// How far a key moves a column's edge.
const STEP: f64 = 16.0;
const NARROWEST: f64 = 64.0;
const WIDEST: f64 = 640.0;

/// A column that has a width of its own; the job's name takes what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Tool,
    Progress,
    Took,
    Started,
}

impl Column {
    pub(super) const ALL: [Self; 4] = [Self::Tool, Self::Progress, Self::Took, Self::Started];

    const fn id(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Progress => "progress",
            Self::Took => "took",
            Self::Started => "started",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Tool => "Tool",
            Self::Progress => "Progress",
            Self::Took => "Took",
            Self::Started => "Started",
        }
    }

    const fn sort(self) -> JobsSort {
        match self {
            Self::Tool => JobsSort::Tool,
            Self::Progress => JobsSort::Status,
            Self::Took => JobsSort::Took,
            Self::Started => JobsSort::Created,
        }
    }

    const fn place(self) -> usize {
        self as usize
    }
}

/// The widths that were dragged, in pixels; none where the style says it.
pub(super) type Widths = [Option<f64>; Column::ALL.len()];

/// The widths as they were left.
pub(super) fn kept_widths() -> RwSignal<Widths> {
    RwSignal::new(read(dom::kept(KEPT_AT).as_deref()))
}

fn read(kept: Option<&str>) -> Widths {
    let kept: Option<Value> = kept.and_then(|text| serde_json::from_str(text).ok());
    let width = |column: Column| {
        let width = kept.as_ref()?.get(column.id())?.as_f64()?;
        Some(width.clamp(NARROWEST, WIDEST))
    };
    Column::ALL.map(width)
}

fn written(widths: &Widths) -> String {
    let all = Column::ALL.into_iter().zip(widths);
    let set = all.filter_map(|(column, width)| {
        let width = (*width)?;
        Some((column.id().to_owned(), Value::from(width.round())))
    });
    Value::Object(set.collect::<Map<_, _>>()).to_string()
}

/// The heading of a column.
#[component]
pub(super) fn ColumnHead(
    /// The page.
    jobs: JobsView,
    /// Which one.
    column: Column,
    /// All widths.
    widths: RwSignal<Widths>,
) -> impl IntoView {
    let sort = column.sort();
    let order = Memo::new(move |_| {
        jobs.key
            .with(|key| (key.sort == sort).then_some(key.ascending))
    });
    let spoken = move || match order.get() {
        None => "none",
        Some(true) => "ascending",
        Some(false) => "descending",
    };
    let arrow = move || match order.get() {
        None => "",
        Some(true) => " ↑",
        Some(false) => " ↓",
    };
    let width = move || widths.with(|all| all[column.place()].map(|width| format!("{width}px")));
    let reorder = move |_| {
        let key = jobs.key.get_untracked().sorted_by(sort);
        jobs.show.run((key, false));
    };
    view! {
        <th
            role="columnheader"
            scope="col"
            class=format!("col-{}", column.id())
            aria-sort=spoken
            style:width=width
        >
            <Edge column widths />
            <button
                type="button"
                class="sort"
                class:on=move || order.get().is_some()
                data-sort=column.id()
                on:click=reorder
            >
                {column.title()}
                <span aria-hidden="true">{arrow}</span>
            </button>
        </th>
    }
}

/// The edge before a column, by which it is made wider and narrower: with the mouse, or with the arrow
/// keys. A double click gives it back its usual width.
#[component]
fn Edge(column: Column, widths: RwSignal<Widths>) -> impl IntoView {
    let place = column.place();
    // Where the mouse took it, and how wide the column was there.
    let grip = StoredValue::new(None::<(f64, f64)>);
    let set = move |width: Option<f64>| {
        widths.update(|all| all[place] = width.map(|width| width.clamp(NARROWEST, WIDEST)));
    };
    let keep = move || dom::keep(KEPT_AT, &widths.with_untracked(written));
    let on_down = move |ev: ev::PointerEvent| {
        ev.prevent_default();
        if let Some(width) = dom::hold_pointer(&ev) {
            grip.set_value(Some((f64::from(ev.client_x()), width)));
        }
    };
    let on_move = move |ev: ev::PointerEvent| {
        if let Some((from, width)) = grip.get_value() {
            set(Some(width + from - f64::from(ev.client_x())));
        }
    };
    let on_up = move |_: ev::PointerEvent| {
        grip.set_value(None);
        keep();
    };
    let on_key = move |ev: ev::KeyboardEvent| {
        let by = match ev.key().as_str() {
            "ArrowLeft" => STEP,
            "ArrowRight" => -STEP,
            _ => return,
        };
        ev.prevent_default();
        ev.stop_propagation();
        if let Some(width) = dom::parent_width(&ev) {
            set(Some(width + by));
            keep();
        }
    };
    let label = format!("Width of {}", column.title());
    let spoken = move || {
        let width = widths.with(|all| all[place]);
        width.map_or_else(|| "0".to_owned(), |width| format!("{width:.0}"))
    };
    view! {
        <span
            class="column-edge"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=label
            aria-valuenow=spoken
            aria-valuemin="0"
            aria-valuemax=WIDEST.to_string()
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:keydown=on_key
            on:dblclick=move |_| {
                set(None);
                keep();
            }
        ></span>
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn widths_are_kept_and_nonsense_is_none(
            widths in prop::array::uniform4(prop::option::of(NARROWEST..WIDEST)),
            text in "\\PC{0,40}",
        ) {
            let whole = widths.map(|width| width.map(f64::round));
            prop_assert_eq!(read(Some(&written(&widths))), whole);
            let _ = read(Some(&text));
            prop_assert_eq!(read(Some(r#"{"tool":"wide","took":1e9}"#)), [None, None, Some(WIDEST), None]);
        }
    }
}
