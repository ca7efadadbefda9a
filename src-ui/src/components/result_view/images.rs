//! A list of pictures, each as what it looks like.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::ResultContext;
use super::files::{kind, parts};
use crate::components::{FileActions, FileButtons};
use crate::format;
use crate::result::{Preview, Table};
use crate::texts;

/// How many pictures are drawn at first, and more at each press: each is read from the disk.
const PICTURES: usize = 24;

/// The pictures.
pub(super) fn view(table: Arc<Table>, context: ResultContext) -> impl IntoView {
    let limit = RwSignal::new(PICTURES);
    let total = table.rows(&context.output).len();
    let picture = {
        let (table, context) = (table.clone(), context.clone());
        move |index: usize| picture(&table, &context, index)
    };
    view! {
        <ul class="image-grid" aria-label=table.label.clone()>
            <For each=move || 0..limit.get().min(total) key=|index| *index children=picture />
        </ul>
        <Show when=move || limit.get() < total>
            <button
                type="button"
                class="button small"
                data-action="show-more"
                on:click=move |_| limit.update(|limit| *limit += PICTURES)
            >
                {texts::SHOW_MORE}
            </button>
        </Show>
    }
}

fn picture(table: &Table, context: &ResultContext, index: usize) -> impl IntoView + use<> {
    let row = table
        .rows(&context.output)
        .get(index)
        .unwrap_or(&Value::Null);
    let path = table.image_column().map(|column| table.cell(row, column));
    let path = path.map(|cell| cell.full).unwrap_or_default();
    let name = parts(&path).1.to_owned();
    let preview = use_context::<FileActions>().map(|actions| actions.preview.run(path.clone()));
    let preview = Signal::derive(move || match &preview {
        Some(preview) => preview.get(),
        None => Preview::Nothing(String::new()),
    });
    let size = move || match preview.get() {
        Preview::Here(small) => format!(
            "{} × {}",
            format::count(small.width.into()),
            format::count(small.height.into())
        ),
        Preview::Loading | Preview::Nothing(_) => String::new(),
    };
    let look = {
        let name = name.clone();
        move || match preview.get() {
            Preview::Here(small) => view! { <img src=small.url alt=name.clone() /> }.into_any(),
            Preview::Loading => ().into_any(),
            Preview::Nothing(why) => {
                view! { <span class="image-kind" title=why>{kind(&name)}</span> }.into_any()
            }
        }
    };
    let is_loading = move || (preview.get() == Preview::Loading).to_string();
    view! {
        <li class="image" data-image=path.clone() aria-busy=is_loading>
            <span class="image-look">{look}</span>
            <span class="image-name" title=path.clone()>{name}</span>
            <span class="image-foot">
                <span class="image-size">{size}</span>
                <FileButtons path=path.clone() />
            </span>
        </li>
    }
}
