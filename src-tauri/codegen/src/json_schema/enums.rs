//! Schemas of enums, in whichever way serde tags them.

use serde_json::{Map, Value, json};
use specta::datatype::{Enum, Fields, Variant};

use super::SchemaWriter;

/// What specta-serde marks a variant with whose object has no other key.
const STRICT: &str = "specta:strict_object";

/// Whether there may be other keys beside a variant's own.
#[derive(Clone, Copy, PartialEq)]
pub enum Others {
    /// The variant stands alone.
    Refused,
    /// It is flattened into something else.
    Allowed,
}

/// Whether a variant is an object with one key.
pub fn has_strict(choice: &Enum) -> bool {
    let mut variants = choice.variants.iter();
    variants.any(|(_, variant)| variant.attributes.contains_key(STRICT))
}

impl SchemaWriter<'_, '_> {
    /// One of the variants.
    pub(super) fn choice(&mut self, choice: &Enum, others: Others) -> Value {
        let variants: Vec<_> = choice
            .variants
            .iter()
            .filter(|(_, variant)| !variant.skip)
            .map(|(name, variant)| (self.variant(name, variant, others), variant))
            .collect();
        let speaks = |variant: &Variant| {
            (self.docs && !variant.docs.trim().is_empty()) || variant.deprecated.is_some()
        };
        let is_silent = !variants.iter().any(|(_, variant)| speaks(variant));
        let names: Option<Vec<_>> = variants
            .iter()
            .map(|(schema, _)| constant(schema).cloned())
            .collect();
        if let (Some(names), true) = (names, is_silent) {
            return match names.as_slice() {
                [] => Value::Bool(false),
                [one] => json!({"const": one}),
                many => json!({"type": "string", "enum": many}),
            };
        }
        let schemas: Vec<_> = variants
            .into_iter()
            .map(|(schema, v)| self.documented(schema, &v.docs, v.deprecated.as_ref()))
            .collect();
        match schemas.as_slice() {
            [one] => one.clone(),
            many if exclude_each_other(many) => json!({"oneOf": many}),
            many => json!({"anyOf": many}),
        }
    }

    fn variant(&mut self, name: &str, variant: &Variant, others: Others) -> Value {
        match &variant.fields {
            Fields::Unit => json!({"const": name}),
            fields => {
                let mut schema = self.fields(fields);
                if variant.attributes.contains_key(STRICT)
                    && others == Others::Refused
                    && let Value::Object(object) = &mut schema
                {
                    object.insert("additionalProperties".to_owned(), false.into());
                }
                schema
            }
        }
    }
}

fn constant(schema: &Value) -> Option<&Value> {
    let object = schema.as_object()?;
    let silent = object.keys().all(|key| key == "const");
    object.get("const").filter(|_| silent)
}

fn exclude_each_other(schemas: &[Value]) -> bool {
    let mut pairs = schemas
        .iter()
        .enumerate()
        .flat_map(|(number, left)| schemas[number + 1..].iter().map(move |right| (left, right)));
    pairs.all(|(left, right)| exclude(left, right))
}

/// Whether no document fits both, as far as can be seen without looking up references.
fn exclude(left: &Value, right: &Value) -> bool {
    if let (Some(left), Some(right)) = (left.get("const"), right.get("const")) {
        return left != right;
    }
    if let (Some(left), Some(right)) = (json_type(left), json_type(right))
        && left != right
    {
        return [left, right] != ["integer", "number"] && [left, right] != ["number", "integer"];
    }
    if let (Some(left), Some(right)) = (only_key(left), only_key(right)) {
        return left != right;
    }
    let right = tags(right);
    tags(left).iter().any(|(name, tag)| {
        right
            .iter()
            .any(|(other, value)| name == other && tag != value)
    })
}

fn json_type(schema: &Value) -> Option<&str> {
    match schema.get("const") {
        Some(Value::String(_)) => Some("string"),
        _ => schema.get("type")?.as_str(),
    }
}

fn only_key(schema: &Value) -> Option<&String> {
    let is_strict = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let properties = schema.get("properties")?.as_object()?;
    properties
        .keys()
        .next()
        .filter(|_| is_strict && properties.len() == 1)
}

/// The properties that must be there and can only be one thing.
fn tags(schema: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        for part in parts {
            found.extend(tags(part));
        }
    }
    let required: Vec<_> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (name, schema) in properties {
            if let Some(tag) = schema.get("const")
                && required.contains(&name.as_str())
            {
                found.insert(name.clone(), tag.clone());
            }
        }
    }
    found
}
