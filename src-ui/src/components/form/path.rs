//! A field for one path: typed, chosen in the system's dialog, or dropped.

use leptos::prelude::*;
use toolroom_shared::PathUse;

use super::frame::{self, Ids};
use super::{FormContext, picking};
use crate::form::{Field, FieldValue};

/// The field for a path.
pub(super) fn view(field: Field, path: PathUse, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let wrong = form.is_wrong(&field);
    let over = picking::is_over(&field);
    let key = field.key.clone();
    let value = form.read(move |values| values.text(&key).to_owned());
    let set = {
        let (form, field) = (form.clone(), field.clone());
        Callback::new(move |text: String| {
            let key = field.key.clone();
            form.edit(&field, move |values| {
                values.set(&key, FieldValue::Text(text));
            });
        })
    };
    let chosen = Callback::new(move |paths: Vec<String>| {
        if let Some(first) = paths.into_iter().next() {
            set.run(first);
        }
    });
    let beside = move || Some(value.get_untracked()).filter(|path| !path.is_empty());
    let control = view! {
        <div
            class="path-line"
            class:wrong=wrong
            class:drop-over=over
            data-drop=field.key.clone()
        >
            <input
                id=ids.input.clone()
                class="input mono"
                type="text"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=field.example.clone()
                aria-describedby=ids.about.clone()
                aria-invalid=move || wrong.get().to_string()
                prop:value=value
                on:input:target=move |ev| set.run(ev.target().value())
            />
            {picking::buttons(&field, path, false, beside, chosen)}
        </div>
    };
    frame::labelled(&field, form, &ids, "", control)
}
