//! The schemas of a tool's input and output, as they are told to everyone.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

/// The schema of what is read as `T`.
pub(crate) fn of_input<T: JsonSchema>() -> Value {
    flat(
        SchemaSettings::draft2020_12()
            .into_generator()
            .into_root_schema_for::<T>()
            .to_value(),
    )
}

/// The schema of what `T` is written as.
pub(crate) fn of_output<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    flat(
        settings
            .into_generator()
            .into_root_schema_for::<T>()
            .to_value(),
    )
}

/// A choice among choices is one choice: whoever shows them need not look twice.
fn flat(mut schema: Value) -> Value {
    flatten(&mut schema);
    schema
}

fn flatten(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(flatten),
        Value::Object(fields) => {
            fields.values_mut().for_each(flatten);
            merge_choices(fields);
        }
        _ => {}
    }
}

fn merge_choices(fields: &mut Map<String, Value>) {
    for kind in ["oneOf", "anyOf"] {
        let Some(Value::Array(choices)) = fields.get(kind) else {
            continue;
        };
        if !choices.iter().all(is_choice) || !choices.iter().any(|choice| inner(choice).is_some()) {
            continue;
        }
        let merged = choices
            .iter()
            .flat_map(|choice| match inner(choice) {
                Some(inner) => inner.clone(),
                None => vec![choice.clone()],
            })
            .collect();
        fields.remove(kind);
        // Different constants exclude each other.
        fields.insert("oneOf".to_owned(), merged);
    }
}

/// A constant, or a choice among constants.
fn is_choice(schema: &Value) -> bool {
    schema.get("const").is_some()
        || inner(schema).is_some_and(|inner| inner.iter().all(|one| one.get("const").is_some()))
}

fn inner(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("oneOf")?.as_array()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SkipReason;
    use serde::Serialize;

    /// Why.
    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code)]
    enum Reason {
        /// It is locked.
        #[schemars(title = "Locked")]
        Locked,
        /// As with any file.
        #[serde(untagged)]
        Skip(SkipReason),
    }

    #[derive(Serialize, JsonSchema)]
    struct Row {
        reason: Reason,
    }

    #[test]
    fn a_tools_own_reasons_and_the_common_ones_are_one_choice_with_titles() {
        let schema = of_output::<Row>();
        let choices = schema["$defs"]["Reason"]["oneOf"].as_array().unwrap();
        let titled = |value: Value| {
            let found = choices.iter().find(|choice| choice["const"] == value);
            found.and_then(|choice| choice["title"].as_str()).unwrap()
        };
        for (reason, value) in [
            (Reason::Locked, "Locked"),
            (Reason::Skip(SkipReason::LinkLoop), "Link loop"),
        ] {
            assert_eq!(titled(serde_json::to_value(reason).unwrap()), value);
        }
    }
}
