//! The rule about types that are written in one shape and read in another.
//!
//! Fields that may be left out are fine: a reader fills them in. Anything else is two types under one
//! name: a client in Rust would send what the backend doesn't read.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::json_schema::definitions::Definitions;

/// Looks at every type's two schemas.
pub fn problems(found: &Definitions) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, written, read) in found.pairs() {
        let mut compare = Compare::default();
        compare.schemas(written, read, &mut Vec::new());
        if compare.differs {
            let fields = compare.fields.join(", ");
            let fields = match compare.fields.len() {
                0 => String::new(),
                1 => format!(" (its field {fields})"),
                _ => format!(" (its fields {fields})"),
            };
            problems.push(format!(
                "The type {name} is written in one shape and read in another{fields}. Make two types of it: one for what is sent, one for what is received."
            ));
        }
        for field in compare.left_out {
            problems.push(format!(
                "The field {field} of {name} may be left out when it is written, but must be there when it is read. Write #[serde(default)] beside skip_serializing_if."
            ));
        }
    }
    for name in found.taken_names() {
        problems.push(format!(
            "How {name} is read would be described as {name}_Input, and another type is called so. Rename that one."
        ));
    }
    problems
}

#[derive(Default)]
struct Compare {
    differs: bool,
    /// The fields that differ, or none where the type does as a whole.
    fields: Vec<String>,
    /// The fields that may be left out when they are written and not when they are read.
    left_out: Vec<String>,
}

impl Compare {
    /// Compares two schemas; `way` leads to them from the type.
    fn schemas(&mut self, written: &Value, read: &Value, way: &mut Vec<String>) {
        let (Value::Object(written), Value::Object(read)) = (written, read) else {
            if written != read {
                self.differ(way);
            }
            return;
        };
        let words: BTreeSet<_> = written.keys().chain(read.keys()).collect();
        for word in words {
            let (of_written, of_read) = (written.get(word), read.get(word));
            match word.as_str() {
                "properties" => self.properties(written, read, way),
                // Looked at with the properties.
                "required" => {}
                // Elements at the end of a tuple may be left out, like fields.
                "minItems"
                    if of_read.and_then(Value::as_u64) <= of_written.and_then(Value::as_u64) => {}
                "$ref" => {
                    let name = |schema: Option<&Value>| {
                        schema
                            .and_then(Value::as_str)
                            .map(Definitions::name_of)
                            .map(str::to_owned)
                    };
                    if name(of_written) != name(of_read) {
                        self.differ(way);
                    }
                }
                _ => self.values(of_written, of_read, way),
            }
        }
    }

    fn values(&mut self, written: Option<&Value>, read: Option<&Value>, way: &mut Vec<String>) {
        match (written, read) {
            (Some(Value::Array(written)), Some(Value::Array(read)))
                if written.len() == read.len() =>
            {
                for (written, read) in written.iter().zip(read) {
                    self.schemas(written, read, way);
                }
            }
            (Some(written @ Value::Object(_)), Some(read @ Value::Object(_))) => {
                self.schemas(written, read, way);
            }
            (written, read) if written == read => {}
            _ => self.differ(way),
        }
    }

    fn properties(
        &mut self,
        written: &Map<String, Value>,
        read: &Map<String, Value>,
        way: &mut Vec<String>,
    ) {
        let none = Map::new();
        let of = |schema: &Map<String, Value>| match schema.get("properties") {
            Some(Value::Object(properties)) => properties.clone(),
            _ => none.clone(),
        };
        let must = |schema: &Map<String, Value>, name: &String| {
            schema
                .get("required")
                .and_then(Value::as_array)
                .is_some_and(|names| names.contains(&json!(name)))
        };
        let (properties, read_properties) = (of(written), of(read));
        let names: BTreeSet<_> = properties.keys().chain(read_properties.keys()).collect();
        for name in names {
            way.push(name.clone());
            match (properties.get(name), read_properties.get(name)) {
                (Some(property), Some(read_property)) => {
                    let is_optional = !must(written, name);
                    if is_optional && must(read, name) {
                        note(&mut self.left_out, way);
                    }
                    // What isn't there isn't written as null either, but may be read as null.
                    let read_property = match is_optional {
                        true => without_null(property, read_property),
                        false => read_property.clone(),
                    };
                    self.schemas(property, &read_property, way);
                }
                _ => self.differ(way),
            }
            way.pop();
        }
    }

    fn differ(&mut self, way: &[String]) {
        self.differs = true;
        note(&mut self.fields, way);
    }
}

fn note(fields: &mut Vec<String>, way: &[String]) {
    let field = way.join(".");
    if !field.is_empty() && !fields.contains(&field) {
        fields.push(field);
    }
}

/// What is read, without the null in it that what is written can't be.
fn without_null(written: &Value, read: &Value) -> Value {
    let null = json!("null");
    let has_null = |schema: &Value| match &schema["type"] {
        Value::Array(types) => types.contains(&null),
        _ => schema["anyOf"]
            .as_array()
            .is_some_and(|any| any.contains(&json!({"type": "null"}))),
    };
    if has_null(written) || !has_null(read) {
        return read.clone();
    }
    if let Some(types) = read["type"].as_array() {
        let left: Vec<_> = types
            .iter()
            .filter(|name| **name != null)
            .cloned()
            .collect();
        let mut schema = read.clone();
        schema["type"] = match left.as_slice() {
            [one] => one.clone(),
            many => many.into(),
        };
        return schema;
    }
    let choices = read["anyOf"].as_array().into_iter().flatten();
    let left: Vec<_> = choices
        .filter(|schema| **schema != json!({"type": "null"}))
        .cloned()
        .collect();
    match left.as_slice() {
        [one] => one.clone(),
        many => json!({"anyOf": many}),
    }
}
