//! A list of lines: typed one by one, or pasted many at once.

use std::time::Duration;

use leptos::ev::{ClipboardEvent, KeyboardEvent};
use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use crate::components::{EndText, Icon, IconView};
use crate::form::{Field, ListItems};

/// How long after the focus left the add line its text is added. A row that appears under a
/// pressed mouse button would move what the press is meant for.
const SETTLE: Duration = Duration::from_millis(150);

/// The field for a list.
pub(super) fn view(field: Field, items: ListItems, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let wrong = form.is_wrong(&field);
    let control = view! {
        <div class="list-box" class:wrong=wrong>
            {rows(&field, items, form)}
            {add_line(&field, items, form, &ids)}
        </div>
    };
    frame::labelled(&field, form, &ids, "", control)
}

fn rows(field: &Field, items: ListItems, form: &FormContext) -> impl IntoView + use<> {
    let key = field.key.clone();
    let lines = form.read(move |values| values.items(&key).to_vec());
    let (form, field) = (form.clone(), field.clone());
    let row = move |(index, text): (usize, String)| {
        let remove = {
            let (form, field) = (form.clone(), field.clone());
            move |_| {
                let key = field.key.clone();
                form.edit(&field, move |values| values.remove_line(&key, index));
            }
        };
        let class = match items {
            ListItems::Path => "item mono",
            ListItems::Text => "item",
        };
        view! {
            <li class=class data-item=text.clone()>
                <span class="item-text" title=text.clone()>
                    <EndText text=text.clone() />
                </span>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=format!("Remove {text}")
                    title="Remove"
                    on:click=remove
                >
                    <IconView icon=Icon::Close />
                </button>
            </li>
        }
    };
    view! {
        <ul class="items" hidden=move || lines.with(Vec::is_empty)>
            <For
                each=move || numbered(lines.get())
                key=|(index, text)| (*index, text.clone())
                children=row
            />
        </ul>
    }
}

fn numbered(lines: Vec<String>) -> Vec<(usize, String)> {
    lines.into_iter().enumerate().collect()
}

fn add_line(
    field: &Field,
    items: ListItems,
    form: &FormContext,
    ids: &Ids,
) -> impl IntoView + use<> {
    let key = field.key.clone();
    let pending = form.read(move |values| values.pending(&key).to_owned());
    let wrong = form.is_wrong(field);
    let editing = (form.clone(), field.clone());
    let commit = move || {
        let (form, field) = &editing;
        let key = field.key.clone();
        let typed = form
            .values
            .with_untracked(|values| !values.pending(&key).trim().is_empty());
        if typed {
            form.edit(field, move |values| {
                values.commit_pending(&key);
            });
        }
    };
    let on_enter = {
        let commit = commit.clone();
        move |ev: KeyboardEvent| {
            if ev.key() == "Enter" && !ev.ctrl_key() && !ev.meta_key() {
                ev.prevent_default();
                commit();
            }
        }
    };
    let on_input = {
        let (form, field) = (form.clone(), field.clone());
        move |text: String| {
            let key = field.key.clone();
            // Not an edit yet: nothing of it would be checked or sent.
            form.values.update(|values| values.set_pending(&key, &text));
        }
    };
    let on_paste = {
        let (form, field) = (form.clone(), field.clone());
        move |ev: ClipboardEvent| {
            let text = ev
                .clipboard_data()
                .and_then(|data| data.get_data("text").ok())
                .unwrap_or_default();
            if text.trim_end().contains('\n') {
                ev.prevent_default();
                let key = field.key.clone();
                form.edit(&field, move |values| {
                    values.commit_pending(&key);
                    values.add_lines(&key, &text);
                });
            }
        }
    };
    let leaving = StoredValue::new(None::<TimeoutHandle>);
    let on_blur = move |_| {
        // Fails only where there is no window, and then nobody types.
        let handle = set_timeout_with_handle(commit.clone(), SETTLE).ok();
        leaving.set_value(handle);
    };
    // Who comes back goes on typing: what stands there is not whole.
    let on_focus = move |_| {
        if let Some(handle) = leaving.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    let hint = match items {
        ListItems::Path => "Add a path, then press Enter",
        ListItems::Text => "Add a line, then press Enter",
    };
    view! {
        <input
            id=ids.input.clone()
            class="add-line"
            class:mono=items == ListItems::Path
            type="text"
            data-add=""
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=hint
            aria-describedby=ids.about.clone()
            aria-invalid=move || wrong.get().to_string()
            prop:value=pending
            on:input:target=move |ev| on_input(ev.target().value())
            on:keydown=on_enter
            on:paste=on_paste
            on:blur=on_blur
            on:focus=on_focus
        />
    }
}
