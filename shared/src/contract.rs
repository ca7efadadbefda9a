//! The contract's description, for whoever needs schemas and has no window.
//!
//! It is the file `shared/contract.json`, which is generated from the commands and events of the
//! window and compared in the tests; here it is read, once and only where somebody asks. How it is
//! made is the business of code generation.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

const TEXT: &str = include_str!("../contract.json");

/// The whole description: `commands`, `events`, `schemas`, `hash`, `format`.
pub fn contract() -> &'static Value {
    static CONTRACT: OnceLock<Value> = OnceLock::new();
    // The file is JSON, as a test says.
    CONTRACT.get_or_init(|| serde_json::from_str(TEXT).unwrap_or_default())
}

/// The SHA-256, in hexadecimal, of what the contract means. Two sides with the same hash understand
/// each other; words that are only for people are left out of it.
#[must_use]
pub fn contract_hash() -> &'static str {
    contract()["hash"].as_str().unwrap_or_default()
}

/// The names of all commands, in order.
pub fn command_names() -> impl Iterator<Item = &'static str> {
    part("commands").keys().map(String::as_str)
}

/// The JSON Schema (2020-12) of a type by its name. References in it are `#/schemas/Name`, within
/// the whole description: [`with_definitions`] makes a document that stands by itself.
#[must_use]
pub fn schema_of(type_name: &str) -> Option<&'static Value> {
    part("schemas").get(type_name)
}

/// A schema that stands by itself: `schema` with all types beside it that it may refer to.
#[must_use]
pub fn with_definitions(schema: &Value) -> Value {
    json!({"allOf": [schema], "schemas": part("schemas")})
}

fn part(name: &str) -> &'static Map<String, Value> {
    static NOTHING: OnceLock<Map<String, Value>> = OnceLock::new();
    match contract().get(name) {
        Some(Value::Object(part)) => part,
        _ => NOTHING.get_or_init(Map::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_readable_and_of_the_known_layout() {
        assert_eq!(contract()["format"], 1);
        let hash = contract_hash();
        assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn commands_are_listed_in_order() {
        let names: Vec<_> = command_names().collect();
        assert!(names.contains(&"start_tool_job"), "{names:?}");
        assert!(names.is_sorted());
    }

    #[test]
    fn a_type_has_a_schema_under_its_own_name_and_a_stranger_has_none() {
        let snapshot = schema_of("JobSnapshot").unwrap();
        assert!(snapshot["properties"].get("revision").is_some());
        assert_eq!(schema_of("Nobody"), None);
    }

    #[test]
    fn in_a_schema_that_stands_by_itself_every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(reference)) = object.get("$ref") {
                        found.push(reference.clone());
                    }
                    object.values().for_each(|value| references(value, found));
                }
                Value::Array(elements) => {
                    elements.iter().for_each(|value| references(value, found));
                }
                _ => {}
            }
        }
        let whole = with_definitions(schema_of("JobsPage").unwrap());
        let mut found = Vec::new();
        references(&whole, &mut found);
        assert!(found.len() > 3);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(whole.pointer(pointer).is_some(), "{reference}");
        }
    }
}
