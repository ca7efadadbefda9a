//! A list of words: each line is changed where it stands, and moved by its handle.

use std::time::Duration;

use leptos::ev::{ClipboardEvent, KeyboardEvent};
use leptos::html::Ul;
use leptos::prelude::*;

use super::FormContext;
use super::frame::{self, Ids};
use super::reorder::{Handle, Reorder};
use crate::components::{Icon, IconView};
use crate::form::Field;

/// How long after the focus left the add line its text is added. A row that appears under a
/// pressed mouse button would move what the press is meant for.
const SETTLE: Duration = Duration::from_millis(150);

/// The field for a list of words.
pub(super) fn view(field: Field, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let wrong = form.is_wrong(&field);
    let list = NodeRef::<Ul>::new();
    let key = field.key.clone();
    let count = form.read(move |values| values.items(&key).len());
    let line = {
        let (form, field) = (form.clone(), field.clone());
        move |index: usize| line(&field, index, list, &form)
    };
    let control = view! {
        <div class="list-box" class:wrong=wrong>
            <ul class="items lines" node_ref=list hidden=move || count.get() == 0>
                <For each=move || 0..count.get() key=|index| *index children=line />
            </ul>
            {add_line(&field, form, &ids, "Add a line, then press Enter", false)}
        </div>
    };
    frame::labelled(&field, form, &ids, "", control)
}

fn line(
    field: &Field,
    index: usize,
    list: NodeRef<Ul>,
    form: &FormContext,
) -> impl IntoView + use<> {
    let key = field.key.clone();
    let text = form.read(move |values| values.items(&key).get(index).cloned().unwrap_or_default());
    let change = {
        let (form, field) = (form.clone(), field.clone());
        move |text: String| {
            let key = field.key.clone();
            form.edit(&field, move |values| values.set_line(&key, index, &text));
        }
    };
    let remove = {
        let (form, field) = (form.clone(), field.clone());
        Callback::new(move |()| {
            let key = field.key.clone();
            form.edit(&field, move |values| values.remove_line(&key, index));
        })
    };
    let on_paste = {
        let (form, field) = (form.clone(), field.clone());
        move |ev: ClipboardEvent| {
            let pasted = pasted_text(&ev);
            if pasted.trim_end().contains('\n') {
                ev.prevent_default();
                let key = field.key.clone();
                form.edit(&field, move |values| {
                    let whole = format!("{}{pasted}", values.items(&key)[index]);
                    values.split_line(&key, index, &whole);
                });
            }
        }
    };
    let reorder = Reorder {
        list,
        on_move: {
            let (form, field) = (form.clone(), field.clone());
            Callback::new(move |(from, to)| {
                let key = field.key.clone();
                form.edit(&field, move |values| values.move_line(&key, from, to));
            })
        },
        on_remove: remove,
    };
    let name = move || format!("Line {}", index + 1);
    let moved = Signal::derive(move || text.get());
    view! {
        <li class="item line" data-item=text>
            <Handle reorder index=Signal::stored(index) name=moved />
            <input
                class="line-input"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=name
                prop:value=text
                on:input:target=move |ev| change(ev.target().value())
                on:paste=on_paste
            />
            <button
                type="button"
                class="icon-button"
                aria-label=move || format!("Remove {}", text.get())
                title="Remove"
                on:click=move |_| remove.run(())
            >
                <IconView icon=Icon::Close />
            </button>
        </li>
    }
}

/// The line that takes another one.
pub(super) fn add_line(
    field: &Field,
    form: &FormContext,
    ids: &Ids,
    hint: &'static str,
    mono: bool,
) -> impl IntoView + use<> {
    let key = field.key.clone();
    let pending = form.read(move |values| values.pending(&key).to_owned());
    let wrong = form.is_wrong(field);
    let commit = {
        let (form, field) = (form.clone(), field.clone());
        move || {
            let key = field.key.clone();
            let any = form
                .values
                .with_untracked(|values| !values.pending(&key).trim().is_empty());
            if any {
                form.edit(&field, move |values| {
                    values.commit_pending(&key);
                });
            }
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
            let text = pasted_text(&ev);
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
    view! {
        <input
            id=ids.input.clone()
            class="add-line"
            class:mono=mono
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

fn pasted_text(ev: &ClipboardEvent) -> String {
    ev.clipboard_data()
        .and_then(|data| data.get_data("text").ok())
        .unwrap_or_default()
}
