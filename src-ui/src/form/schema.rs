//! Reading JSON Schema (2020-12) as far as forms and results need it.

use serde_json::{Map, Value};

/// A schema with its references followed and null taken out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    /// The schema's own keywords.
    pub keywords: Map<String, Value>,
    /// Whether null is allowed beside what the keywords say.
    pub nullable: bool,
}

/// References deeper than this are a loop.
const MAX_DEPTH: usize = 16;

/// Follows `$ref`, single-entry `allOf`, and "this or null" until plain keywords are left. What
/// stands beside a reference wins over what it refers to.
#[must_use]
pub fn resolve(root: &Value, schema: &Value) -> Resolved {
    let mut current = schema.as_object().cloned().unwrap_or_default();
    let mut nullable = false;
    for _ in 0..MAX_DEPTH {
        if let Some(target) = current.remove("$ref") {
            let inner = target
                .as_str()
                .and_then(|reference| reference.strip_prefix('#'))
                .and_then(|pointer| root.pointer(pointer));
            current = beside(current, inner);
            continue;
        }
        if current.get("allOf").and_then(Value::as_array).map(Vec::len) == Some(1) {
            let inner = current.remove("allOf");
            current = beside(current, inner.as_ref().and_then(|all| all.get(0)));
            continue;
        }
        match without_null(&current) {
            Some(simpler) => {
                nullable = true;
                current = simpler;
            }
            None => break,
        }
    }
    Resolved {
        keywords: current,
        nullable,
    }
}

/// `outer` completed by what `inner` says besides.
fn beside(outer: Map<String, Value>, inner: Option<&Value>) -> Map<String, Value> {
    let mut merged = inner
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for (key, value) in outer {
        merged.insert(key, value);
    }
    merged
}

/// The schema without null, if it allows null beside something else.
fn without_null(schema: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut simpler = schema.clone();
    for keyword in ["anyOf", "oneOf"] {
        let Some(options) = schema.get(keyword).and_then(Value::as_array) else {
            continue;
        };
        let kept: Vec<Value> = options.iter().filter(|o| !is_null(o)).cloned().collect();
        if kept.len() == options.len() || kept.is_empty() {
            continue;
        }
        simpler.remove(keyword);
        if let [one] = kept.as_slice() {
            return Some(beside(simpler, Some(one)));
        }
        simpler.insert(keyword.to_owned(), Value::Array(kept));
        return Some(simpler);
    }
    let types = schema.get("type").and_then(Value::as_array)?;
    let kept: Vec<Value> = types.iter().filter(|t| *t != "null").cloned().collect();
    if kept.len() == types.len() {
        return None;
    }
    let kept = match kept.as_slice() {
        [one] => one.clone(),
        _ => Value::Array(kept),
    };
    simpler.insert("type".to_owned(), kept);
    if let Some(Value::Array(values)) = simpler.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    Some(simpler)
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
        || schema.get("const").is_some_and(Value::is_null)
}

impl Resolved {
    /// A keyword's text.
    #[must_use]
    pub fn text(&self, keyword: &str) -> Option<String> {
        self.keywords
            .get(keyword)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    /// A keyword's number.
    #[must_use]
    pub fn number(&self, keyword: &str) -> Option<f64> {
        self.keywords.get(keyword).and_then(Value::as_f64)
    }

    /// Whether a keyword is true.
    #[must_use]
    pub fn flag(&self, keyword: &str) -> bool {
        self.keywords.get(keyword) == Some(&Value::Bool(true))
    }

    /// A keyword's list; empty if there is none.
    #[must_use]
    pub fn list(&self, keyword: &str) -> &[Value] {
        self.keywords
            .get(keyword)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// The schema's one type.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.keywords.get("type").and_then(Value::as_str)
    }

    /// The schema's properties, in their order.
    pub fn properties(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.keywords
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    }

    /// Whether the property must be there.
    #[must_use]
    pub fn requires(&self, name: &str) -> bool {
        self.list("required").iter().any(|other| other == name)
    }
}

/// A property's name as people read it: `follow_links` becomes "Follow links".
#[must_use]
pub fn humanised(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if matches!(c, '_' | '-' | ' ') {
            words.push(' ');
            after_lower = false;
        } else if c.is_uppercase() && after_lower {
            words.push(' ');
            words.extend(c.to_lowercase());
            after_lower = false;
        } else {
            after_lower = c.is_lowercase();
            words.push(c);
        }
    }
    let words = words.trim();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_reference_is_followed_and_what_stands_beside_it_wins() {
        let root = json!({"$defs": {"A": {"type": "string", "title": "Inner", "enum": ["x"]}}});
        let resolved = resolve(&root, &json!({"$ref": "#/$defs/A", "title": "Outer"}));
        assert_eq!(resolved.text("title"), Some("Outer".into()));
        assert_eq!(resolved.list("enum"), [json!("x")]);
    }

    #[test]
    fn every_way_of_saying_or_null_is_understood() {
        let root = json!({"$defs": {"A": {"type": "string"}}});
        for schema in [
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]}),
            json!({"oneOf": [{"type": "null"}, {"type": "string"}]}),
        ] {
            let resolved = resolve(&root, &schema);
            assert!(resolved.nullable, "{schema}");
            assert_eq!(resolved.kind(), Some("string"), "{schema}");
        }
    }

    #[test]
    fn a_reference_in_a_circle_comes_to_an_end() {
        let root = json!({"$defs": {"A": {"$ref": "#/$defs/A"}}});
        let _ = resolve(&root, &json!({"$ref": "#/$defs/A"}));
    }

    #[test]
    fn names_become_words() {
        assert_eq!(humanised("follow_links"), "Follow links");
        assert_eq!(humanised("totalBytes"), "Total bytes");
        assert_eq!(humanised("sha256"), "Sha256");
        assert_eq!(humanised(""), "");
    }

    proptest! {
        #[test]
        fn any_name_becomes_words_without_a_panic(name in ".{0,20}") {
            let _ = humanised(&name);
        }
    }
}
