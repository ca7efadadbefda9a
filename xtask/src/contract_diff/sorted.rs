//! The alternatives of a schema, each kind by itself.

use std::collections::BTreeSet;

use super::shape::{Alternative, List, Number, Object, Text};

/// The alternatives of a schema by what they are.
#[derive(Default)]
pub struct Sorted {
    /// Whether it may be null.
    pub is_nullable: bool,
    is_bool: bool,
    /// The numbers that it may be.
    pub number: Option<Number>,
    /// The texts that it may be.
    pub text: Option<Text>,
    /// The lists that it may be.
    pub lists: Vec<List>,
    /// The objects that it may be.
    pub objects: Vec<Object>,
}

impl Sorted {
    /// Takes the alternatives apart.
    pub fn of(alternatives: &[Alternative]) -> Self {
        let mut sorted = Self::default();
        for alternative in alternatives {
            match alternative {
                Alternative::Null => sorted.is_nullable = true,
                Alternative::Bool => sorted.is_bool = true,
                Alternative::Number(number) => {
                    sorted.number = Some(match &sorted.number {
                        Some(other) => either_number(other, number),
                        None => number.clone(),
                    });
                }
                Alternative::Text(text) => {
                    sorted.text = Some(match &sorted.text {
                        Some(other) => either_text(other, text),
                        None => text.clone(),
                    });
                }
                Alternative::List(list) => sorted.lists.push(list.clone()),
                Alternative::Object(object) => sorted.objects.push(object.clone()),
            }
        }
        sorted
    }

    /// What it can be beside null.
    pub fn types(&self) -> BTreeSet<&'static str> {
        [
            ("true or false", self.is_bool),
            ("a number", self.number.is_some()),
            ("text", self.text.is_some()),
            ("a list", !self.lists.is_empty()),
            ("an object", !self.objects.is_empty()),
        ]
        .into_iter()
        .filter_map(|(name, is_there)| is_there.then_some(name))
        .collect()
    }
}

/// The numbers from the smaller to the larger: what lies between isn't looked at.
fn either_number(one: &Number, other: &Number) -> Number {
    Number {
        is_integer: one.is_integer && other.is_integer,
        least: one
            .least
            .zip(other.least)
            .map(|(one, other)| one.min(other)),
        most: one.most.zip(other.most).map(|(one, other)| one.max(other)),
    }
}

fn either_text(one: &Text, other: &Text) -> Text {
    Text {
        values: one
            .values
            .as_ref()
            .zip(other.values.as_ref())
            .map(|(one, other)| one | other),
        least: one
            .least
            .zip(other.least)
            .map(|(one, other)| one.min(other)),
        most: one.most.zip(other.most).map(|(one, other)| one.max(other)),
    }
}
