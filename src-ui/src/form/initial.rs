//! What stands in a form's fields at first, and what a given input puts into them.

use serde_json::Value;

use toolroom_shared::SecretForm;

use super::field::row_key;
use super::quantity::Quantity;
use super::{
    Field, FieldKind, FieldValue, FormModel, FormValues, SecretValue, Variant, VariantShape,
    name_key,
};

impl FormModel {
    /// The values that the schema's defaults give.
    #[must_use]
    pub fn initial_values(&self) -> FormValues {
        let mut values = FormValues::default();
        for field in &self.fields {
            fill(field, None, &mut values);
        }
        values
    }

    /// The values that make `input`: what it leaves out stands as the schema's defaults say. A
    /// secret that was taken out of it is left to be typed again.
    #[must_use]
    pub fn values_of(&self, input: &Value) -> FormValues {
        let mut values = FormValues::default();
        for field in &self.fields {
            fill(field, input.get(&field.name), &mut values);
        }
        values
    }
}

/// Puts `given`, or else the field's default, into the field and those inside it.
pub fn fill(field: &Field, given: Option<&Value>, values: &mut FormValues) {
    let given = given
        .or(field.default.as_ref())
        .filter(|value| !value.is_null());
    let value = match &field.kind {
        FieldKind::Text(_) | FieldKind::Path(_) => {
            FieldValue::Text(given.map(plain_text).unwrap_or_default())
        }
        FieldKind::Number { unit, .. } => FieldValue::Text(
            given
                .map(|number| match Quantity::of(unit.as_deref()) {
                    Some(quantity) => quantity.show(number),
                    None => plain_text(number),
                })
                .unwrap_or_default(),
        ),
        FieldKind::Secret => FieldValue::Secret(given.map(secret).unwrap_or_default()),
        FieldKind::Switch => FieldValue::On(given == Some(&Value::Bool(true))),
        FieldKind::Choice(choices) => {
            let index = choices
                .iter()
                .position(|choice| Some(&choice.value) == given);
            // A required choice with one value only is no question.
            FieldValue::Chosen(index.or((field.required && choices.len() == 1).then_some(0)))
        }
        FieldKind::List(_) => FieldValue::Lines {
            items: given
                .and_then(Value::as_array)
                .map(|all| all.iter().map(plain_text).collect())
                .unwrap_or_default(),
            pending: String::new(),
        },
        FieldKind::Rows(row) => {
            for item in given.and_then(Value::as_array).into_iter().flatten() {
                let id = values.add_row(&field.key);
                fill(&field.row(row, id), Some(item), values);
            }
            return;
        }
        FieldKind::Map(row) => {
            for (name, item) in given.and_then(Value::as_object).into_iter().flatten() {
                let id = values.add_row(&field.key);
                let name_key = name_key(&row_key(&field.key, id));
                values.set(&name_key, FieldValue::Text(name.clone()));
                fill(&field.row(row, id), Some(item), values);
            }
            return;
        }
        FieldKind::Group(fields) => {
            for inner in fields {
                fill(
                    inner,
                    given.and_then(|value| value.get(&inner.name)),
                    values,
                );
            }
            FieldValue::On(!field.is_optional_group() || given.is_some())
        }
        FieldKind::Variants(variants) => {
            let chosen = given.and_then(|value| {
                let whole = variants
                    .iter()
                    .position(|variant| names_all(variant, value));
                whole.or_else(|| {
                    variants
                        .iter()
                        .position(|variant| fits(&variant.shape, value))
                })
            });
            for (index, variant) in variants.iter().enumerate() {
                let given = given.filter(|_| chosen == Some(index));
                for inner in variant.fields() {
                    let part = match variant.shape {
                        VariantShape::Single(_) => given,
                        _ => given.and_then(|value| value.get(&inner.name)),
                    };
                    fill(inner, part, values);
                }
            }
            FieldValue::Chosen(chosen.or((!field.is_optional_group()).then_some(0)))
        }
        FieldKind::Json => FieldValue::Text(
            given
                .map(|value| serde_json::to_string_pretty(value).unwrap_or_default())
                .unwrap_or_default(),
        ),
    };
    values.set(&field.key, value);
}

fn fits(shape: &VariantShape, value: &Value) -> bool {
    match shape {
        VariantShape::Constant(constant) => constant == value,
        VariantShape::Object { tags, fields } => {
            tags.iter().all(|(name, tag)| value.get(name) == Some(tag))
                && fields
                    .iter()
                    .all(|field| !field.required || value.get(&field.name).is_some())
        }
        VariantShape::Single(field) => match &field.kind {
            FieldKind::Text(_) | FieldKind::Path(_) => value.is_string(),
            FieldKind::Number { integer, .. } => value.is_number() && (!integer || !value.is_f64()),
            FieldKind::Switch => value.is_boolean(),
            FieldKind::Choice(choices) => choices.iter().any(|choice| choice.value == *value),
            FieldKind::List(_) | FieldKind::Rows(_) => value.is_array(),
            FieldKind::Group(_) | FieldKind::Map(_) => value.is_object(),
            FieldKind::Secret | FieldKind::Variants(_) | FieldKind::Json => true,
        },
    }
}

/// Whether the variant fits the value and has a place for each of its properties.
fn names_all(variant: &Variant, value: &Value) -> bool {
    let has_place = |name: &String| match &variant.shape {
        VariantShape::Object { tags, fields } => {
            tags.iter().any(|(tag, _)| tag == name) || fields.iter().any(|f| f.name == *name)
        }
        _ => true,
    };
    fits(&variant.shape, value)
        && value
            .as_object()
            .is_none_or(|fields| fields.keys().all(has_place))
}

fn secret(given: &Value) -> SecretValue {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    match SecretForm::of(given) {
        SecretForm::Named => SecretValue {
            by_name: true,
            name: text(given.get("secret")),
            typed: String::new(),
        },
        SecretForm::Inline => SecretValue {
            typed: text(Some(given)),
            ..SecretValue::default()
        },
        SecretForm::Gone => SecretValue::default(),
    }
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
