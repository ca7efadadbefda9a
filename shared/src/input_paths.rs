//! Which strings of an input are paths: those whose schema says so with `x-path`.
//!
//! Tools take whole paths only. Whoever knows what a relative one is meant against, as a terminal does,
//! makes it whole with this before it is sent.

use serde_json::Value;

/// How often a schema may point on to another before it counts as going round in circles.
const MOST_STEPS: u32 = 12;

/// Calls `each` with every path in an input, however deep, to be changed in place. What doesn't fit the
/// schema is left alone: the check of inputs will say so. A path may be passed more than once.
pub fn each_path(input: &mut Value, schema: &Value, each: &mut dyn FnMut(&mut String)) {
    visit(input, schema, schema, each, 0);
}

fn visit(
    value: &mut Value,
    schema: &Value,
    root: &Value,
    each: &mut dyn FnMut(&mut String),
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
        Value::String(text) if schema["x-path"].is_string() => each(text),
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
