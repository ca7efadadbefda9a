//! What stands in a form's fields at first, and what a given input puts into them.

use serde_json::Value;

use super::{Field, FieldKind, FieldValue, FormModel, FormValues, VariantShape};

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
}

/// Puts `given`, or else the field's default, into the field and those inside it.
fn fill(field: &Field, given: Option<&Value>, values: &mut FormValues) {
    let given = given
        .or(field.default.as_ref())
        .filter(|value| !value.is_null());
    let value = match &field.kind {
        FieldKind::Text { .. } | FieldKind::Path | FieldKind::Number { .. } => {
            FieldValue::Text(given.map(plain_text).unwrap_or_default())
        }
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
                variants
                    .iter()
                    .position(|variant| fits(&variant.shape, value))
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
        VariantShape::Single(field) => match field.kind {
            FieldKind::Text { .. } | FieldKind::Path => value.is_string(),
            FieldKind::Number { .. } => value.is_number(),
            FieldKind::Switch => value.is_boolean(),
            FieldKind::List(_) => value.is_array(),
            _ => true,
        },
    }
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
