//! Which values of an input are secrets: those whose schema says so with `x-secret`. And the input as it
//! is kept, without those that were typed into it.
//!
//! Whoever keeps, shows or compares an input does that with [`redact`]ed ones. In doubt a value counts
//! as a secret.

use serde_json::{Map, Value, json};

use crate::secret_name;

/// What stands where a secret may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretForm {
    /// The secret itself. So is whatever is neither of the others.
    Inline,
    /// The name of one that is kept: `{"secret": "NAME"}`.
    Named,
    /// What is kept of one that was typed in: `{"redacted": true}`.
    Gone,
}

impl SecretForm {
    /// The form of a value that stands where a secret may.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let only = |name: &str| {
            let fields = value.as_object().filter(|fields| fields.len() == 1)?;
            fields.get(name)
        };
        match (only("secret"), only("redacted")) {
            (Some(Value::String(name)), _) if secret_name::is_name(name) => Self::Named,
            (_, Some(Value::Bool(true))) => Self::Gone,
            _ => Self::Inline,
        }
    }
}

/// Whether a schema has a place for a secret anywhere.
#[must_use]
pub fn has_secrets(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => is_secret(schema) || fields.values().any(has_secrets),
        Value::Array(items) => items.iter().any(has_secrets),
        _ => false,
    }
}

/// The input as it is kept: each secret that was typed in is `{"redacted": true}`, and all else is as it
/// was.
#[must_use]
pub fn redact(input: &Value, schema: &Value) -> Value {
    let mut kept = input.clone();
    each_secret(&mut kept, schema, &mut |_, value| {
        if SecretForm::of(value) == SecretForm::Inline {
            *value = json!({ "redacted": true });
        }
    });
    kept
}

/// Calls `each` with every value of an input that is a secret, in whatever form, and its JSON Pointer. A
/// value is passed once. Of several alternatives those count whose constants and types fit; all, if none
/// does.
pub fn each_secret(input: &mut Value, schema: &Value, each: &mut dyn FnMut(&str, &mut Value)) {
    let mut walk = Walk {
        root: schema,
        at: String::new(),
        each,
    };
    walk.value(input, &[schema]);
}

struct Walk<'a> {
    root: &'a Value,
    at: String,
    each: &'a mut dyn FnMut(&str, &mut Value),
}

/// Where a schema holds others that speak of the same value.
const SAME_VALUE: [&str; 4] = ["allOf", "if", "then", "else"];

impl<'a> Walk<'a> {
    /// Looks at one value, of which all of `schemas` speak.
    fn value(&mut self, value: &mut Value, schemas: &[&'a Value]) {
        let mut speak = Vec::new();
        for schema in schemas {
            self.gather(value, schema, &mut speak);
        }
        if value.is_null() {
            return;
        }
        if speak.iter().any(|schema| is_secret(schema)) {
            (self.each)(&self.at, value);
            return;
        }
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let below = speak.iter().flat_map(|schema| of_item(schema, index));
                    self.below(&index.to_string(), item, &below.collect::<Vec<_>>());
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let below = speak.iter().flat_map(|schema| of_field(schema, name));
                    self.below(name, field, &below.collect::<Vec<_>>());
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, name: &str, value: &mut Value, schemas: &[&'a Value]) {
        if schemas.is_empty() {
            return;
        }
        let length = self.at.len();
        self.at.push('/');
        self.at
            .push_str(&name.replace('~', "~0").replace('/', "~1"));
        self.value(value, schemas);
        self.at.truncate(length);
    }

    /// Every schema that speaks of `value` because `schema` does, each once.
    fn gather(&self, value: &Value, schema: &'a Value, speak: &mut Vec<&'a Value>) {
        if speak.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        let Some(fields) = schema.as_object() else {
            return;
        };
        speak.push(schema);
        if let Some(meant) = self.meant(schema) {
            self.gather(value, meant, speak);
        }
        for keyword in SAME_VALUE {
            for inner in each_of(fields.get(keyword)) {
                self.gather(value, inner, speak);
            }
        }
        for inner in fields.get("dependentSchemas").into_iter().flat_map(entries) {
            self.gather(value, inner, speak);
        }
        for keyword in ["anyOf", "oneOf"] {
            let all = || each_of(fields.get(keyword));
            let any_fits = all().any(|inner| self.may_fit(value, inner));
            for inner in all() {
                if !any_fits || self.may_fit(value, inner) {
                    self.gather(value, inner, speak);
                }
            }
        }
    }

    fn meant(&self, schema: &Value) -> Option<&'a Value> {
        self.root
            .pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
    }

    /// Whether a value's constants and type are those of a schema, as far as can be told at a glance.
    fn may_fit(&self, value: &Value, schema: &Value) -> bool {
        let is_this = |value: &Value, schema: &Value| {
            let is_other = schema
                .get("const")
                .is_some_and(|constant| constant != value);
            let choices = schema.get("enum").and_then(Value::as_array);
            !is_other && choices.is_none_or(|choices| choices.contains(value))
        };
        if let Some(meant) = self.meant(schema)
            && !std::ptr::eq(meant, schema)
            && meant.get("$ref").is_none()
            && !self.may_fit(value, meant)
        {
            return false;
        }
        let types = schema.get("type");
        let has_type = types.is_none_or(|types| match types {
            Value::Array(types) => types.iter().any(|name| is_of_type(value, name)),
            name => is_of_type(value, name),
        });
        let properties = schema.get("properties").and_then(Value::as_object);
        let fields_fit = properties.into_iter().flatten().all(|(name, schema)| {
            let field = value.get(name.as_str());
            field.is_none_or(|field| is_this(field, schema))
        });
        has_type && is_this(value, schema) && fields_fit
    }
}

fn is_secret(schema: &Value) -> bool {
    schema.get("x-secret") == Some(&Value::Bool(true))
}

fn is_of_type(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer" | "number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    }
}

/// One schema, or each of several.
fn each_of(found: Option<&Value>) -> impl Iterator<Item = &Value> {
    let several = found.and_then(Value::as_array);
    let one = found.filter(|found| found.is_object());
    several.into_iter().flatten().chain(one)
}

fn entries(found: &Value) -> impl Iterator<Item = &Value> {
    found.as_object().into_iter().flat_map(Map::values)
}

fn of_item(schema: &Value, index: usize) -> impl Iterator<Item = &Value> {
    let first = schema.get("prefixItems").and_then(Value::as_array);
    let own = first.and_then(|first| first.get(index));
    let other = ["items", "unevaluatedItems", "contains"].map(|keyword| schema.get(keyword));
    let [items, unevaluated, contains] = other;
    // What stands at a place of its own is nobody else's.
    let items = if own.is_some() { None } else { items };
    [own, items, unevaluated, contains].into_iter().flatten()
}

fn of_field<'a>(schema: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let own = schema.get("properties").and_then(|all| all.get(name));
    // Which names a pattern means would take an engine for patterns: each may mean any.
    let by_pattern = schema
        .get("patternProperties")
        .into_iter()
        .flat_map(entries);
    let other = if own.is_some() {
        None
    } else {
        schema.get("additionalProperties")
    };
    own.into_iter()
        .chain(by_pattern)
        .chain(other)
        .chain(schema.get("unevaluatedProperties"))
}

#[cfg(test)]
mod tests;
