//! Which strings of an input are paths: those whose schema says so with `x-path`.
//!
//! Tools take whole paths only. Whoever knows what a relative one is meant against, as a terminal does,
//! makes it whole with this before it is sent. What a path is for, as [`PathUse`] says, decides who may
//! name it.

use serde_json::Value;

/// How often a schema may point on to another before it counts as going round in circles.
const MOST_STEPS: u32 = 12;

/// What a tool does with a path of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathUse {
    /// It reads the file or folder.
    Input,
    /// It writes the file.
    Output,
    /// It writes into the folder.
    OutputDir,
}

impl PathUse {
    /// What the schema of a string says of it; none if it isn't a path.
    #[must_use]
    pub fn of(schema: &Value) -> Option<Self> {
        Some(match schema["x-path"].as_str()? {
            "output" => Self::Output,
            "output-dir" => Self::OutputDir,
            _ => Self::Input,
        })
    }

    /// Whether a schema has a place for a path to write to.
    #[must_use]
    pub fn writes(schema: &Value) -> bool {
        match schema {
            Value::Object(fields) => {
                Self::of(schema).is_some_and(|path| path != Self::Input)
                    || fields.values().any(Self::writes)
            }
            Value::Array(items) => items.iter().any(Self::writes),
            _ => false,
        }
    }
}

/// Calls `each` with every path in an input, however deep, to be changed in place. What doesn't fit the
/// schema is left alone: the check of inputs will say so. A path may be passed more than once.
pub fn each_path(input: &mut Value, schema: &Value, each: &mut dyn FnMut(&mut String)) {
    each_string(input, schema, &mut |text, schema| {
        if PathUse::of(schema).is_some() {
            each(text);
        }
    });
}

/// Calls `each` with every string in an input, however deep, and with what the schema says of it. A
/// string of which it says nothing is passed too, with null; one may be passed more than once.
pub fn each_string(input: &mut Value, schema: &Value, each: &mut dyn FnMut(&mut String, &Value)) {
    visit(input, schema, schema, each, 0);
}

fn visit(
    value: &mut Value,
    schema: &Value,
    root: &Value,
    each: &mut dyn FnMut(&mut String, &Value),
    steps: u32,
) {
    if steps > MOST_STEPS {
        return;
    }
    if let Some(reference) = schema["$ref"].as_str()
        && let Some(meant) = reference.strip_prefix('#').and_then(|at| root.pointer(at))
    {
        visit(value, meant, root, each, steps + 1);
    }
    for alternatives in ["anyOf", "oneOf", "allOf"] {
        for alternative in schema[alternatives].as_array().into_iter().flatten() {
            visit(value, alternative, root, each, steps + 1);
        }
    }
    match value {
        Value::String(text) => each(text, schema),
        Value::Array(items) => {
            let first = schema["prefixItems"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            for (index, item) in items.iter_mut().enumerate() {
                let schema = first.get(index).unwrap_or(&schema["items"]);
                visit(item, schema, root, each, 0);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let own = &schema["properties"][name.as_str()];
                let schema = if own.is_null() {
                    &schema["additionalProperties"]
                } else {
                    own
                };
                visit(field, schema, root, each, 0);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_are_found_however_deep_and_nothing_else_is() {
        let path = json!({ "type": "string", "x-path": "input" });
        let schema = json!({
            "properties": {
                "paths": { "type": "array", "items": path },
                "pairs": { "items": { "prefixItems": [{ "type": "string" }, path] } },
                "to": { "anyOf": [path, { "type": "null" }] },
                "tree": { "$ref": "#/$defs/Tree" },
                "named": { "additionalProperties": path },
                "text": { "type": "string" },
            },
            "$defs": { "Tree": { "properties": {
                "here": path,
                "below": { "items": { "$ref": "#/$defs/Tree" } },
            } } },
        });
        let mut input = json!({
            "paths": ["a", 7],
            "pairs": [["left", "b"]],
            "to": "c",
            "tree": { "here": "d", "below": [{ "here": "e", "below": [] }] },
            "named": { "x": "f" },
            "text": "left",
            "unknown": "left",
        });
        each_path(&mut input, &schema, &mut |path| path.insert(0, '/'));
        assert_eq!(
            input,
            json!({
                "paths": ["/a", 7],
                "pairs": [["left", "/b"]],
                "to": "/c",
                "tree": { "here": "/d", "below": [{ "here": "/e", "below": [] }] },
                "named": { "x": "/f" },
                "text": "left",
                "unknown": "left",
            })
        );
    }

    #[test]
    fn a_schema_that_goes_round_in_circles_ends() {
        let schema = json!({ "$ref": "#", "allOf": [{ "$ref": "#" }] });
        let schema = json!({ "$ref": "#/allOf/0", "allOf": [schema["allOf"][0]] });
        each_path(&mut json!("a"), &schema, &mut |_| {
            panic!("there is no path")
        });
    }
}
