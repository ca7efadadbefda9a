//! A field for several paths, each on a row with its name first: typed, pasted, chosen in the system's
//! dialog, or dropped.
//!
//! The rows are one stop of the Tab key. Up and Down go from one to the next, Delete takes the row out,
//! Alt with Up or Down moves it.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use toolroom_shared::PathUse;

use super::frame::{self, Ids};
use super::{FormContext, list_lines, picking};
use crate::components::{Icon, IconView};
use crate::dom;
use crate::form::Field;

/// The field for several paths.
pub(super) fn view(field: Field, path: PathUse, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let wrong = form.is_wrong(&field);
    let over = picking::is_over(&field);
    let chosen = {
        let (form, field) = (form.clone(), field.clone());
        Callback::new(move |paths: Vec<String>| {
            let key = field.key.clone();
            form.edit(&field, move |values| values.add_items(&key, &paths));
        })
    };
    let key = field.key.clone();
    let last = form.read(move |values| values.items(&key).last().cloned());
    let beside = move || last.get_untracked();
    let hint = "Drop or type a path";
    let control = view! {
        <div
            class="list-box"
            class:wrong=wrong
            class:drop-over=over
            data-drop=field.key.clone()
        >
            {rows(&field, form)}
            <div class="path-add">
                {list_lines::add_line(&field, form, &ids, hint, true)}
                {picking::buttons(&field, path, true, beside, chosen)}
            </div>
        </div>
    };
    frame::labelled(&field, form, &ids, "", control)
}

fn rows(field: &Field, form: &FormContext) -> impl IntoView + use<> {
    let key = field.key.clone();
    let lines = form.read(move |values| values.items(&key).to_vec());
    // The row that the Tab key stops at.
    let current = RwSignal::new(0_usize);
    let stop = Memo::new(move |_| current.get().min(lines.with(Vec::len).saturating_sub(1)));
    let (form, field) = (form.clone(), field.clone());
    let row = move |(index, path): (usize, String)| {
        let remove = {
            let (form, field) = (form.clone(), field.clone());
            Callback::new(move |()| {
                let key = field.key.clone();
                form.edit(&field, move |values| values.remove_line(&key, index));
                let left = lines.with_untracked(Vec::len);
                focus_row(&field, index.min(left.saturating_sub(1)));
            })
        };
        let on_key = {
            let (form, field) = (form.clone(), field.clone());
            move |ev: KeyboardEvent| {
                let down = match ev.key().as_str() {
                    "Delete" => {
                        ev.prevent_default();
                        return remove.run(());
                    }
                    "ArrowDown" => true,
                    "ArrowUp" => false,
                    _ => return,
                };
                ev.prevent_default();
                let last = lines.with_untracked(Vec::len).saturating_sub(1);
                let to = if down {
                    (index + 1).min(last)
                } else {
                    index.saturating_sub(1)
                };
                if ev.alt_key() && to != index {
                    let key = field.key.clone();
                    form.edit(&field, move |values| {
                        values.step_line(&key, index, down);
                    });
                }
                current.set(to);
                focus_row(&field, to);
            }
        };
        let (folder, name) = parts(&path);
        let words = format!("Remove {path}");
        view! {
            <li class="item path-row" data-item=path.clone() data-row=index on:keydown=on_key>
                <span class="path-name mono" title=path.clone()>
                    <b>{name.to_owned()}</b>
                    <span class="path-folder">{folder.to_owned()}</span>
                </span>
                <button
                    type="button"
                    class="icon-button"
                    tabindex=move || if stop.get() == index { "0" } else { "-1" }
                    aria-label=words
                    aria-keyshortcuts="Delete Alt+ArrowUp Alt+ArrowDown"
                    title="Remove (Delete). Alt with ↑ or ↓ moves it."
                    on:focus=move |_| current.set(index)
                    on:click=move |_| remove.run(())
                >
                    <IconView icon=Icon::Close />
                </button>
            </li>
        }
    };
    let numbered = move || lines.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <ul class="items" hidden=move || lines.with(Vec::is_empty)>
            <For
                each=numbered
                key=|(index, path)| (*index, path.clone())
                children=row
            />
        </ul>
    }
}

/// Puts the focus on a row, or on the line for another path if there is no such row.
fn focus_row(field: &Field, index: usize) {
    let field = dom::quoted(&field.pointer);
    dom::focus_first(vec![
        format!("[data-field={field}] [data-row=\"{index}\"] button"),
        format!("[data-field={field}] [data-add]"),
    ]);
}

/// A path's folder and its name; a path without a folder is all name.
fn parts(path: &str) -> (&str, &str) {
    let inside = path.trim_end_matches(['/', '\\']);
    match inside.rfind(['/', '\\']) {
        Some(at) if at + 1 < inside.len() => (&path[..at.max(1)], &inside[at + 1..]),
        _ => ("", path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_name_comes_first_and_the_folder_beside_it() {
        assert_eq!(parts("/data/2026/Photos/"), ("/data/2026", "Photos"));
        assert_eq!(parts("/Photos"), ("/", "Photos"));
        assert_eq!(parts(r"C:\Photos\a.jpg"), (r"C:\Photos", "a.jpg"));
        assert_eq!(parts("/"), ("", "/"));
        assert_eq!(parts("photo"), ("", "photo"));
    }

    proptest! {
        #[test]
        fn a_row_always_has_a_name(path in "[a-zä/ \\\\]{1,20}") {
            let (folder, name) = parts(&path);
            prop_assert!(!name.is_empty());
            prop_assert!(path.starts_with(folder));
        }
    }
}
