//! Which control a field gets.

use leptos::prelude::*;

use super::frame::{self, Ids};
use super::{FormContext, choice, list, nested, text};
use crate::components::Switch;
use crate::form::{Field, FieldKind, FieldValue};

/// The views of `fields`, in their order.
pub(super) fn views(fields: Vec<Field>, form: &FormContext) -> Vec<AnyView> {
    fields.into_iter().map(|field| view(field, form)).collect()
}

/// The view of one field, with those inside it.
pub(super) fn view(field: Field, form: &FormContext) -> AnyView {
    match field.kind.clone() {
        FieldKind::Text {
            multiline: true, ..
        } => text::area(&field, form, "lines"),
        FieldKind::Text { secret: true, .. } => text::line(&field, form, text::Look::Secret),
        FieldKind::Text { .. } => text::line(&field, form, text::Look::Words),
        FieldKind::Path => text::line(&field, form, text::Look::Path),
        FieldKind::Number {
            minimum,
            maximum,
            unit,
            integer,
        } => text::line(
            &field,
            form,
            text::Look::Number {
                integer,
                unit,
                bounds: text::bounds(minimum, maximum),
            },
        ),
        FieldKind::Json => text::area(&field, form, "lines mono"),
        FieldKind::Switch => switch(field, form),
        FieldKind::Choice(choices) => choice::view(field, choices, form),
        FieldKind::List(items) => list::view(field, items, form),
        FieldKind::Group(fields) => nested::group(field, fields, form),
        FieldKind::Variants(variants) => nested::variants(field, variants, form),
    }
}

fn switch(field: Field, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let key = field.key.clone();
    let on = form.read(move |values| values.on(&key));
    let on_change = {
        let (form, field) = (form.clone(), field.clone());
        Callback::new(move |on| {
            let key = field.key.clone();
            form.edit(&field, move |values| values.set(&key, FieldValue::On(on)));
        })
    };
    let label = field.label.clone();
    let control = view! {
        <Switch id=ids.input.clone() on described_by=ids.about.clone() on_change>
            {label}
        </Switch>
    };
    frame::plain(&field, form, &ids, "switch-field", control)
}
