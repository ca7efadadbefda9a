//! Commands, arguments and events: one change each, what is said of it, and whom it breaks.

use serde_json::{Map, Value, json};

use super::{Contract, answered, breaks, changes, sent};

/// A contract with one of everything.
fn whole() -> Value {
    json!({
        "format": 1,
        "hash": "0",
        "commands": {"go": {
            "docs": "Goes.",
            "args": [
                {"name": "place", "schema": {"type": "string"}},
                {"name": "speed", "schema": {"type": ["number", "null"]}},
                {"name": "onStep", "channel": {"type": "string"}},
            ],
            "ok": {"$ref": "#/schemas/Way"},
            "err": {"type": "string"},
        }},
        "events": {"gone": {"docs": "", "payload": {"$ref": "#/schemas/Way"}}},
        "schemas": {"Way": {
            "type": "object",
            "properties": {
                "length": {"type": "integer", "minimum": 0, "maximum": 255},
                "back": {"anyOf": [{"$ref": "#/schemas/Way"}, {"type": "null"}]},
            },
            "required": ["length", "back"],
        }},
    })
}

/// What is said when `edit` is made, which breaks clients or not.
#[track_caller]
fn told(edit: impl FnOnce(&mut Value), expected: bool) -> String {
    let mut new = whole();
    edit(&mut new);
    let parse = |value: &Value| Contract::parse(&value.to_string(), "the test").unwrap();
    let changes = changes(&parse(&whole()), &parse(&new));
    assert_eq!(breaks(&changes), expected, "{changes:#?}");
    let sentences: Vec<_> = changes.into_iter().map(|change| change.sentence).collect();
    assert!(!sentences.is_empty(), "nothing is said");
    sentences.join("\n")
}

fn arguments(contract: &mut Value) -> &mut Vec<Value> {
    contract["commands"]["go"]["args"].as_array_mut().unwrap()
}

fn remove(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name);
}

#[test]
fn a_command_or_an_event_that_is_gone_breaks_and_a_new_one_does_not() {
    let text = told(|new| remove(&mut new["commands"], "go"), true);
    assert_eq!(text, "The command go is gone.");
    let text = told(|new| remove(&mut new["events"], "gone"), true);
    assert_eq!(text, "The event gone is gone.");
    let text = told(
        |new| new["commands"]["rest"] = new["commands"]["go"].clone(),
        false,
    );
    assert_eq!(text, "The command rest is new.");
    let text = told(
        |new| new["events"]["came"] = new["events"]["gone"].clone(),
        false,
    );
    assert_eq!(text, "The event came is new.");
}

#[test]
fn a_new_argument_breaks_unless_it_may_be_left_out() {
    let add = |schema: Value| {
        move |new: &mut Value| arguments(new).push(json!({"name": "who", "schema": schema}))
    };
    assert!(told(add(json!({"type": "string"})), true).contains("must be there"));
    assert!(told(add(json!(true)), true).contains("must be there"));
    assert!(told(add(json!({"type": ["string", "null"]})), false).contains("may be left out"));
    let or_null = json!({"anyOf": [{"$ref": "#/schemas/Way"}, {"type": "null"}]});
    assert!(told(add(or_null), false).contains("may be left out"));
    let channel = json!({"name": "who", "channel": {"type": "string"}});
    assert!(told(|new| arguments(new).push(channel), true).contains("must be there"));
}

#[test]
fn an_argument_that_is_gone_is_ignored_and_a_channel_is_missed() {
    assert!(told(|new| drop(arguments(new).remove(0)), false).contains("place of go is gone"));
    assert!(told(|new| drop(arguments(new).remove(2)), true).contains("hears nothing"));
}

#[test]
fn arguments_may_change_places() {
    let mut new = whole();
    arguments(&mut new).reverse();
    let parse = |value: &Value| Contract::parse(&value.to_string(), "the test").unwrap();
    assert_eq!(changes(&parse(&whole()), &parse(&new)), []);
}

#[test]
fn a_value_is_no_channel() {
    let channel = json!({"name": "place", "channel": {"type": "string"}});
    assert!(told(|new| arguments(new)[0] = channel, true).contains("is a channel and was a value"));
}

#[test]
fn what_a_channel_or_an_error_says_is_understood_by_clients() {
    let more = json!({"type": ["string", "null"]});
    let channel = more.clone();
    let text = told(|new| arguments(new)[2]["channel"] = channel, true);
    assert_eq!(text, "The argument onStep of go may be null now.");
    let err = more.clone();
    let text = told(|new| new["commands"]["go"]["err"] = err, true);
    assert_eq!(text, "What go fails with may be null now.");
    let text = told(|new| arguments(new)[0]["schema"] = more, false);
    assert_eq!(text, "The argument place of go may be null now.");
}

#[test]
fn a_command_may_learn_to_fail_and_forget_it() {
    assert!(told(|new| new["commands"]["go"]["err"] = json!(null), false).contains("can't fail"));
}

#[test]
fn a_deprecation_breaks_nobody() {
    let text = told(
        |new| new["commands"]["go"]["deprecated"] = json!("walk"),
        false,
    );
    assert_eq!(text, "The command go is deprecated.");
    let deprecate = |new: &mut Value| {
        new["schemas"]["Way"]["properties"]["length"]["deprecated"] = json!(true);
    };
    assert!(told(deprecate, false).contains("Way.length is deprecated"));
}

#[test]
fn a_type_is_told_of_once_with_its_name_and_field_though_many_use_it() {
    let widen = |new: &mut Value| {
        new["schemas"]["Way"]["properties"]["length"]["maximum"] = json!(65_535);
    };
    let text = told(widen, true);
    assert_eq!(
        text,
        "Way.length has the upper bound 65535 and had the upper bound 255, in what go answers."
    );
}

#[test]
fn another_plugin_is_another_contract() {
    assert!(told(|new| new["plugin"] = json!("legs"), true).contains("plugin"));
}

#[test]
fn only_a_layout_that_is_known_is_read() {
    for text in ["", "{}", r#"{"format": 2}"#] {
        let error = Contract::parse(text, "the file")
            .map(drop)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("the file "), "{error}");
    }
}

#[test]
fn what_other_fields_of_a_flattened_map_hold_is_compared_with_a_new_field() {
    let none = Map::new();
    let map = |fields: Value| {
        json!({
            "type": "object",
            "allOf": [{"type": "object", "properties": fields, "required": ["a"]}],
            "unevaluatedProperties": {"type": "integer"},
        })
    };
    let old = map(json!({"a": {"type": "string"}}));
    let fits = map(json!({"a": {"type": "string"}, "b": {"type": "integer"}}));
    assert!(!breaks(&answered(&old, &fits, &none)));
    let differs = map(json!({"a": {"type": "string"}, "b": {"type": "string"}}));
    assert!(breaks(&answered(&old, &differs, &none)));
    assert!(breaks(&sent(&old, &differs, &none)));
}

#[test]
fn a_renamed_type_is_the_same_on_the_wire() {
    let mut types = Map::new();
    types.insert("Old".to_owned(), json!({"type": "string"}));
    types.insert("New".to_owned(), json!({"type": "string"}));
    let of = |name: &str| json!({"type": "array", "items": {"$ref": format!("#/schemas/{name}")}});
    assert_eq!(answered(&of("Old"), &of("New"), &types), []);
}
