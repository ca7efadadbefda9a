//! Schemas of every kind that the toolkit can make, each with a value that fits it.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// A schema and a value that fits it.
pub type Fitting = (Value, Value);

fn text() -> BoxedStrategy<Fitting> {
    let words = "[a-zA-Zä/. ]{0,8}[a-zäß]";
    prop_oneof![
        words.prop_map(|text| (json!({"type": "string"}), json!(text))),
        "[a-z ]{0,6}(\n[a-z]{1,6}){0,2}[a-z]"
            .prop_map(|text| (json!({"type": "string", "x-multiline": true}), json!(text))),
        "https://[a-z]{1,8}\\.org"
            .prop_map(|text| { (json!({"type": "string", "format": "uri"}), json!(text)) }),
        (2000..2100_u32, 1..13_u32, 1..29_u32).prop_map(|(year, month, day)| {
            let day = format!("{year}-{month:02}-{day:02}");
            (json!({"type": "string", "format": "date"}), json!(day))
        }),
        (0..24_u32, 0..60_u32).prop_map(|(hour, minute)| {
            let moment = format!("2026-11-22T{hour:02}:{minute:02}:07Z");
            (
                json!({"type": "string", "format": "date-time"}),
                json!(moment),
            )
        }),
        "/[a-z/]{0,8}[a-z]".prop_map(|path| {
            (
                json!({"type": "string", "format": "path", "x-path": "input"}),
                json!(path),
            )
        }),
    ]
    .boxed()
}

fn number() -> BoxedStrategy<Fitting> {
    let units = || select(vec!["bytes", "s", "ms", "px", "d"]);
    prop_oneof![
        any::<i64>().prop_map(|number| (json!({"type": "integer"}), json!(number))),
        (any::<u64>(), units()).prop_map(|(number, unit)| {
            (
                json!({"type": "integer", "minimum": 0, "x-unit": unit}),
                json!(number),
            )
        }),
        (any::<i32>(), units()).prop_map(|(number, unit)| {
            // Never a whole one: 2.0 comes back as 2, which JSON doesn't tell apart.
            let number = f64::from(number) + 0.5;
            (json!({"type": "number", "x-unit": unit}), json!(number))
        }),
    ]
    .boxed()
}

fn choice() -> BoxedStrategy<Fitting> {
    (1..7_usize, any::<prop::sample::Index>(), any::<bool>())
        .prop_map(|(count, index, titled)| {
            let value = |number: usize| json!(format!("value_{number}"));
            let schema = if titled {
                let options: Vec<Value> = (0..count)
                    .map(|number| json!({"const": value(number), "title": format!("V {number}")}))
                    .collect();
                json!({"oneOf": options})
            } else {
                json!({"type": "string", "enum": (0..count).map(value).collect::<Vec<_>>()})
            };
            (schema, value(index.index(count)))
        })
        .boxed()
}

fn secret() -> BoxedStrategy<Fitting> {
    let schema = || json!({"x-secret": true, "writeOnly": true, "oneOf": [{"type": "string"}, {"type": "object"}]});
    prop_oneof![
        "[a-z]{1,6}".prop_map(move |name| (schema(), json!({"secret": name}))),
        "[a-z ]{1,6}".prop_map(move |typed| (schema(), json!(typed))),
    ]
    .boxed()
}

fn leaf() -> BoxedStrategy<Fitting> {
    prop_oneof![
        text(),
        number(),
        choice(),
        secret(),
        any::<bool>().prop_map(|on| (json!({"type": "boolean"}), json!(on))),
    ]
    .boxed()
}

/// An object of `fields`. Those that may be missing are, or say so with a default or null.
fn object(fields: Vec<(Fitting, u8)>) -> Fitting {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut value = Map::new();
    for (index, ((schema, given), way)) in fields.into_iter().enumerate() {
        let name = format!("field_{index}");
        let schema = match way {
            0 => {
                required.push(name.clone());
                value.insert(name.clone(), given);
                schema
            }
            1 => {
                value.insert(name.clone(), given);
                json!({"anyOf": [schema, {"type": "null"}], "default": null})
            }
            2 => {
                // Left out, where nothing is a value of its own.
                match schema.get("type").and_then(Value::as_str) {
                    Some("boolean") => drop(value.insert(name.clone(), given)),
                    _ => required.retain(|other| *other != name),
                }
                schema
            }
            _ => {
                value.insert(name.clone(), given);
                let mut schema = schema;
                schema["x-advanced"] = json!(true);
                schema
            }
        };
        properties.insert(name, schema);
    }
    let schema = json!({"type": "object", "properties": properties, "required": required});
    (schema, Value::Object(value))
}

fn way() -> impl Strategy<Value = u8> {
    0..4_u8
}

/// A schema of an object's property, and a value.
fn any_field() -> impl Strategy<Value = Fitting> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec((inner.clone(), way()), 1..4).prop_map(object),
            // One shape for all rows, so the same schema; the values differ in what they can.
            (inner.clone(), 1..4_usize).prop_map(|((schema, value), count)| {
                (
                    json!({"type": "array", "items": schema}),
                    json!(vec![value; count]),
                )
            }),
            (
                inner.clone(),
                prop::collection::btree_set("[a-z/~]{1,4}", 1..4)
            )
                .prop_map(|((schema, value), names)| {
                    let all: Map<String, Value> = names
                        .into_iter()
                        .map(|name| (name, value.clone()))
                        .collect();
                    (
                        json!({"type": "object", "additionalProperties": schema}),
                        Value::Object(all),
                    )
                }),
            (
                prop::collection::vec(inner, 1..4),
                any::<prop::sample::Index>()
            )
                .prop_map(|(variants, chosen)| one_of(variants, chosen.index(64))),
        ]
    })
}

/// A tagged one-of, as an enum with data is written down.
fn one_of(variants: Vec<Fitting>, chosen: usize) -> Fitting {
    let chosen = chosen % variants.len();
    let mut value = Value::Null;
    let options: Vec<Value> = variants
        .into_iter()
        .enumerate()
        .map(|(index, (schema, given))| {
            let tag = format!("kind_{index}");
            if index == chosen {
                value = json!({"kind": tag, "of": given});
            }
            json!({"type": "object", "required": ["kind", "of"], "properties": {
                "kind": {"type": "string", "const": tag}, "of": schema,
            }})
        })
        .collect();
    (json!({"oneOf": options}), value)
}

/// The schema of an input, and an input that fits it.
pub fn any_input() -> impl Strategy<Value = Fitting> {
    prop::collection::vec((any_field(), way()), 1..5).prop_map(object)
}
