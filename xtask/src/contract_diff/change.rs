//! One change, and whether it breaks clients.
//!
//! The table is about a client that was made from the old contract: it sends what the old one allowed
//! and understands what the old one said could come.

use std::fmt;

/// Which way something travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Clients send it: arguments.
    ToBackend,
    /// The backend sends it: results, errors, messages of channels, events.
    ToClient,
}

/// What became of a schema at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It takes in more than before: a further type, value or variant, null, a wider bound.
    Widened,
    /// It takes in less.
    Narrowed,
    /// It has nothing to do with what it was.
    Replaced,
    /// An object has a field more.
    FieldAdded {
        /// Whether it must be there.
        required: bool,
    },
    /// An object has a field less.
    FieldRemoved {
        /// Whether it had to be there.
        required: bool,
    },
    /// A field must be there that could be left out.
    BecameRequired,
    /// A field can be left out that had to be there.
    BecameOptional,
    /// It is advised against, or no longer so.
    Deprecation,
}

impl Kind {
    /// Whether a client of the old contract fails.
    pub const fn breaks(self, direction: Direction) -> bool {
        match (self, direction) {
            (Self::Replaced, _) => true,
            (Self::Narrowed | Self::BecameRequired, Direction::ToBackend) => true,
            (Self::Widened | Self::BecameOptional, Direction::ToClient) => true,
            (Self::FieldAdded { required }, Direction::ToBackend) => required,
            // A type may refuse fields that it doesn't know, which no schema here tells: clients
            // that go on sending one are safe only as long as it is there.
            (Self::FieldRemoved { .. }, Direction::ToBackend) => true,
            (Self::FieldRemoved { required }, Direction::ToClient) => required,
            _ => false,
        }
    }
}

/// Something that is otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Whether clients of the old contract fail.
    pub breaks: bool,
    /// What happened, in a sentence.
    pub sentence: String,
    /// What became of the schema; none where a command, an argument or an event as a whole changed.
    pub kind: Option<Kind>,
}

impl Change {
    /// A change that breaks clients.
    pub fn breaking(sentence: impl Into<String>) -> Self {
        Self {
            breaks: true,
            sentence: sentence.into(),
            kind: None,
        }
    }

    /// A change that breaks nobody.
    pub fn harmless(sentence: impl Into<String>) -> Self {
        Self {
            breaks: false,
            ..Self::breaking(sentence)
        }
    }
}

/// Where a schema stands.
#[derive(Debug, Clone)]
pub struct Spot {
    /// What travels: `what get_job answers`.
    pub part: String,
    /// The named type that the schema is in, if it is in one.
    pub owner: Option<String>,
    /// The way to it from there.
    pub path: Vec<Step>,
}

/// One step into a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field.
    Field(String),
    /// An element of a tuple, from 0.
    Element(usize),
    /// Each element of a list.
    Each,
    /// Each value of a map.
    Value,
    /// Each key of a map.
    Key,
    /// A variant.
    Variant(String),
}

impl Spot {
    /// At the beginning of something that travels.
    pub fn part(part: impl Into<String>) -> Self {
        Self {
            part: part.into(),
            owner: None,
            path: Vec::new(),
        }
    }

    /// One step further.
    pub fn step(&self, step: Step) -> Self {
        let mut spot = self.clone();
        spot.path.push(step);
        spot
    }

    /// At the beginning of a named type.
    pub fn owner(&self, name: &str) -> Self {
        Self {
            part: self.part.clone(),
            owner: Some(name.to_owned()),
            path: Vec::new(),
        }
    }

    /// A sentence about what stands here.
    pub fn sentence(&self, what: &str) -> String {
        let path: String = self.path.iter().map(ToString::to_string).collect();
        match (&self.owner, path.as_str()) {
            (Some(owner), path) => format!("{owner}{path} {what}, in {}.", self.part),
            (None, "") => {
                let mut letters = self.part.chars();
                let first: String = letters
                    .next()
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .collect();
                format!("{first}{} {what}.", letters.as_str())
            }
            (None, path) => format!("In {}, {} {what}.", self.part, path.trim()),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Element(index) => write!(f, "[{index}]"),
            Self::Each => f.write_str("[each]"),
            Self::Value => f.write_str("[each value]"),
            Self::Key => f.write_str("[each key]"),
            Self::Variant(name) if name.is_empty() => f.write_str(" (a variant without a tag)"),
            Self::Variant(name) => write!(f, " (variant {name})"),
        }
    }
}
