//! Documents are the judges: what is said to break nobody must let every one of them through.

use proptest::prelude::*;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value, json};

use super::chance::{schema, types};
use super::{answered, breaks, sent};

/// Makes documents, as chance will have it.
struct Writer {
    types: Map<String, Value>,
    chance: TestRng,
}

impl Writer {
    /// A document that `schema` accepts; none if there is none within reach.
    fn document(&mut self, schema: &Value, depth: u32) -> Option<Value> {
        if *schema == json!(true) {
            let any = [json!(null), json!(7), json!("any"), json!({"a": []})];
            return Some(any[self.pick(any.len())].clone());
        }
        let depth = depth.checked_sub(1)?;
        if let Some(name) = schema["$ref"].as_str() {
            let named = self.types[name.strip_prefix("#/schemas/")?].clone();
            return self.document(&named, depth);
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                whole.extend(self.document(part, depth)?.as_object()?.clone());
            }
            return Some(whole.into());
        }
        if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let first = self.pick(choices.len());
            let mut order = choices.iter().cycle().skip(first).take(choices.len());
            return order.find_map(|choice| self.document(choice, depth));
        }
        if let Some(value) = schema.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = schema["enum"].as_array() {
            return Some(values[self.pick(values.len())].clone());
        }
        let name = match &schema["type"] {
            Value::Array(names) => names[self.pick(names.len())].as_str()?,
            name => name.as_str()?,
        };
        Some(match name {
            "null" => json!(null),
            "boolean" => json!(self.pick(2) == 0),
            "number" => [json!(0.5), json!(-3)][self.pick(2)].clone(),
            "integer" => schema[["minimum", "maximum"][self.pick(2)]].clone(),
            "string" => json!(["x", "ü"][self.pick(2)]),
            "array" => self.list(schema, depth)?,
            _ => match schema.get("additionalProperties") {
                Some(value) if *value != false => match self.document(value, depth) {
                    Some(value) => json!({"key": value}),
                    None => json!({}),
                },
                _ => self.fields(schema, depth)?,
            },
        })
    }

    fn list(&mut self, schema: &Value, depth: u32) -> Option<Value> {
        let elements: Option<Vec<_>> = match schema["prefixItems"].as_array() {
            Some(elements) => elements.iter().map(|it| self.document(it, depth)).collect(),
            None => Some(self.document(&schema["items"], depth).into_iter().collect()),
        };
        elements.map(Value::from)
    }

    fn fields(&mut self, schema: &Value, depth: u32) -> Option<Value> {
        let mut whole = Map::new();
        for (name, field) in schema["properties"].as_object()? {
            let required = schema["required"].as_array();
            let is_required = required.is_some_and(|names| names.contains(&json!(name)));
            if is_required || self.pick(2) == 0 {
                match self.document(field, depth) {
                    Some(value) => {
                        whole.insert(name.clone(), value);
                    }
                    None if is_required => return None,
                    None => {}
                }
            }
        }
        Some(whole.into())
    }

    fn pick(&mut self, of: usize) -> usize {
        self.chance.random_range(0..of)
    }
}

fn accepts(schema: &Value, types: &Map<String, Value>, document: &Value) -> bool {
    let whole = json!({"allOf": [schema], "schemas": types});
    jsonschema::draft202012::new(&whole)
        .unwrap()
        .is_valid(document)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn where_nothing_breaks_every_document_fits(
        old in schema(),
        new in schema(),
        is_related in any::<bool>(),
        seed in any::<[u8; 32]>(),
    ) {
        let types = types();
        // Schemas that chance made alone hardly ever fit each other.
        let new = match is_related {
            true => json!({"anyOf": [old, new]}),
            false => new,
        };
        let mut writer = Writer {
            types: types.clone(),
            chance: TestRng::from_seed(prop::test_runner::RngAlgorithm::ChaCha, &seed),
        };
        for _ in 0..5 {
            if !breaks(&answered(&old, &new, &types))
                && let Some(document) = writer.document(&new, 8)
            {
                prop_assert!(accepts(&new, &types, &document), "no document: {document}");
                prop_assert!(accepts(&old, &types, &document), "{old} refuses {document} of {new}");
            }
            if !breaks(&sent(&old, &new, &types))
                && let Some(document) = writer.document(&old, 8)
            {
                prop_assert!(accepts(&new, &types, &document), "{new} refuses {document} of {old}");
            }
        }
    }
}
