//! Inputs are generated together with their schemas and with what is to be kept of them.

use super::*;
use proptest::prelude::*;

/// A place in an input, from which its schema, its value and what is kept of that are made.
#[derive(Clone, Debug)]
enum Place {
    Text(String),
    Number(i64),
    Secret(Value),
    Missing,
    Optional(Box<Place>),
    List(Box<Place>, usize),
    Tuple(Vec<Place>, Box<Place>),
    Object(Vec<Place>),
    Map(Box<Place>, Vec<String>),
    Elsewhere(Box<Place>),
    Both(Box<Place>),
    Tagged(Box<Place>),
    Conditional(Box<Place>),
}

/// Occurs in every secret that is typed in, and nowhere else.
const TYPED: &str = "typed in";

fn place() -> impl Strategy<Value = Place> {
    let secret = prop_oneof![
        4 => "\\PC{0,6}".prop_map(|text| json!(format!("{TYPED}{text}"))),
        1 => "[A-Za-z0-9._-]{1,64}".prop_map(|name| json!({ "secret": name })),
        1 => Just(json!({ "redacted": true })),
        // What is no secret's form may well hold one.
        1 => Just(json!({ "secret": format!("{TYPED}!") })),
        1 => Just(json!([TYPED, { "redacted": true }])),
    ];
    let leaf = prop_oneof![
        2 => "\\PC{0,6}".prop_map(Place::Text),
        1 => any::<i64>().prop_map(Place::Number),
        3 => secret.prop_map(Place::Secret),
        1 => Just(Place::Missing),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let one = inner.clone().prop_map(Box::new);
        let several = prop::collection::vec(inner, 0..4);
        prop_oneof![
            one.clone().prop_map(Place::Optional),
            (one.clone(), 0usize..4).prop_map(|(place, count)| Place::List(place, count)),
            (several.clone(), one.clone()).prop_map(|(first, last)| Place::Tuple(first, last)),
            several.prop_map(Place::Object),
            (
                one.clone(),
                prop::collection::vec("[a-c/~ä]{0,3}".prop_map(String::from), 0..4)
            )
                .prop_map(|(place, names)| Place::Map(place, names)),
            one.clone().prop_map(Place::Elsewhere),
            one.clone().prop_map(Place::Both),
            one.clone().prop_map(Place::Tagged),
            one.prop_map(Place::Conditional),
        ]
    })
}

impl Place {
    fn schema(&self, defs: &mut Map<String, Value>) -> Value {
        match self {
            Self::Text(_) => json!({ "type": "string", "x-secret": false }),
            Self::Number(_) => json!({ "type": "integer" }),
            Self::Secret(_) | Self::Missing => secret(),
            Self::Optional(place) => json!({ "anyOf": [place.schema(defs), { "type": "null" }] }),
            Self::List(place, _) => json!({ "type": "array", "items": place.schema(defs) }),
            Self::Tuple(first, last) => {
                let first: Vec<_> = first.iter().map(|place| place.schema(defs)).collect();
                json!({ "prefixItems": first, "items": last.schema(defs) })
            }
            Self::Object(fields) => {
                let named = fields.iter().enumerate();
                let properties: Map<_, _> = named
                    .map(|(number, place)| (format!("f{number}"), place.schema(defs)))
                    .collect();
                json!({ "type": "object", "properties": properties, "additionalProperties": false })
            }
            Self::Map(place, _) => json!({ "additionalProperties": place.schema(defs) }),
            Self::Elsewhere(place) => {
                let schema = place.schema(defs);
                let name = format!("Def/{}", defs.len());
                let pointer = name.replace('/', "~1");
                defs.insert(name, schema);
                json!({ "$ref": format!("#/$defs/{pointer}") })
            }
            Self::Both(place) => json!({ "allOf": [true, place.schema(defs)] }),
            // A secret of another alternative is none of this one.
            Self::Tagged(place) => json!({ "oneOf": [
                { "type": "object", "properties": { "kind": { "const": "other" }, "it": secret() } },
                { "type": "object", "properties": { "kind": { "const": "this" }, "it": place.schema(defs) } },
                { "type": "array", "items": secret() },
            ] }),
            Self::Conditional(place) => json!({ "if": {}, "then": place.schema(defs) }),
        }
    }

    /// What stands here, of which `typed` makes what is kept of secrets that were typed in.
    fn value(&self, typed: fn(&Value) -> Value) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number),
            Self::Secret(secret) if secret.to_string().contains(TYPED) => typed(secret),
            Self::Secret(secret) => secret.clone(),
            Self::Missing => Value::Null,
            Self::Optional(place) | Self::Elsewhere(place) => place.value(typed),
            Self::Both(place) | Self::Conditional(place) => place.value(typed),
            Self::List(place, count) => vec![place.value(typed); *count].into(),
            Self::Tuple(first, last) => {
                let all = first.iter().chain(std::iter::once(&**last));
                all.map(|place| place.value(typed)).collect()
            }
            Self::Object(fields) => {
                let named = fields.iter().enumerate();
                let fields = named.map(|(number, at)| (format!("f{number}"), at.value(typed)));
                Value::Object(fields.collect())
            }
            Self::Map(place, names) => {
                let fields = names.iter().map(|name| (name.clone(), place.value(typed)));
                Value::Object(fields.collect())
            }
            Self::Tagged(place) => json!({ "kind": "this", "it": place.value(typed) }),
        }
    }
}

fn secret() -> Value {
    json!({ "x-secret": true, "oneOf": [{ "type": "string" }, { "type": "object" }] })
}

fn whole_schema(place: &Place) -> Value {
    let mut defs = Map::new();
    let mut schema = place.schema(&mut defs);
    schema["$defs"] = defs.into();
    schema
}

proptest! {
    #[test]
    fn what_was_typed_in_is_gone_and_everything_else_is_as_it_was(place in place()) {
        let schema = whole_schema(&place);
        let input = place.value(Value::clone);
        let kept = redact(&input, &schema);
        prop_assert!(!kept.to_string().contains(TYPED), "{kept}");
        prop_assert_eq!(&kept, &place.value(|_| json!({ "redacted": true })));
        // What is kept stays as it is.
        prop_assert_eq!(&redact(&kept, &schema), &kept);
        prop_assert!(kept == input || has_secrets(&schema));
    }

    #[test]
    fn each_secret_is_passed_once_with_where_it_stands(place in place()) {
        let schema = whole_schema(&place);
        let mut input = place.value(Value::clone);
        let mut seen = Vec::new();
        let before = input.clone();
        each_secret(&mut input, &schema, &mut |at, value| seen.push((at.to_owned(), value.clone())));
        prop_assert_eq!(&before, &input);
        for (at, value) in &seen {
            prop_assert_eq!(before.pointer(at), Some(value));
            prop_assert_eq!(seen.iter().filter(|(other, _)| other == at).count(), 1);
        }
    }
}

#[test]
fn where_no_alternative_fits_each_may_be_meant() {
    let schema = json!({ "oneOf": [
        { "properties": { "kind": { "const": "a" }, "key": secret() } },
        { "properties": { "kind": { "const": "b" } } },
    ] });
    let redacted = redact(&json!({ "kind": "mistyped", "key": TYPED }), &schema);
    assert_eq!(redacted["key"], json!({ "redacted": true }));
    let other = json!({ "kind": "b", "key": "no secret here" });
    assert_eq!(redact(&other, &schema), other);
}

#[test]
fn a_schema_that_goes_round_in_circles_ends() {
    let schema = json!({
        "$ref": "#/$defs/Tree",
        "$defs": { "Tree": { "allOf": [{ "$ref": "#" }], "properties": {
            "key": secret(),
            "below": { "$ref": "#/$defs/Tree" },
        } } },
    });
    let input = json!({ "below": { "below": { "key": TYPED } } });
    let kept = json!({ "below": { "below": { "key": { "redacted": true } } } });
    assert_eq!(redact(&input, &schema), kept);
}
