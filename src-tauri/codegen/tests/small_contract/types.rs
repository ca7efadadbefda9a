//! The types of the small contract: one of each kind that generators get wrong. Shared by its path
//! with the tests of the clients, which have no tauri.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// A page of whatever is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// How to ask for the next; none on the last.
    pub next_cursor: Option<String>,
}

/// A shape, adjacently tagged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "size", rename_all = "snake_case")]
pub enum Shape {
    /// Nothing at all.
    Empty,
    /// By its radius.
    Circle(f64),
    /// By its sides.
    RightAngled {
        /// From left to right.
        width: f64,
        /// From top to bottom.
        height: f64,
    },
}

/// What is known of whatever is stored: flattened into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Facts {
    /// Bytes; as a number that JavaScript holds exactly.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub size: u64,
    /// Words by which it is found.
    pub labels: BTreeMap<String, String>,
}

/// Something stored. Its docs hold odd characters: `*/`, "quotes", \ and `<b>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Stored {
    /// Its name; `type` is a keyword in Rust.
    pub r#type: String,
    /// What is known of it.
    #[serde(flatten)]
    pub facts: Facts,
    /// Where it was, if it was anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<(f32, f32)>,
    /// Anything.
    pub extra: serde_json::Value,
}

/// How to look; everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(default)]
pub struct Query {
    /// Words to find.
    pub words: Vec<String>,
    /// At most so many.
    pub limit: u32,
}

/// Why it wasn't done; internally tagged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// It isn't there.
    NotFound {
        /// What was asked for.
        name: String,
    },
    /// Not now.
    Busy,
}

/// A step of something long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Step {
    /// Its number, from 0.
    pub number: u32,
    /// What it says.
    pub text: String,
}

/// How many of each name.
pub type Counts = HashMap<String, u32>;

/// A result within a result: each of many may fail by itself.
pub type Each = Vec<Result<Shape, Refusal>>;
