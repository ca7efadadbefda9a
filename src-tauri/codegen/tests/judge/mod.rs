//! Holds schemas against what serde does: serde is the judge.

use std::fs;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tauri::Wry;
use tauri_specta::Builder;
use toolroom_codegen::ContractJson;

/// A contract's description.
pub struct Judge {
    /// The whole of it.
    pub description: Value,
}

impl Judge {
    /// For the schemas of `contract`.
    pub fn new(contract: &Builder<Wry>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("contract.json");
        contract.export(ContractJson, &path).unwrap();
        let text = fs::read_to_string(path).unwrap();
        Self {
            description: serde_json::from_str(&text).unwrap(),
        }
    }

    /// Whether `schema` accepts a document.
    pub fn accepts(&self, schema: &Value, document: &Value) -> bool {
        let whole = json!({"allOf": [schema], "schemas": self.description["schemas"]});
        let validator = jsonschema::draft202012::new(&whole).unwrap();
        validator.is_valid(document)
    }

    /// Fails unless `schema` accepts the value as serde writes it.
    pub fn holds(&self, schema: &Value, value: &impl Serialize) -> Result<(), String> {
        let document = serde_json::to_value(value).unwrap();
        match self.accepts(schema, &document) {
            true => Ok(()),
            false => Err(format!("{schema} refuses {document}, which serde writes")),
        }
    }

    /// Fails if `schema` accepts a document that serde doesn't read.
    pub fn no_more<T: DeserializeOwned>(
        &self,
        schema: &Value,
        document: &Value,
    ) -> Result<(), String> {
        match serde_json::from_value::<T>(document.clone()) {
            Err(error) if self.accepts(schema, document) => Err(format!(
                "{schema} accepts {document}, which serde refuses: {error}"
            )),
            _ => Ok(()),
        }
    }

    /// Fails unless `schema` accepts a document exactly if serde reads it.
    pub fn the_same<T: DeserializeOwned>(
        &self,
        schema: &Value,
        document: &Value,
    ) -> Result<(), String> {
        self.no_more::<T>(schema, document)?;
        let is_read = serde_json::from_value::<T>(document.clone()).is_ok();
        match is_read && !self.accepts(schema, document) {
            true => Err(format!("{schema} refuses {document}, which serde reads")),
            false => Ok(()),
        }
    }
}

/// Every document that differs from this one in one place: something left out, something too much,
/// something of another type.
pub fn changes(document: &Value) -> Vec<Value> {
    let others = [
        json!(null),
        json!(true),
        json!("?"),
        json!([]),
        json!({}),
        json!(-1),
    ];
    // serde also reads a struct from the list of its fields: no schema says so, nor should it.
    let is_list = |other: &Value| other.is_array() && document.is_object();
    let mut changed: Vec<_> = others.into_iter().filter(|other| !is_list(other)).collect();
    match document {
        Value::Object(object) => {
            for (key, value) in object {
                let mut without = object.clone();
                without.remove(key);
                changed.push(Value::Object(without));
                for value in changes(value) {
                    let mut with = object.clone();
                    with.insert(key.clone(), value);
                    changed.push(Value::Object(with));
                }
            }
        }
        Value::Array(elements) => {
            let mut longer = elements.clone();
            longer.extend(elements.first().cloned());
            changed.push(Value::Array(longer));
            for (index, value) in elements.iter().enumerate() {
                for value in changes(value) {
                    let mut with = elements.clone();
                    with[index] = value;
                    changed.push(Value::Array(with));
                }
            }
        }
        _ => {}
    }
    changed
}
