//! Fields with fields inside: objects, and one-ofs with a shape for each variant.

use leptos::prelude::*;

use super::frame::{self, Ids};
use super::{FormContext, choice, field};
use crate::components::{Segment, Switch};
use crate::form::{Field, FieldValue, Variant, VariantShape};

/// An object's fields under its name; an optional one has a switch that brings it in.
pub(super) fn group(field: Field, fields: Vec<Field>, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let key = field.key.clone();
    let on = form.read(move |values| values.on(&key));
    let legend = if field.is_optional_group() {
        let on_change = {
            let (form, field) = (form.clone(), field.clone());
            Callback::new(move |on| {
                let key = field.key.clone();
                form.edit(&field, move |values| values.set(&key, FieldValue::On(on)));
            })
        };
        let label = field.label.clone();
        view! {
            <Switch id=ids.input.clone() on described_by=ids.about.clone() on_change>
                {label}
            </Switch>
        }
        .into_any()
    } else {
        field.label.clone().into_any()
    };
    let inner = field::views(fields, form);
    view! {
        <fieldset class="field group" data-field=field.pointer.clone()>
            <legend class="field-label">{legend}</legend>
            {frame::about(&field, form, &ids)}
            <div class="fields" hidden=move || !on.get()>
                {inner}
            </div>
        </fieldset>
    }
    .into_any()
}

/// A choice of variants, and the fields of the chosen one.
pub(super) fn variants(field: Field, variants: Vec<Variant>, form: &FormContext) -> AnyView {
    let ids = Ids::of(&field);
    let options = variants
        .iter()
        .map(|variant| Segment {
            id: variant_id(variant),
            label: variant.label.clone(),
            help: variant.help.clone(),
            count: None,
        })
        .collect();
    let (picker, _) = choice::picker(&field, form, &ids, options, field.is_optional_group());
    let key = field.key.clone();
    let chosen = form.read(move |values| values.chosen(&key));
    let inner = {
        let form = form.clone();
        move || {
            let variant = chosen.get().and_then(|index| variants.get(index));
            let fields = variant.map_or_else(Vec::new, |variant| variant.fields().to_vec());
            (!fields.is_empty())
                .then(|| view! { <div class="fields">{field::views(fields, &form)}</div> })
        }
    };
    let control = view! {
        {picker}
        <div class="variant">{inner}</div>
    };
    frame::labelled(&field, form, &ids, "variants", control)
}

/// What tests know a variant by: the value that tells it from the others, or its label.
fn variant_id(variant: &Variant) -> String {
    let tag = match &variant.shape {
        VariantShape::Constant(value) => Some(value),
        VariantShape::Object { tags, .. } => tags.first().map(|(_, value)| value),
        VariantShape::Single(_) => None,
    };
    match tag {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => variant.label.clone(),
    }
}
