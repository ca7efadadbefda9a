//! A list of pictures, each as what it looks like.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::ResultContext;
use super::files::{kind, split};
use super::parts;
use crate::components::{FileActions, FileButtons};
use crate::format;
use crate::result::{Preview, Table};

/// How many pictures are drawn at first, and more at each press: each is read from the disk.
const PICTURES: usize = 24;

/// The pictures.
pub(super) fn view(table: Arc<Table>, context: ResultContext) -> impl IntoView {
    let total = table.rows(&context.output).len();
    let label = table.label.clone();
    let each = move |index: usize| picture(&table, &context, index);
    parts::view("image-grid", label, total, PICTURES, each)
}

fn picture(table: &Table, context: &ResultContext, index: usize) -> impl IntoView + use<> {
    let row = table
        .rows(&context.output)
        .get(index)
        .unwrap_or(&Value::Null);
    let path = table.image_column().map(|column| table.cell(row, column));
    let path = path.map(|cell| cell.full).unwrap_or_default();
    let name = split(&path).1.to_owned();
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
