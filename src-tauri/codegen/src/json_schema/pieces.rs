//! Pieces of JSON Schema that are put together the same way everywhere.

use serde_json::{Map, Value, json};

/// An object with these properties: name, schema, whether it must be there.
pub fn object(fields: Vec<(String, Value, bool)>) -> Value {
    let mut required: Vec<_> = fields
        .iter()
        .filter(|(_, _, required)| *required)
        .map(|(name, _, _)| name.clone())
        .collect();
    required.sort_unstable();
    let properties: Map<String, Value> = fields
        .into_iter()
        .map(|(name, schema, _)| (name, schema))
        .collect();
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

/// An array whose elements each have a schema of their own; `least` of them must be there.
pub fn tuple(elements: Vec<Value>, least: usize) -> Value {
    let most = elements.len();
    if elements.is_empty() {
        return json!({"type": "array", "maxItems": 0});
    }
    json!({
        "type": "array",
        "prefixItems": elements,
        "items": false,
        "minItems": least,
        "maxItems": most,
    })
}

/// The same, or null.
pub fn nullable(schema: Value) -> Value {
    let Value::Object(mut object) = schema else {
        // Anything may be null already.
        return match schema {
            Value::Bool(true) => schema,
            _ => json!({"type": "null"}),
        };
    };
    if accepts_null(&object) {
        return Value::Object(object);
    }
    // Other words than these speak of one type only, and say nothing about null.
    let speaks_of_all = ["enum", "const", "$ref", "oneOf", "anyOf", "allOf"]
        .iter()
        .any(|word| object.contains_key(*word));
    match object.get("type") {
        Some(Value::String(name)) if !speaks_of_all => {
            let types = json!([name, "null"]);
            object.insert("type".to_owned(), types);
            Value::Object(object)
        }
        _ => json!({"anyOf": [object, {"type": "null"}]}),
    }
}

fn accepts_null(schema: &Map<String, Value>) -> bool {
    let is_null = |value: &Value| value == "null";
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(is_null),
        Some(name) => is_null(name),
        None => matches!(schema.get("anyOf"), Some(Value::Array(choices))
            if choices.contains(&json!({"type": "null"}))),
    }
}

/// The schema with what is said of it.
pub fn annotated(schema: Value, docs: &str, deprecated: bool) -> Value {
    if docs.is_empty() && !deprecated {
        return schema;
    }
    let mut object = match schema {
        Value::Object(object) => object,
        Value::Bool(false) => Map::from_iter([("not".to_owned(), json!({}))]),
        _ => Map::new(),
    };
    if !docs.is_empty() {
        object.insert("description".to_owned(), docs.into());
    }
    if deprecated {
        object.insert("deprecated".to_owned(), true.into());
    }
    Value::Object(object)
}
