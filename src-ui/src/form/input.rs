//! From what stands in the fields to the input that is sent.

use serde_json::{Map, Number, Value};
use toolroom_shared::InputProblem;

use super::{Field, FieldKind, FormModel, FormValues, VariantShape};
use crate::texts;

impl FormModel {
    /// The input that the values make, and what could not be read as JSON or as a number at all.
    /// Whether the rest fits is for the backend to say.
    #[must_use]
    pub fn input(&self, values: &FormValues) -> (Value, Vec<InputProblem>) {
        let mut problems = Vec::new();
        let input = object(&self.fields, values, &mut problems);
        (Value::Object(input), problems)
    }
}

fn object(
    fields: &[Field],
    values: &FormValues,
    problems: &mut Vec<InputProblem>,
) -> Map<String, Value> {
    let mut object = Map::new();
    for field in fields {
        if let Some(value) = value_of(field, values, problems) {
            object.insert(field.name.clone(), value);
        }
    }
    object
}

/// The field's value; none if it is to be left out.
fn value_of(field: &Field, values: &FormValues, problems: &mut Vec<InputProblem>) -> Option<Value> {
    let key = field.key.as_str();
    match &field.kind {
        FieldKind::Text { .. } => match values.text(key) {
            "" => emptied(field, || Value::String(String::new())),
            text => Some(Value::from(text)),
        },
        FieldKind::Path => match values.text(key).trim() {
            "" => emptied(field, || Value::String(String::new())),
            path => Some(Value::from(path)),
        },
        FieldKind::Number { integer, .. } => match values.text(key).trim() {
            "" => emptied(field, || Value::Null).filter(|_| field.nullable),
            text => match number(text) {
                Some(number) => Some(number),
                None => {
                    let message = texts::not_a_number(*integer);
                    problems.push(InputProblem::new(&field.pointer, message));
                    None
                }
            },
        },
        FieldKind::Switch => Some(Value::Bool(values.on(key))),
        FieldKind::Choice(choices) => values
            .chosen(key)
            .and_then(|index| choices.get(index))
            .map(|choice| choice.value.clone())
            .or_else(|| emptied(field, || Value::Null).filter(|_| field.nullable)),
        FieldKind::List(_) => match values.items(key) {
            [] if !field.required && !field.has_default() => None,
            items => Some(Value::from(items)),
        },
        FieldKind::Group(fields) => values
            .on(key)
            .then(|| Value::Object(object(fields, values, problems))),
        FieldKind::Variants(variants) => {
            let variant = values.chosen(key).and_then(|index| variants.get(index))?;
            match &variant.shape {
                VariantShape::Constant(value) => Some(value.clone()),
                VariantShape::Single(inner) => value_of(inner, values, problems),
                VariantShape::Object { tags, fields } => {
                    let mut all: Map<String, Value> = tags.iter().cloned().collect();
                    all.extend(object(fields, values, problems));
                    Some(Value::Object(all))
                }
            }
        }
        FieldKind::Json => match values.text(key).trim() {
            "" => None,
            text => match serde_json::from_str(text) {
                Ok(value) => Some(value),
                Err(_) => {
                    problems.push(InputProblem::new(&field.pointer, texts::NOT_JSON));
                    None
                }
            },
        },
    }
}

/// What to send for a field that was emptied: nothing, unless leaving it out would bring the
/// default back.
fn emptied(field: &Field, empty: impl FnOnce() -> Value) -> Option<Value> {
    if !field.has_default() {
        None
    } else if field.nullable {
        Some(Value::Null)
    } else {
        Some(empty())
    }
}

/// A number as people type it; whole ones stay whole.
fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(Value::from(whole));
    }
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::super::FieldValue;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn form() -> FormModel {
        FormModel::of(&json!({
            "type": "object",
            "required": ["paths", "mode"],
            "properties": {
                "paths": {"type": "array", "items": {"type": "string", "format": "path"}},
                "mode": {"type": "string", "enum": ["fast", "exact"], "default": "fast"},
                "out": {"type": ["string", "null"], "format": "path"},
                "threads": {"type": "integer", "default": 4},
                "overwrite": {"type": "boolean", "default": false},
                "filter": {"oneOf": [
                    {"type": "object", "required": ["kind"], "properties": {
                        "kind": {"const": "all"}}},
                    {"type": "object", "required": ["kind", "glob"], "properties": {
                        "kind": {"const": "some"}, "glob": {"type": "string"}}},
                ]},
                "extra": {},
            }
        }))
    }

    #[test]
    fn defaults_are_sent_and_empty_optional_fields_are_left_out() {
        let form = form();
        let (input, problems) = form.input(&form.initial_values());
        assert_eq!(
            input,
            json!({"paths": [], "mode": "fast", "threads": 4, "overwrite": false})
        );
        assert_eq!(problems, []);
    }

    #[test]
    fn what_was_typed_is_sent_in_the_schemas_types() {
        let form = form();
        let mut values = form.initial_values();
        values.add_lines("/paths", "/a\n/b");
        values.set("/out", FieldValue::Text(" /x y ".into()));
        values.set("/threads", FieldValue::Text("7".into()));
        values.set("/filter", FieldValue::Chosen(Some(1)));
        values.set("/filter\u{1}1/glob", FieldValue::Text("*.rs".into()));
        values.set("/extra", FieldValue::Text("[1, {}]".into()));
        let (input, problems) = form.input(&values);
        assert_eq!(
            input,
            json!({
                "paths": ["/a", "/b"], "mode": "fast", "out": "/x y", "threads": 7,
                "overwrite": false, "filter": {"kind": "some", "glob": "*.rs"},
                "extra": [1, {}]
            })
        );
        assert_eq!(problems, []);
    }

    #[test]
    fn what_is_no_number_and_no_json_is_a_problem_at_its_field() {
        let form = form();
        let mut values = form.initial_values();
        values.set("/threads", FieldValue::Text("many".into()));
        values.set("/extra", FieldValue::Text("{".into()));
        let (_, problems) = form.input(&values);
        let at: Vec<_> = problems.iter().map(|p| p.pointer.as_str()).collect();
        assert_eq!(at, ["/threads", "/extra"]);
    }

    #[test]
    fn an_emptied_text_does_not_fall_back_to_its_default() {
        let form = FormModel::of(&json!({"type": "object", "properties": {
            "a": {"type": "string", "default": "x"},
            "b": {"type": ["string", "null"], "default": "x"},
            "c": {"type": ["string", "null"], "default": null}
        }}));
        let mut values = form.initial_values();
        for key in ["/a", "/b", "/c"] {
            values.set(key, FieldValue::Text(String::new()));
        }
        assert_eq!(form.input(&values).0, json!({"a": "", "b": null}));
    }

    proptest! {
        #[test]
        fn any_number_typed_arrives_as_that_number(number in any::<i64>()) {
            prop_assert_eq!(super::number(&number.to_string()), Some(Value::from(number)));
        }

        #[test]
        fn any_lines_arrive_as_they_were_typed(
            lines in prop::collection::vec("[a-z/][a-z /]{0,6}[a-z/]", 0..5),
        ) {
            let form = form();
            let mut values = form.initial_values();
            values.add_lines("/paths", &lines.join("\n"));
            prop_assert_eq!(&form.input(&values).0["paths"], &json!(lines));
        }

        #[test]
        fn nothing_typed_breaks_the_form(text in ".{0,12}") {
            let form = form();
            let mut values = form.initial_values();
            for field in &form.fields {
        field.each(&mut |field| values.set(&field.key, FieldValue::Text(text.clone())));
    }
            let _ = form.input(&values);
        }
    }
}
