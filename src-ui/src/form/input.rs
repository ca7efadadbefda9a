//! From what stands in the fields to the input that is sent.

use serde_json::{Map, Value, json};
use toolroom_shared::InputProblem;

use super::field::row_key;
use super::quantity::{Quantity, number};
use super::{
    Field, FieldKind, FormModel, FormValues, SecretValue, VariantShape, name_key, pointer,
};
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

/// The field's value; none if it is to be left out or can't be read.
pub(super) fn read(field: &Field, values: &FormValues) -> Option<Value> {
    value_of(field, values, &mut Vec::new())
}

fn value_of(field: &Field, values: &FormValues, problems: &mut Vec<InputProblem>) -> Option<Value> {
    let key = field.key.as_str();
    match &field.kind {
        FieldKind::Text(_) => match values.text(key) {
            "" => emptied(field, || Value::String(String::new())),
            text => Some(Value::from(text)),
        },
        FieldKind::Secret => secret(&values.secret(key)),
        FieldKind::Path(_) => match values.text(key).trim() {
            "" => emptied(field, || Value::String(String::new())),
            path => Some(Value::from(path)),
        },
        FieldKind::Number { integer, unit, .. } => match values.text(key).trim() {
            "" => emptied(field, || Value::Null).filter(|_| field.nullable),
            text => typed_number(field, text, *integer, unit.as_deref(), problems),
        },
        FieldKind::Switch => Some(Value::Bool(values.on(key))),
        FieldKind::Choice(choices) => values
            .chosen(key)
            .and_then(|index| choices.get(index))
            .map(|choice| choice.value.clone())
            .or_else(|| emptied(field, || Value::Null).filter(|_| field.nullable)),
        FieldKind::List(_) => match values.items(key) {
            [] if may_be_left_out(field) => None,
            items => Some(Value::from(items)),
        },
        FieldKind::Rows(row) => match values.rows(key) {
            [] if may_be_left_out(field) => None,
            rows => Some(Value::Array(in_rows(field, row, rows, values, problems))),
        },
        FieldKind::Map(row) => match values.rows(key) {
            [] if may_be_left_out(field) => None,
            rows => Some(Value::Object(by_names(field, row, rows, values, problems))),
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

fn may_be_left_out(field: &Field) -> bool {
    !field.required && !field.has_default()
}

fn secret(given: &SecretValue) -> Option<Value> {
    if given.by_name {
        let name = given.name.trim();
        return (!name.is_empty()).then(|| json!({ "secret": name }));
    }
    (!given.typed.is_empty()).then(|| Value::from(given.typed.as_str()))
}

fn typed_number(
    field: &Field,
    text: &str,
    integer: bool,
    unit: Option<&str>,
    problems: &mut Vec<InputProblem>,
) -> Option<Value> {
    let quantity = Quantity::of(unit);
    let number = match quantity {
        Some(quantity) => quantity.parse(text),
        None => number(text),
    };
    let says = match (&number, quantity) {
        (None, Some(quantity)) => quantity.advice(),
        (None, None) => texts::not_a_number(integer),
        _ => return number,
    };
    problems.push(InputProblem::new(&field.pointer, says));
    None
}

fn in_rows(
    field: &Field,
    row: &Field,
    rows: &[u32],
    values: &FormValues,
    problems: &mut Vec<InputProblem>,
) -> Vec<Value> {
    let row_of = |(index, id): (usize, &u32)| {
        let pointer = pointer::child(&field.pointer, &index.to_string());
        let row = row.at(&row_key(&field.key, *id), &pointer);
        // What can't be read still takes its place, so that the others keep theirs.
        value_of(&row, values, problems).unwrap_or_else(|| nothing_of(&row))
    };
    rows.iter().enumerate().map(row_of).collect()
}

/// What stands for a row that is empty: the check of inputs says what is wrong with it.
fn nothing_of(row: &Field) -> Value {
    match row.kind {
        FieldKind::Text(_) | FieldKind::Path(_) | FieldKind::Secret => Value::String(String::new()),
        FieldKind::List(_) | FieldKind::Rows(_) => Value::Array(Vec::new()),
        FieldKind::Map(_) | FieldKind::Group(_) => Value::Object(Map::new()),
        _ => Value::Null,
    }
}

fn by_names(
    field: &Field,
    row: &Field,
    rows: &[u32],
    values: &FormValues,
    problems: &mut Vec<InputProblem>,
) -> Map<String, Value> {
    let mut all = Map::new();
    for id in rows {
        let key = row_key(&field.key, *id);
        let name = values.text(&name_key(&key)).to_owned();
        if name.is_empty() || all.contains_key(&name) {
            let says = match name.as_str() {
                "" => texts::NAMELESS.to_owned(),
                name => texts::named_twice(name),
            };
            problems.push(InputProblem::new(&field.pointer, says));
            continue;
        }
        let row = row.at(&key, &pointer::child(&field.pointer, &name));
        let value = value_of(&row, values, problems).unwrap_or_else(|| nothing_of(&row));
        all.insert(name, value);
    }
    all
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
