//! The named types that schemas speak of, and what they are called.
//!
//! A type may be written in one shape and read in another. As long as not all types are known, a
//! reference says which of the two it means; in the end most types turn out to need one schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::wire_types::Phase;

/// What the schema of a type is called that is read, if another one describes what is written.
const INPUT: &str = "_Input";
/// Between a name and a phase, in a reference that isn't settled. In no Rust name.
const MARK: char = '|';

/// Every named type found so far, in each phase in which it was asked for.
#[derive(Default)]
pub struct Definitions {
    found: BTreeMap<Key, Value>,
    identities: BTreeMap<String, String>,
    problems: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    name: String,
    is_read: bool,
}

impl Key {
    fn new(name: &str, phase: Phase) -> Self {
        Self {
            name: name.to_owned(),
            is_read: phase == Phase::Deserialize,
        }
    }

    fn text(&self) -> String {
        let phase = if self.is_read { "read" } else { "written" };
        format!("{}{MARK}{phase}", self.name)
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, phase) = text.split_once(MARK)?;
        Some(Self {
            name: name.to_owned(),
            is_read: phase == "read",
        })
    }

    fn other(&self) -> Self {
        Self {
            name: self.name.clone(),
            is_read: !self.is_read,
        }
    }
}

/// A reference to a named type in one phase, to be settled by [`Definitions::settle`].
pub fn reference(name: &str, phase: Phase) -> Value {
    json!({"$ref": Key::new(name, phase).text()})
}

impl Definitions {
    /// Whether the type is new in this phase and wants to be described. `identity` tells it from
    /// others of that name, of which there must be none.
    pub fn begin(&mut self, name: &str, phase: Phase, identity: &str) -> bool {
        match self.identities.get(name) {
            Some(known) if known != identity => {
                let told = format!(
                    "Two types are called {name}: {known} and {identity}. Rename one: clients know types by their names."
                );
                self.problem(told);
            }
            Some(_) => {}
            None => {
                self.identities.insert(name.to_owned(), identity.to_owned());
            }
        }
        let key = Key::new(name, phase);
        if self.found.contains_key(&key) {
            return false;
        }
        // A type that holds itself must find that it is being described.
        self.found.insert(key, Value::Bool(true));
        true
    }

    /// Takes the schema of a type that was begun.
    pub fn finish(&mut self, name: &str, phase: Phase, schema: Value) {
        self.found.insert(Key::new(name, phase), schema);
    }

    /// Notes what can't be described, in a sentence.
    pub fn problem(&mut self, sentence: String) {
        if !self.problems.contains(&sentence) {
            self.problems.push(sentence);
        }
    }

    /// What can't be described.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Each type that was found in both phases: its name, how it is written, how it is read.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &Value, &Value)> {
        self.found.iter().filter_map(|(key, written)| {
            let read = self.found.get(&key.other()).filter(|_| !key.is_read)?;
            Some((key.name.as_str(), written, read))
        })
    }

    /// The name that a reference means, in whichever phase.
    pub fn name_of(reference: &str) -> &str {
        reference.split(MARK).next().unwrap_or(reference)
    }

    /// The names of the types whose two schemas differ, by themselves or by what they refer to.
    fn differing(&self) -> BTreeSet<String> {
        let mut differing = BTreeSet::new();
        loop {
            let before = differing.len();
            for (name, written, read) in self.pairs() {
                let plain = |schema: &Value| {
                    replaced(schema, &|key| match differing.contains(&key.name) {
                        true => key.text(),
                        false => key.name.clone(),
                    })
                };
                if !differing.contains(name) && plain(written) != plain(read) {
                    differing.insert(name.to_owned());
                }
            }
            if differing.len() == before {
                return differing;
            }
        }
    }

    /// The schemas by their names, and `parts` with every reference settled.
    pub fn settle(&self, parts: Value) -> (Map<String, Value>, Value) {
        let differing = self.differing();
        let called = |key: &Key| {
            let is_input = key.is_read && differing.contains(&key.name);
            format!("{}{}", key.name, if is_input { INPUT } else { "" })
        };
        let settled =
            |schema: &Value| replaced(schema, &|key| format!("#/schemas/{}", called(key)));
        let mut schemas = Map::new();
        for (key, schema) in &self.found {
            schemas.insert(called(key), settled(schema));
        }
        (schemas, settled(&parts))
    }

    /// Types whose name is taken by how another one is read.
    pub fn taken_names(&self) -> Vec<String> {
        self.differing()
            .into_iter()
            .filter(|name| self.identities.contains_key(&format!("{name}{INPUT}")))
            .collect()
    }
}

/// The same with other names in its references.
fn replaced(schema: &Value, name: &dyn Fn(&Key) -> String) -> Value {
    match schema {
        Value::Object(object) => object
            .iter()
            .map(|(word, value)| {
                // A property of that name has a schema and no text.
                let key = value
                    .as_str()
                    .filter(|_| word == "$ref")
                    .and_then(Key::parse);
                let value = match key {
                    Some(key) => Value::String(name(&key)),
                    None => replaced(value, name),
                };
                (word.clone(), value)
            })
            .collect(),
        Value::Array(elements) => elements.iter().map(|value| replaced(value, name)).collect(),
        plain => plain.clone(),
    }
}
