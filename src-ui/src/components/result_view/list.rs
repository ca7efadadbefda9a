//! A list of a result, in one of the ways to look at it, and what can be taken out of it.

use std::sync::Arc;

use leptos::prelude::*;

use super::{ResultContext, SavedText, files, images, table, tree, treemap};
use crate::components::{Segment, Segments};
use crate::dom;
use crate::format;
use crate::result::{ListView, Table, csv, tabs};

/// The list under its name.
pub(super) fn view(table: Table, context: ResultContext) -> impl IntoView {
    let table = Arc::new(table);
    let views = table.views.clone();
    let shown = RwSignal::new(0_usize);
    let total = table.rows(&context.output).len();
    let size = (table.path_column().is_some())
        .then(|| total_size(&table, &context))
        .flatten();
    let label = table.label.clone();
    let name = format!("view-{}", dom::unique());
    let heading = format!("{name}-heading");
    let choice = (views.len() > 1).then(|| {
        let segments = views
            .iter()
            .map(|view| Segment {
                id: view.id().to_owned(),
                label: view.title().to_owned(),
                help: None,
                count: None,
            })
            .collect();
        view! {
            <Segments
                name=name
                labelled_by=heading.clone()
                segments
                chosen=Signal::derive(move || Some(shown.get()))
                on_choose=Callback::new(move |index| shown.set(index))
            />
        }
    });
    let take = take_out(&table, &context);
    let body = move || {
        let view = views.get(shown.get()).copied().unwrap_or(ListView::Table);
        let (table, context) = (table.clone(), context.clone());
        match view {
            ListView::Table => table::view(table, context).into_any(),
            ListView::Tree => tree::of_list(&table, &context).into_any(),
            ListView::Treemap => treemap::view(&table, &context).into_any(),
            ListView::Files => files::view(table, context).into_any(),
            ListView::Images => images::view(table, context).into_any(),
        }
    };
    view! {
        <figure class="result-table">
            <figcaption>
                <span id=heading>{label}</span>
                <span class="count">{format::count(total as u64)}</span>
                <span class="count list-size">{size}</span>
                {choice}
                {take}
            </figcaption>
            {body}
        </figure>
    }
}

/// What all files of a list take together, where their size is said.
fn total_size(table: &Table, context: &ResultContext) -> Option<String> {
    let column = table.size_column()?;
    let sizes = table.rows(&context.output).iter();
    let total: f64 = sizes
        .filter_map(|row| row.get(&column.name)?.as_f64())
        .sum();
    (total > 0.0).then(|| format::bytes(total))
}

/// Copies the list, and saves it as a file.
fn take_out(table: &Arc<Table>, context: &ResultContext) -> impl IntoView + use<> {
    let copied = ArcRwSignal::new(false);
    let words = {
        let copied = copied.clone();
        move || if copied.get() { "Copied" } else { "Copy all" }
    };
    let copy = {
        let (table, output) = (table.clone(), context.output.clone());
        move |_| {
            let copied = copied.clone();
            let text = tabs(&table, table.rows(&output), true);
            dom::copy(text, move |worked| {
                copied.set(worked);
                set_timeout(
                    move || copied.set(false),
                    std::time::Duration::from_millis(1_500),
                );
            });
        }
    };
    let save = {
        let (table, context) = (table.clone(), context.clone());
        move |_| {
            context.on_save.run(SavedText {
                file_name: format!("{}.csv", file_stem(&table.label)),
                text: csv(&table, table.rows(&context.output)),
            });
        }
    };
    view! {
        <span class="take-out">
            <button type="button" class="text-button" data-action="copy-all" on:click=copy>
                {words}
            </button>
            <button
                type="button"
                class="text-button"
                data-action="save-csv"
                title="Save as a CSV file among your downloads"
                on:click=save
            >
                "Save CSV"
            </button>
        </span>
    }
}

/// A list's name as that of a file.
fn file_stem(label: &str) -> String {
    let mut stem = String::new();
    for c in label.chars().take(60) {
        if c.is_alphanumeric() {
            stem.extend(c.to_lowercase());
        } else if !stem.ends_with('-') && !stem.is_empty() {
            stem.push('-');
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() {
        "list".to_owned()
    } else {
        stem.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_name_is_one_that_a_file_can_have(label in ".{0,80}") {
            let stem = file_stem(&label);
            prop_assert!(!stem.is_empty());
            prop_assert!(!stem.contains(|c: char| c.is_control() || "/\\:*?\"<>|. ".contains(c)));
        }
    }

    #[test]
    fn words_are_kept_apart() {
        assert_eq!(file_stem("Hard links (all)"), "hard-links-all");
    }
}
