//! Texts, numbers and JSON: what people, tools and files can put into a value.
//!
//! Boxed, as all that is made of many parts: by value the whole would not fit a thread's stack.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Number, Value};

/// 2^53: up to here JavaScript knows every whole number.
pub const LARGEST: u64 = 1 << 53;

/// What breaks whoever puts a text into a script, or takes it for something else.
const ODD: &[&str] = &[
    "\0",
    "\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{9f}",
    "\r\n\t",
    "\u{2028}\u{2029}\u{85}\u{feff}",
    "\"",
    "'",
    "`${1}`",
    "\\",
    "\\\\\"",
    // As text, not as escapes; the second would be half a character.
    "\\u0000",
    "\\ud800",
    "\\x41\\101",
    "</script><!--",
    "*/ //",
    "null",
    "__CHANNEL__:1",
    "__proto__",
    "\u{e9}e\u{301}",
    "\u{1f980}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{fe0f}",
    "\u{fffd}\u{ffff}\u{10ffff}",
];

/// Any text, oddities among it.
pub fn text() -> BoxedStrategy<String> {
    let piece = prop_oneof![
        4 => select(ODD).prop_map(str::to_owned),
        2 => vec(any::<char>(), 0..8).prop_map(String::from_iter),
        2 => "[ -~]{0,12}",
    ];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat()).boxed()
}

/// A whole number that JavaScript knows.
pub fn whole() -> impl Strategy<Value = u64> {
    prop_oneof![0..=LARGEST, LARGEST - 3..=LARGEST, 0..10_u64]
}

/// A number with a fraction: what has none JavaScript writes as a whole number, so that a
/// `Value` of it comes back as one.
fn fraction() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("a fraction", |number| number.fract() != 0.0)
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        whole().prop_map(Number::from),
        whole().prop_map(|number| Number::from(-(number as i64))),
        fraction().prop_filter_map("finite", Number::from_f64),
    ]
}

/// Any text but the one that names an object's prototype: a field of that name is lost on its way
/// in an event or in a small message of a channel, which Tauri sends as a script.
fn key() -> impl Strategy<Value = String> {
    text().prop_filter("a field's name in a script", |key| key != "__proto__")
}

/// Any JSON, empty and nested.
pub fn json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((key(), inner), 0..4).prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
    .boxed()
}
