//! The small contract's schemas, held against what serde writes and reads.

#![allow(clippy::unwrap_used)]

mod judge;
mod small_contract;

use std::sync::LazyLock;

use judge::{Judge, changes};
use proptest::{collection, option, prelude::*, sample};
use serde_json::{Value, json};
use small_contract::{
    small_contract,
    types::{Counts, Each, Facts, Page, Query, Refusal, Shape, Step, Stored},
};

static JUDGE: LazyLock<Judge> = LazyLock::new(|| Judge::new(&small_contract()));

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(-1.5), -1e300..1e300f64]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Empty),
        number().prop_map(Shape::Circle),
        (number(), number()).prop_map(|(width, height)| Shape::RightAngled { width, height }),
    ]
}

fn refusal() -> impl Strategy<Value = Refusal> {
    prop_oneof![
        any::<String>().prop_map(|name| Refusal::NotFound { name }),
        Just(Refusal::Busy)
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    sample::select(vec![
        json!(null),
        json!("text"),
        json!([1, "two", {"three": null}]),
        json!({"kind": "circle", "size": -1}),
    ])
}

fn stored() -> impl Strategy<Value = Stored> {
    let facts = (0..1_u64 << 53, collection::btree_map(".*", ".*", 0..3))
        .prop_map(|(size, labels)| Facts { size, labels });
    let place = option::of((-1e30..1e30_f32, -1e30..1e30_f32));
    (".*", facts, place, anything()).prop_map(|(r#type, facts, place, extra)| Stored {
        r#type,
        facts,
        place,
        extra,
    })
}

fn page() -> impl Strategy<Value = Page<Stored>> {
    (collection::vec(stored(), 0..3), option::of(".*"))
        .prop_map(|(items, next_cursor)| Page { items, next_cursor })
}

fn query() -> impl Strategy<Value = Query> {
    (collection::vec(".*", 0..3), any::<u32>()).prop_map(|(words, limit)| Query { words, limit })
}

fn command(name: &str) -> &Value {
    &JUDGE.description["commands"][name]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    }
}

fn told(verdicts: Vec<Result<(), String>>) -> Result<(), TestCaseError> {
    let told: Result<(), String> = verdicts.into_iter().collect();
    told.map_err(TestCaseError::fail)
}

/// One of the documents near to what serde writes for `value`.
fn near(value: &impl serde::Serialize, change: usize) -> Value {
    let changed = changes(&serde_json::to_value(value).unwrap());
    changed[change % changed.len()].clone()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_serde_writes_is_what_the_schemas_say(
        page in page(),
        shapes in collection::vec(shape(), 0..3),
        refusal in refusal(),
        query in query(),
        counts in collection::hash_map(".*", any::<u32>(), 0..4),
        number in any::<u32>(),
        text in ".*",
        bytes in collection::vec(any::<u8>(), 0..9),
    ) {
        let (find, count) = (command("find_things"), command("count_names"));
        let (try_each, watch) = (command("try_each"), command("watch_steps"));
        let stored = &JUDGE.description["events"]["thing-stored"];
        let counts: Counts = counts;
        let each: Each = shapes.iter().cloned().map(Ok).chain([Err(refusal.clone())]).collect();
        told(vec![
            JUDGE.holds(&find["ok"], &page),
            JUDGE.holds(&stored["payload"], &page),
            JUDGE.holds(&find["err"], &refusal),
            JUDGE.holds(&find["args"][0]["schema"], &query),
            JUDGE.holds(&count["ok"], &counts),
            JUDGE.holds(&try_each["args"][0]["schema"], &shapes),
            JUDGE.holds(&try_each["ok"], &each),
            JUDGE.holds(&watch["args"][0]["schema"], &number),
            JUDGE.holds(&watch["args"][1]["channel"], &Step { number, text }),
            JUDGE.holds(&watch["ok"], &()),
            JUDGE.holds(&command("read_bytes")["ok"], &bytes),
        ])?;
    }

    #[test]
    fn documents_that_are_a_little_wrong_are_refused_where_serde_refuses_them(
        page in page(),
        shape in shape(),
        refusal in refusal(),
        query in query(),
        number in any::<u32>(),
        change in any::<usize>(),
    ) {
        let (find, watch) = (command("find_things"), command("watch_steps"));
        let try_each = command("try_each");
        let shapes = vec![shape.clone()];
        let each: Each = vec![Ok(shape), Err(refusal.clone())];
        let step = Step { number, text: String::new() };
        told(vec![
            JUDGE.the_same::<Query>(&find["args"][0]["schema"], &near(&query, change)),
            JUDGE.the_same::<Vec<Shape>>(&try_each["args"][0]["schema"], &near(&shapes, change)),
            JUDGE.the_same::<Refusal>(&find["err"], &near(&refusal, change)),
            JUDGE.the_same::<Each>(&try_each["ok"], &near(&each, change)),
            JUDGE.the_same::<Step>(&watch["args"][1]["channel"], &near(&step, change)),
        ])?;
        // More can be read than is ever written. And a size is a number on the wire, though not
        // every number is a size.
        let page = near(&page, change);
        if !page.to_string().contains("\"size\":-1") {
            told(vec![JUDGE.no_more::<Page<Stored>>(&find["ok"], &page)])?;
        }
    }
}

#[test]
fn a_missing_field_a_wrong_type_and_an_unknown_tag_are_refused() {
    let of = |name: &str| json!({"$ref": format!("#/schemas/{name}")});
    let stored = json!({"type": "t", "size": 1, "labels": {}, "extra": null});
    assert!(JUDGE.accepts(&of("Stored"), &stored));
    let refused = [
        ("Stored", json!({"type": "t", "labels": {}, "extra": null})),
        (
            "Stored",
            json!({"type": "t", "size": "1", "labels": {}, "extra": null}),
        ),
        (
            "Stored",
            json!({"type": "t", "size": 1, "labels": {"a": 1}, "extra": null}),
        ),
        ("Stored", json!({"type": "t", "size": 1, "labels": {}})),
        (
            "Stored",
            json!({"type": "t", "size": 1, "labels": {}, "extra": 1, "place": [1]}),
        ),
        ("Page_Stored", json!({"items": [stored]})),
        ("Shape", json!({"kind": "oval", "size": 1})),
        ("Shape", json!({"kind": "circle"})),
        ("Shape", json!("circle")),
        ("Refusal", json!({"code": "late"})),
        ("Refusal", json!({"code": "not_found"})),
        ("Result_Shape_Refusal", json!({"kind": "empty"})),
        (
            "Result_Shape_Refusal",
            json!({"Ok": {"kind": "empty"}, "Err": {"code": "busy"}}),
        ),
        ("Step", json!({"number": 4_294_967_296_u64, "text": ""})),
        ("Query", json!({"limit": 1.5})),
    ];
    for (name, document) in refused {
        assert!(
            !JUDGE.accepts(&of(name), &document),
            "{name} accepts {document}"
        );
    }
}
