//! What a form says that it doesn't say by itself: the fields that differ from how they were at first.

use serde_json::Value;

use super::{Field, FieldKind, FormValues, initial, input};

/// What `fields` differ in from how they are at first, each in a few words: `Threads: 8`.
#[must_use]
pub fn differing(fields: &[Field], values: &FormValues) -> Vec<String> {
    let mut first = FormValues::default();
    for field in fields {
        initial::fill(field, None, &mut first);
    }
    fields
        .iter()
        .filter_map(|field| {
            let (now, before) = (input::read(field, values), input::read(field, &first));
            (now != before).then(|| words(field, values, now.as_ref()))
        })
        .collect()
}

fn words(field: &Field, values: &FormValues, value: Option<&Value>) -> String {
    let said = match (&field.kind, value) {
        (FieldKind::Secret, Some(_)) => "given".to_owned(),
        (FieldKind::Switch, Some(Value::Bool(on))) => if *on { "on" } else { "off" }.to_owned(),
        (FieldKind::Choice(choices), Some(value)) => choices
            .iter()
            .find(|choice| choice.value == *value)
            .map_or_else(|| value.to_string(), |choice| choice.label.clone()),
        (FieldKind::Number { .. }, _) if !values.text(&field.key).trim().is_empty() => {
            values.text(&field.key).trim().to_owned()
        }
        (_, Some(Value::String(text))) if !text.is_empty() => short(text),
        (_, Some(Value::Array(items))) if items.len() == 1 => "1 entry".to_owned(),
        (_, Some(Value::Array(items))) => format!("{} entries", items.len()),
        (_, Some(Value::Object(_))) => "given".to_owned(),
        _ => "not set".to_owned(),
    };
    format!("{}: {said}", field.label)
}

fn short(text: &str) -> String {
    const MOST: usize = 24;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    let start: String = line.chars().take(MOST - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::super::{FieldValue, FormModel};
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_said_and_a_secret_is_never_shown() {
        let form = FormModel::of(&json!({"type": "object", "properties": {
            "threads": {"type": "integer", "default": 4},
            "follow": {"type": "boolean", "title": "Follow links"},
            "limit": {"type": "integer", "default": 1024, "x-unit": "bytes"},
            "token": {"x-secret": true},
            "same": {"type": "string", "default": "x"},
        }}));
        let mut values = form.initial_values();
        assert_eq!(differing(&form.fields, &values), Vec::<String>::new());
        values.set("/threads", FieldValue::Text(" 8 ".into()));
        values.set("/follow", FieldValue::On(true));
        values.set("/limit", FieldValue::Text("2 MiB".into()));
        let secret = super::super::SecretValue {
            typed: "CANARY".into(),
            ..Default::default()
        };
        values.set("/token", FieldValue::Secret(secret));
        assert_eq!(
            differing(&form.fields, &values),
            [
                "Threads: 8",
                "Follow links: on",
                "Limit: 2 MiB",
                "Token: given"
            ]
        );
        values.set("/threads", FieldValue::Text("4".into()));
        assert_eq!(differing(&form.fields, &values).len(), 3);
    }
}
