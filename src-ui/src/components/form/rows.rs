//! Rows that are added, removed and moved: of a list whose entries are more than words, and of a map
//! with its names.

use leptos::ev::MouseEvent;
use leptos::html::Ul;
use leptos::prelude::*;

use super::frame::{self, Ids};
use super::reorder::{Handle, Reorder};
use super::{FormContext, field};
use crate::components::{Icon, IconView};
use crate::dom;
use crate::form::{Field, FieldValue, fill, name_key};

/// The field for a list of rows, each like `row`; `named` rows are a map's.
pub(super) fn view(field: Field, row: Field, named: bool, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let list = NodeRef::<Ul>::new();
    let key = field.key.clone();
    let rows = form.read(move |values| values.rows(&key).to_vec());
    let add = {
        let (form, field, row) = (form.clone(), field.clone(), row.clone());
        move |_: MouseEvent| {
            let (list, row) = (field.clone(), row.clone());
            form.edit(&field, move |values| {
                let id = values.add_row(&list.key);
                let place = list.row(&row, id);
                fill(&place, None, values);
                dom::focus_first(vec![format!(
                    "[data-row-of={}] :is(input, textarea, select)",
                    dom::quoted(&place.pointer)
                )]);
            });
        }
    };
    let one = {
        let (form, field, row) = (form.clone(), field.clone(), row.clone());
        move |id: u32| one_row(&field, &row, id, named, rows, list, &form)
    };
    let add_words = if named {
        "Add a named entry"
    } else {
        "Add an entry"
    };
    // The field's name would else be all that the button is called.
    let add_label = format!("{add_words}: {}", field.label);
    let control = view! {
        <div class="rows" role="group" aria-labelledby=ids.label.clone()>
            <ul class="row-list" node_ref=list hidden=move || rows.with(Vec::is_empty)>
                <For each=move || rows.get() key=|id| *id children=one />
            </ul>
            <button
                type="button"
                id=ids.input.clone()
                class="button small"
                data-action="add-row"
                aria-label=add_label
                aria-describedby=ids.about.clone()
                on:click=add
            >
                {add_words}
            </button>
        </div>
    };
    frame::labelled(&field, form, &ids, "rows-field", control)
}

fn one_row(
    field: &Field,
    row: &Field,
    id: u32,
    named: bool,
    rows: Signal<Vec<u32>>,
    list: NodeRef<Ul>,
    form: &FormContext,
) -> impl IntoView + use<> {
    let place = field.row(row, id);
    // A row that has just gone has no place any more.
    let index = Signal::derive(move || {
        rows.with(|rows| rows.iter().position(|row| *row == id).unwrap_or(0))
    });
    let reorder = Reorder {
        list,
        on_move: {
            let (form, field) = (form.clone(), field.clone());
            Callback::new(move |(from, to)| {
                let key = field.key.clone();
                form.edit(&field, move |values| values.move_row(&key, from, to));
            })
        },
        on_remove: {
            let (form, field) = (form.clone(), field.clone());
            Callback::new(move |()| {
                let key = field.key.clone();
                form.edit(&field, move |values| values.remove_row(&key, id));
            })
        },
    };
    let label = row.label.clone();
    let name = Signal::derive(move || format!("{label} {}", index.get() + 1));
    let name_input = named.then(|| name_input(&place, index, form));
    let (simple, pointer) = (place.is_simple(), place.pointer.clone());
    view! {
        <li class="row" class:simple=simple data-row-of=pointer>
            <Handle reorder index name />
            {name_input}
            <div class="row-value">{field::view(place, form)}</div>
            <button
                type="button"
                class="icon-button"
                aria-label=move || format!("Remove {}", name.get())
                title="Remove"
                data-action="remove-row"
                on:click=move |_| reorder.on_remove.run(())
            >
                <IconView icon=Icon::Close />
            </button>
        </li>
    }
}

fn name_input(place: &Field, index: Signal<usize>, form: &FormContext) -> impl IntoView + use<> {
    let key = name_key(&place.key);
    let name = {
        let key = key.clone();
        form.read(move |values| values.text(&key).to_owned())
    };
    let (form, place) = (form.clone(), place.clone());
    let change = move |text: String| {
        let key = key.clone();
        form.edit(&place, move |values| {
            values.set(&key, FieldValue::Text(text))
        });
    };
    view! {
        <input
            class="input row-name"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder="Name"
            aria-label=move || format!("Name of entry {}", index.get() + 1)
            prop:value=name
            on:input:target=move |ev| change(ev.target().value())
        />
    }
}
