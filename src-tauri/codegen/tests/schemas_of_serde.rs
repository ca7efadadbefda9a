//! Every way in which serde writes a type, held against what serde writes and reads.

#![allow(clippy::unwrap_used, missing_docs)] // made for tests

mod judge;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    ops::Range,
    sync::LazyLock,
};

use judge::{Judge, changes};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use specta::Type;
use tauri_specta::{Builder, collect_commands};

macro_rules! wire {
    ($($(#[$attribute:meta])* $kind:ident $name:ident $body:tt)*) => {
        $(
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
            $(#[$attribute])*
            pub $kind $name $body
        )*
    };
}

wire! {
    struct Inner { a: u8, b: Option<String> }
    enum External { Unit, Newtype(u8), Tuple(i8, String), Struct { a: Option<u8>, b: bool } }
    #[serde(tag = "t", rename_all_fields = "camelCase")]
    enum Internal { Of(Inner), Fields { long_name: u16 }, Nothing }
    #[serde(tag = "t", content = "c")]
    enum Adjacent { Perhaps(Option<u8>), Pair(u8, u8), Nothing }
    #[serde(untagged)]
    enum Untagged { Number(u8), Text(String), Pair(u8, bool), Wide { a: u8, z: u8 }, Slim { a: u8 }, Nothing }
    enum Mixed { Known, #[serde(untagged)] Other(u8) }
    struct FlatMap { name: String, #[serde(flatten)] rest: BTreeMap<String, u8> }
    struct FlatEnum { name: String, #[serde(flatten)] kind: Adjacent }
    struct FlatBoth { #[serde(flatten)] inner: Inner, #[serde(flatten)] kind: External }
    #[serde(tag = "type")]
    struct Tagged { a: u8 }
    #[serde(transparent)]
    struct Transparent { only: Inner }
    #[serde(from = "String", into = "String")]
    struct Converted { text: String }
    struct Empty {}
    struct Tree { name: String, children: Vec<Tree> }
    #[serde(default, rename_all = "kebab-case")]
    struct Defaults { first_word: String, second_word: Vec<u8> }
    struct Odds {
        letter: char,
        exactly: [u8; 3],
        set: BTreeSet<String>,
        boxed: Box<i32>,
        twice: Option<Option<bool>>,
        range: Range<u32>,
        by_name: BTreeMap<Name, i16>,
        by_kind: BTreeMap<Kind, ()>,
        #[serde(skip)] hidden: u8,
        #[serde(rename = "a \"b\" / c")] odd: f32,
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Generic<T> {
    items: Vec<T>,
    last: Option<T>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Pair(u8, String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Tail(u8, #[serde(default)] u8);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
pub struct Name(String);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
pub enum Kind {
    Warm,
    Cold,
}

impl From<String> for Converted {
    fn from(text: String) -> Self {
        Self { text }
    }
}

impl From<Converted> for String {
    fn from(converted: Converted) -> Self {
        converted.text
    }
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            first_word: "first".to_owned(),
            second_word: Vec::new(),
        }
    }
}

type Everything = (
    (
        External,
        Internal,
        Adjacent,
        Untagged,
        Mixed,
        FlatMap,
        FlatEnum,
        FlatBoth,
        Tagged,
    ),
    (
        Transparent,
        Converted,
        Empty,
        Tree,
        Generic<Option<Inner>>,
        Defaults,
        Odds,
    ),
    (Unit, Pair, Tail, Inner),
);

#[tauri::command]
#[specta::specta]
fn take_and_give(everything: Everything) -> Option<Everything> {
    Some(everything)
}

static JUDGE: LazyLock<Judge> =
    LazyLock::new(|| Judge::new(&Builder::new().commands(collect_commands![take_and_give])));

/// The schemas of a type: as it is written, as it is read.
fn schemas(name: &str) -> (Value, Value) {
    let known = &JUDGE.description["schemas"];
    assert!(known.get(name).is_some(), "no schema is called {name}");
    let input = format!("{name}_Input");
    let read = if known.get(&input).is_some() {
        &input
    } else {
        name
    };
    let of = |name: &str| json!({"$ref": format!("#/schemas/{name}")});
    (of(name), of(read))
}

/// Holds the schemas of a type against these values, and against every document near to them.
#[track_caller]
fn check<T>(name: &str, values: &[T])
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let (written, read) = schemas(name);
    let mut told = Vec::new();
    for value in values {
        told.push(JUDGE.holds(&written, value));
        told.push(JUDGE.holds(&read, value));
        let document = serde_json::to_value(value).unwrap();
        for document in changes(&document) {
            told.push(JUDGE.the_same::<T>(&read, &document));
            told.push(JUDGE.no_more::<T>(&written, &document));
        }
    }
    let told: Vec<_> = told.into_iter().filter_map(Result::err).collect();
    assert!(told.is_empty(), "{name}: {told:#?}");
}

fn inner() -> Inner {
    Inner {
        a: 1,
        b: Some("b".to_owned()),
    }
}

#[test]
fn enums_in_every_tagging() {
    check(
        "External",
        &[
            External::Unit,
            External::Newtype(3),
            External::Tuple(-3, "t".to_owned()),
            External::Struct { a: None, b: true },
        ],
    );
    check(
        "Internal",
        &[
            Internal::Of(inner()),
            Internal::Fields { long_name: 1 },
            Internal::Nothing,
        ],
    );
    check(
        "Adjacent",
        &[
            Adjacent::Perhaps(None),
            Adjacent::Perhaps(Some(1)),
            Adjacent::Pair(1, 2),
            Adjacent::Nothing,
        ],
    );
    check(
        "Untagged",
        &[
            Untagged::Number(1),
            Untagged::Text("t".to_owned()),
            Untagged::Pair(1, true),
            Untagged::Wide { a: 1, z: 2 },
            Untagged::Slim { a: 1 },
            Untagged::Nothing,
        ],
    );
    check("Mixed", &[Mixed::Known, Mixed::Other(7)]);
}

#[test]
fn flattened_structs_maps_and_enums() {
    let name = "n".to_owned();
    let map = |rest| FlatMap {
        name: name.clone(),
        rest,
    };
    let rest = BTreeMap::from([("x".to_owned(), 1), ("y".to_owned(), 2)]);
    check("FlatMap", &[map(rest), map(BTreeMap::new())]);
    let of_kind = |kind| FlatEnum {
        name: name.clone(),
        kind,
    };
    let kinds = [Adjacent::Pair(1, 2), Adjacent::Nothing];
    check("FlatEnum", &kinds.map(of_kind));
    let (inner, kind) = (inner(), External::Newtype(1));
    check("FlatBoth", &[FlatBoth { inner, kind }]);
}

#[test]
fn structs_of_every_kind() {
    // serde writes the tag of a struct and never looks for it.
    let (tagged, _) = schemas("Tagged");
    JUDGE.holds(&tagged, &Tagged { a: 1 }).unwrap();
    let untagged = json!({"a": 1});
    JUDGE.no_more::<Tagged>(&tagged, &untagged).unwrap();
    assert!(!JUDGE.accepts(&tagged, &untagged));
    check("Transparent", &[Transparent { only: inner() }]);
    check("Converted", &[Converted::from("c".to_owned())]);
    check("Empty", &[Empty {}]);
    check("Unit", &[Unit]);
    check("Pair", &[Pair(1, "p".to_owned())]);
    check("Tail", &[Tail(1, 2)]);
    check("Inner", &[inner(), Inner { a: 0, b: None }]);
    check("Defaults", &[Defaults::default()]);
    let leaf = |name: &str| Tree {
        name: name.to_owned(),
        children: Vec::new(),
    };
    let children = vec![leaf("a"), leaf("b")];
    check(
        "Tree",
        &[Tree {
            children,
            ..leaf("root")
        }],
    );
    let generic = Generic {
        items: vec![Some(inner()), None],
        last: Some(None),
    };
    let (written, _) = schemas("Generic_Option_Inner");
    JUDGE.holds(&written, &generic).unwrap();
}

#[test]
fn containers_and_odd_names() {
    let odds = Odds {
        letter: 'ü',
        exactly: [1, 2, 3],
        set: BTreeSet::from(["s".to_owned()]),
        boxed: Box::new(-1),
        twice: None,
        range: 1..3,
        by_name: BTreeMap::from([(Name("n".to_owned()), -1)]),
        by_kind: BTreeMap::from([(Kind::Warm, ())]),
        hidden: 0,
        odd: 0.5,
    };
    check("Odds", &[odds]);
}
