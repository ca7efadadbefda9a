//! Which control a field gets.

use leptos::prelude::*;

use super::frame::{self, Ids};
use super::{
    FormContext, choice, list_lines, moments, nested, path, path_list, rows, secret, text,
};
use crate::components::Switch;
use crate::form::quantity::{Quantity, Steps};
use crate::form::{Field, FieldKind, FieldValue, ListItems, TextLook};

/// The views of `fields`, in their order.
pub(super) fn views(fields: Vec<Field>, form: &FormContext) -> Vec<AnyView> {
    fields.into_iter().map(|field| view(field, form)).collect()
}

/// The view of one field, with those inside it.
pub(super) fn view(field: Field, form: &FormContext) -> AnyView {
    match field.kind.clone() {
        FieldKind::Text(TextLook::Lines) => text::area(&field, form, "lines"),
        FieldKind::Text(TextLook::Hidden) => text::line(&field, form, text::Look::Hidden),
        FieldKind::Text(TextLook::Line) => text::line(&field, form, text::Look::Words),
        FieldKind::Text(TextLook::Address) => text::line(&field, form, text::Look::Address),
        FieldKind::Text(look) => moments::view(&field, look, form),
        FieldKind::Secret => secret::view(&field, form),
        FieldKind::Path(path) => path::view(field, path, form),
        FieldKind::Number {
            minimum,
            maximum,
            step,
            unit,
            integer,
        } => text::line(
            &field,
            form,
            text::Look::Number {
                integer,
                bounds: text::bounds(minimum, maximum, Quantity::of(unit.as_deref())),
                unit,
                steps: Steps {
                    step,
                    minimum,
                    maximum,
                },
            },
        ),
        FieldKind::Json => text::area(&field, form, "lines mono"),
        FieldKind::Switch => switch(field, form),
        FieldKind::Choice(choices) => choice::view(field, choices, form),
        FieldKind::List(ListItems::Text) => list_lines::view(field, form),
        FieldKind::List(ListItems::Path(path)) => path_list::view(field, path, form),
        FieldKind::Rows(row) => rows::view(field, *row, false, form),
        FieldKind::Map(row) => rows::view(field, *row, true, form),
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
