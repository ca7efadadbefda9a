//! Which schema gives which field.

use super::*;
use proptest::prelude::*;

fn only(property: Value) -> Field {
    let schema = json!({"type": "object", "properties": {"it": property}});
    FormModel::of(&schema).fields.remove(0)
}

#[test]
fn fields_stand_in_the_schemas_order_with_their_words() {
    let form = FormModel::of(&json!({
        "type": "object",
        "required": ["zeta"],
        "properties": {
            "zeta": {"type": "string", "title": "Last letter", "description": "Help."},
            "alpha_beta": {"type": "string", "x-advanced": true, "examples": ["like this"]},
        }
    }));
    let [zeta, alpha] = form.fields.as_slice() else {
        panic!("two fields")
    };
    assert_eq!((zeta.label.as_str(), zeta.required), ("Last letter", true));
    assert_eq!(zeta.help.as_deref(), Some("Help."));
    assert_eq!(alpha.label, "Alpha beta");
    assert_eq!(alpha.example.as_deref(), Some("like this"));
    assert!(alpha.advanced && !alpha.required);
    assert_eq!(alpha.pointer, "/alpha_beta");
}

#[test]
fn strings_differ_by_what_the_schema_says_about_them() {
    for (keyword, value, look) in [
        ("title", json!("T"), TextLook::Line),
        ("x-multiline", json!(true), TextLook::Lines),
        ("writeOnly", json!(true), TextLook::Hidden),
        ("format", json!("uri"), TextLook::Address),
        ("format", json!("date"), TextLook::Date),
        ("format", json!("date-time"), TextLook::Moment),
        ("format", json!("time"), TextLook::Time),
    ] {
        let field = only(json!({"type": "string", keyword: value}));
        assert_eq!(field.kind, FieldKind::Text(look), "{keyword}");
    }
    let secret = only(json!({"x-secret": true, "oneOf": [{"type": "string"}, {"type": "object"}]}));
    assert_eq!(secret.kind, FieldKind::Secret);
    let output = only(json!({"type": ["string", "null"], "format": "path", "x-path": "output"}));
    assert_eq!(output.kind, FieldKind::Path(PathUse::Output));
    assert!(output.nullable);
}

#[test]
fn numbers_keep_their_bounds_and_unit() {
    let field = only(json!({"type": "integer", "minimum": 1, "maximum": 16, "x-unit": "MB"}));
    assert_eq!(
        field.kind,
        FieldKind::Number {
            integer: true,
            minimum: Some(1.0),
            maximum: Some(16.0),
            step: None,
            unit: Some("MB".into())
        }
    );
}

#[test]
fn an_enum_is_a_choice_in_each_of_its_spellings() {
    let labels = |field: Field| match field.kind {
        FieldKind::Choice(choices) => choices.into_iter().map(|c| c.label).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        labels(only(
            json!({"type": "string", "enum": ["fast", "very_slow"]})
        )),
        ["fast", "Very slow"]
    );
    assert_eq!(
        labels(only(json!({"oneOf": [
            {"type": "string", "const": "a", "title": "Ay"},
            {"type": "string", "enum": ["b"]}
        ]}))),
        ["Ay", "b"]
    );
    assert_eq!(
        labels(only(json!({"type": ["boolean", "null"]}))),
        ["Yes", "No"]
    );
}

#[test]
fn lists_of_words_and_paths_have_lines_others_rows_and_what_has_no_shape_is_json() {
    let list = |items: Value| only(json!({"type": "array", "items": items})).kind;
    assert_eq!(
        list(json!({"type": "string"})),
        FieldKind::List(ListItems::Text)
    );
    assert_eq!(
        list(json!({"type": "string", "format": "path"})),
        FieldKind::List(ListItems::Path(PathUse::Input))
    );
    for items in [
        json!({"type": "integer"}),
        json!({"enum": ["a", "b"]}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        json!({"type": "array", "items": {"type": "string"}}),
    ] {
        assert!(matches!(list(items.clone()), FieldKind::Rows(_)), "{items}");
    }
    assert_eq!(list(json!({"type": "object"})), FieldKind::Json);
    assert_eq!(list(json!(true)), FieldKind::Json);
    let map = only(json!({"type": "object", "additionalProperties": {"type": "integer"}}));
    assert!(matches!(map.kind, FieldKind::Map(_)));
}

#[test]
fn a_tagged_one_of_is_a_choice_of_variants_whose_keys_differ() {
    let field = only(json!({"oneOf": [
        {"type": "object", "required": ["kind", "size"], "properties": {
            "kind": {"const": "by_size"}, "size": {"type": "integer"}}},
        {"type": "object", "required": ["kind"], "properties": {
            "kind": {"const": "by_name"}, "size": {"type": "string"}}},
        {"type": "string", "const": "none"}
    ]}));
    let FieldKind::Variants(variants) = field.kind else {
        panic!("variants")
    };
    let labels: Vec<_> = variants.iter().map(|v| v.label.as_str()).collect();
    assert_eq!(labels, ["By size", "By name", "none"]);
    let (first, second) = (&variants[0].fields()[0], &variants[1].fields()[0]);
    assert_eq!(first.pointer, "/it/size");
    assert_eq!(first.pointer, second.pointer);
    assert_ne!(first.key, second.key);
}

#[test]
fn an_optional_object_is_a_group_that_can_be_left_out() {
    let schema = json!({
        "$defs": {"Limits": {"type": "object", "properties": {"size": {"type": "integer"}}}},
        "type": "object",
        "properties": {"limits": {"anyOf": [{"$ref": "#/$defs/Limits"}, {"type": "null"}]}}
    });
    let form = FormModel::of(&schema);
    assert!(form.fields[0].is_optional_group());
    let mut seen = Vec::new();
    for field in &form.fields {
        field.each(&mut |field| seen.push(field.pointer.clone()));
    }
    assert_eq!(seen, ["/limits", "/limits/size"]);
}

#[test]
fn a_type_inside_itself_ends_as_json() {
    let form = FormModel::of(&json!({
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
        "type": "object",
        "properties": {"node": {"$ref": "#/$defs/Node"}}
    }));
    let mut kinds = Vec::new();
    for field in &form.fields {
        field.each(&mut |field| kinds.push(field.kind.clone()));
    }
    assert_eq!(kinds.last(), Some(&FieldKind::Json));
}

/// Any small JSON value, out of words that schemas use.
pub fn any_json() -> impl Strategy<Value = Value> {
    let word = proptest::sample::select(vec![
        "string",
        "integer",
        "object",
        "array",
        "boolean",
        "null",
        "path",
        "#/$defs/a",
        "#",
        "x",
    ]);
    let leaf = prop_oneof![
        word.prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        (0..9i32).prop_map(Value::from),
        Just(Value::Null),
    ];
    let key = proptest::sample::select(vec![
        "type",
        "properties",
        "items",
        "oneOf",
        "anyOf",
        "allOf",
        "enum",
        "const",
        "default",
        "$ref",
        "$defs",
        "required",
        "format",
        "title",
        "examples",
        "a",
        "b",
    ]);
    leaf.prop_recursive(6, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|entries| {
                Value::Object(
                    entries
                        .into_iter()
                        .map(|(k, v)| (k.to_owned(), v))
                        .collect(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_at_all_gives_a_form(schema in any_json()) {
        let form = FormModel::of(&json!({"type": "object", "properties": {"a": schema}}));
        let values = form.initial_values();
        let _ = form.input(&values);
    }
}
