//! Schemas and edits as chance makes them.

use proptest::prelude::*;
use proptest::{collection, sample};
use serde_json::{Map, Value, json};

use super::super::change::{Direction, Kind};
use super::{answered, breaks, kinds, sent};

/// One change to a schema, and whom it breaks.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The schema as it was.
    pub old: Value,
    /// The schema as it is.
    pub new: Value,
    /// Whether a client fails that sends the old one.
    pub breaks_sent: bool,
    /// Whether a client fails that understands the old one.
    pub breaks_answered: bool,
}

fn edit(old: Value, new: Value, breaks_sent: bool, breaks_answered: bool) -> Edit {
    Edit {
        old,
        new,
        breaks_sent,
        breaks_answered,
    }
}

fn object(fields: Value, required: Value) -> Value {
    json!({"type": "object", "properties": fields, "required": required})
}

fn nullable(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn variant(tag: &str, field: Value) -> Value {
    object(
        json!({"kind": {"const": tag}, "size": field}),
        json!(["kind", "size"]),
    )
}

/// Names of types that always exist, and hold each other.
pub fn types() -> Map<String, Value> {
    let reference = |name: &str| json!({"$ref": format!("#/schemas/{name}")});
    let list = |items: Value| json!({"type": "array", "items": items});
    let types = json!({
        "Tree": object(json!({"name": {"type": "string"}, "children": list(reference("Tree"))}), json!(["name"])),
        "Even": object(json!({"next": nullable(reference("Odd"))}), json!([])),
        "Odd": {"oneOf": [variant("end", json!({"type": "null"})), variant("more", reference("Even"))]},
        "Id": {"type": "string"},
    });
    types.as_object().unwrap().clone()
}

/// Any schema that code generation writes.
pub fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!({"type": "null"})),
        Just(json!({"type": "boolean"})),
        Just(json!({"type": "number"})),
        Just(json!({"type": ["string", "null"]})),
        Just(json!({"type": "string", "minLength": 1, "maxLength": 1})),
        (0..9, 10..99).prop_map(|(a, b)| json!({"type": "integer", "minimum": a, "maximum": b})),
        sample::subsequence(vec!["a", "b", "c"], 1..=3)
            .prop_map(|names| json!({"type": "string", "enum": names})),
        sample::select(vec!["Tree", "Even", "Odd", "Id"])
            .prop_map(|name| json!({"$ref": format!("#/schemas/{name}")})),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let fields = collection::btree_map("[a-d]", (inner.clone(), any::<bool>()), 0..4);
        let fields = fields.prop_map(|fields| {
            let required: Vec<_> = fields.iter().filter(|f| f.1.1).map(|f| f.0.clone()).collect();
            let fields: Map<_, _> = fields.into_iter().map(|(name, f)| (name, f.0)).collect();
            object(fields.into(), required.into())
        });
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            inner.clone().prop_map(|value| json!({"type": "object", "additionalProperties": value})),
            inner.clone().prop_map(nullable),
            collection::vec(inner.clone(), 1..3).prop_map(|elements| json!({
                "type": "array",
                "items": false,
                "minItems": elements.len(),
                "maxItems": elements.len(),
                "prefixItems": elements,
            })),
            fields.clone(),
            (fields, inner.clone()).prop_map(|(fields, more)| json!({
                "type": "object",
                "allOf": [fields, object(json!({"z": more}), json!([]))],
            })),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| json!({
                "oneOf": [variant("one", one), variant("other", other)],
            })),
            inner.prop_map(|payload| json!({"oneOf": [
                {"const": "None"},
                {"type": "object", "properties": {"Some": payload}, "required": ["Some"], "additionalProperties": false},
            ]})),
        ]
    })
}

/// Every kind of edit, about a schema that chance made.
pub fn edits() -> impl Strategy<Value = Edit> {
    // Only what is neither anything nor null already can become so.
    let plain = schema().prop_filter("says something, and not of null", |schema| {
        let text = schema.to_string();
        *schema != json!(true) && !text.contains("null") && !text.contains("$ref")
    });
    (plain, any::<bool>()).prop_flat_map(|(it, required)| {
        let names = if required { json!(["it", "new"]) } else { json!(["it"]) };
        let with_it = object(json!({"it": it}), json!(["it"]));
        let with_both = object(json!({"it": it, "new": it}), names);
        let must = object(json!({"it": it}), json!(["it"]));
        let may = object(json!({"it": it}), json!([]));
        let (one, other) = (variant("one", it.clone()), variant("other", it.clone()));
        let text = |values: Value| json!({"type": "string", "enum": values});
        let number = |most: u32| json!({"type": "integer", "minimum": 0, "maximum": most});
        let tail = |least: usize| json!({"type": "array", "items": false, "prefixItems": [it, it], "minItems": least, "maxItems": 2});
        sample::select(vec![
            edit(it.clone(), nullable(it.clone()), false, true),
            edit(nullable(it.clone()), it.clone(), true, false),
            edit(it.clone(), json!(true), false, true),
            edit(json!(true), it.clone(), true, false),
            edit(with_it.clone(), with_both.clone(), required, false),
            edit(with_both, with_it, true, required),
            edit(must.clone(), may.clone(), false, true),
            edit(may, must, true, false),
            edit(one.clone(), json!({"oneOf": [one, other]}), false, true),
            edit(json!({"oneOf": [other, one]}), one.clone(), true, false),
            edit(one, other, true, true),
            edit(text(json!(["a", "b"])), text(json!(["b", "a", "c"])), false, true),
            edit(text(json!(["a", "b"])), text(json!(["b"])), true, false),
            edit(text(json!(["a"])), json!({"type": "string"}), false, true),
            edit(json!({"type": "string"}), text(json!(["a"])), true, false),
            edit(number(255), number(65_535), false, true),
            edit(number(255), number(127), true, false),
            edit(number(255), json!({"type": "number"}), false, true),
            edit(number(255), json!({"type": "string"}), true, true),
            edit(json!({"type": "array", "items": it}), json!({"type": "object", "additionalProperties": it}), true, true),
            edit(tail(2), tail(1), false, true),
            edit(tail(1), tail(2), true, false),
            edit(json!({"type": "array", "items": it}), json!({"type": "array", "items": it, "maxItems": 9}), true, false),
            edit(it.clone(), json!({"description": "Words.", "allOf": [it]}), false, false),
        ])
        .prop_filter("putting together is for objects", |edit| {
            edit.new.get("allOf").is_none() || edit.old["type"] == "object"
        })
    })
}

/// Puts a schema somewhere inside another one.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Itself,
    Field,
    Each,
    Value,
    Element,
    Variant,
    Flattened,
}

impl Place {
    /// The whole schema.
    pub fn around(self, it: &Value) -> Value {
        match self {
            Self::Itself => it.clone(),
            Self::Field => object(
                json!({"it": it, "other": {"type": "boolean"}}),
                json!(["it"]),
            ),
            Self::Each => json!({"type": "array", "items": it}),
            Self::Value => json!({"type": "object", "additionalProperties": it}),
            Self::Element => json!({
                "type": "array",
                "prefixItems": [{"type": "string"}, it],
                "items": false,
                "minItems": 2,
                "maxItems": 2,
            }),
            Self::Variant => {
                json!({"oneOf": [{"const": "none"}, variant("one", it.clone()), variant("two", json!(true))]})
            }
            Self::Flattened => json!({"type": "object", "allOf": [
                {"$ref": "#/schemas/Tree"},
                object(json!({"it": it}), json!(["it"])),
            ]}),
        }
    }
}

pub fn places() -> impl Strategy<Value = Vec<Place>> {
    use Place::{Each, Element, Field, Flattened, Itself, Value, Variant};
    let place = sample::select(vec![
        Itself, Field, Each, Value, Element, Variant, Flattened,
    ]);
    collection::vec(place, 0..3)
}

fn put(places: &[Place], it: &Value) -> Value {
    places
        .iter()
        .fold(it.clone(), |it, place| place.around(&it))
}

/// What the change is called that undoes one.
fn undone(kind: Kind) -> Kind {
    match kind {
        Kind::Widened => Kind::Narrowed,
        Kind::Narrowed => Kind::Widened,
        Kind::FieldAdded { required } => Kind::FieldRemoved { required },
        Kind::FieldRemoved { required } => Kind::FieldAdded { required },
        Kind::BecameRequired => Kind::BecameOptional,
        Kind::BecameOptional => Kind::BecameRequired,
        same => same,
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(250)
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_schema_beside_itself_is_unchanged(schema in schema()) {
        prop_assert_eq!(sent(&schema, &schema, &types()), []);
        prop_assert_eq!(answered(&schema, &schema, &types()), []);
    }

    #[test]
    fn an_edit_breaks_whom_the_table_says_wherever_it_stands(edit in edits(), places in places()) {
        let (old, new) = (put(&places, &edit.old), put(&places, &edit.new));
        let told = sent(&old, &new, &types());
        prop_assert_eq!(breaks(&told), edit.breaks_sent, "sent: {:#?}", told);
        let told = answered(&old, &new, &types());
        prop_assert_eq!(breaks(&told), edit.breaks_answered, "answered: {:#?}", told);
    }

    /// It makes no difference whether the type is named.
    #[test]
    fn an_edit_of_a_named_type_is_the_same_edit(edit in edits(), places in places()) {
        let named = |schema: &Value| {
            let mut types = types();
            types.insert("It".to_owned(), schema.clone());
            types
        };
        let reference = put(&places, &json!({"$ref": "#/schemas/It"}));
        let whole = |types: &Map<String, Value>| {
            super::contract(json!([]), &reference, None, types)
        };
        let told = super::changes(&whole(&named(&edit.old)), &whole(&named(&edit.new)));
        prop_assert_eq!(breaks(&told), edit.breaks_answered, "{:#?}", told);
    }

    #[test]
    fn going_back_is_the_same_the_other_way_round(old in schema(), new in schema()) {
        let there = kinds(&sent(&old, &new, &types()));
        let mut back: Vec<_> = kinds(&sent(&new, &old, &types())).into_iter().map(undone).collect();
        back.sort_unstable();
        prop_assert_eq!(there, back);
    }

    /// Clients that send less than is read are fine, and so are those that are told less than they
    /// understand. Only a field that is gone is told apart, since its type may refuse what it doesn't
    /// know.
    #[test]
    fn narrowing_what_is_sent_breaks_like_widening_what_is_answered(old in schema(), new in schema()) {
        let there = sent(&old, &new, &types());
        let is_removal = |kind: &Kind| matches!(kind, Kind::FieldRemoved { .. });
        prop_assume!(!kinds(&there).iter().any(is_removal));
        prop_assert_eq!(breaks(&there), breaks(&answered(&new, &old, &types())));
    }

    #[test]
    fn a_change_breaks_by_its_kind_and_direction_alone(old in schema(), new in schema()) {
        for change in sent(&old, &new, &types()) {
            prop_assert_eq!(change.breaks, change.kind.unwrap().breaks(Direction::ToBackend));
        }
        for change in answered(&old, &new, &types()) {
            prop_assert_eq!(change.breaks, change.kind.unwrap().breaks(Direction::ToClient));
        }
    }
}
