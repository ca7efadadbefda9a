//! Secrets: passwords and tokens that a tool needs and nobody else may see.
//!
//! A field of the type [`Secret`] takes a secret as text or by the name of one that is kept. The tool gets
//! the text from [`Secrets::reveal`] and only there, at the last moment; from then on `revealed` takes it out
//! of all that the job says. What of an input is kept is `toolroom_shared::redact`'s business, where secrets
//! are kept is the engine's.

mod error;
mod revealed;
mod secrets;
mod spellings;
#[cfg(test)]
mod tests;
mod text;

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use toolroom_shared::SecretName;

pub use error::{secret_gone, secret_store, unknown_secret};
pub use revealed::{Revealed, SCRUBBED, SHORTEST_SCRUBBED};
pub use secrets::{SecretSource, Secrets};
pub use text::SecretText;

/// A field that is a secret: the secret itself, or the name of one that is kept.
///
/// In JSON a string, `{"secret": "NAME"}`, or, in an input that was kept, `{"redacted": true}`. It is written
/// and shown without the secret, always.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Form);

#[derive(Clone, PartialEq, Eq)]
enum Form {
    Inline(SecretText),
    Named(SecretName),
    Gone,
}

impl Secret {
    /// The name, if it is one that is kept.
    #[must_use]
    pub const fn name(&self) -> Option<&SecretName> {
        match &self.0 {
            Form::Named(name) => Some(name),
            Form::Inline(_) | Form::Gone => None,
        }
    }
}

impl From<SecretName> for Secret {
    fn from(name: SecretName) -> Self {
        Self(Form::Named(name))
    }
}

impl From<SecretText> for Secret {
    fn from(text: SecretText) -> Self {
        Self(Form::Inline(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({self})")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Inline(_) | Form::Gone => f.write_str(SCRUBBED),
            Form::Named(name) => write!(f, "secret:{name}"),
        }
    }
}

impl Serialize for Secret {
    /// As it is kept.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match &self.0 {
            Form::Inline(_) | Form::Gone => map.serialize_entry("redacted", &true)?,
            Form::Named(name) => map.serialize_entry("secret", name)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

/// What is said of what can't be read. The decoder's own words would repeat it.
const UNREADABLE: &str =
    r#"Give the secret as text, or the name of one that is kept as {"secret": "NAME"}."#;

macro_rules! refuse {
    ($($visit:ident: $type:ty),*) => {
        $(fn $visit<E: de::Error>(self, _: $type) -> Result<Secret, E> {
            Err(E::custom(UNREADABLE))
        })*
    };
}

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        let text = SecretText::checked(text).map_err(E::custom)?;
        Ok(Secret(Form::Inline(text)))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Secret, E> {
        // Taken over, so that no copy of it is left behind.
        let text = SecretText::from(text);
        text.check().map_err(E::custom)?;
        Ok(Secret(Form::Inline(text)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Secret, A::Error> {
        let unreadable = || de::Error::custom(UNREADABLE);
        let form = match map
            .next_key::<String>()
            .map_err(|_| unreadable())?
            .as_deref()
        {
            Some("secret") => {
                let name = map.next_value::<String>().map_err(|_| unreadable())?;
                Form::Named(SecretName::new(name).map_err(de::Error::custom)?)
            }
            Some("redacted") => match map.next_value::<bool>() {
                Ok(true) => Form::Gone,
                Ok(false) | Err(_) => return Err(unreadable()),
            },
            Some(_) | None => return Err(unreadable()),
        };
        match map.next_key::<de::IgnoredAny>() {
            Ok(None) => Ok(Secret(form)),
            Ok(Some(_)) | Err(_) => Err(unreadable()),
        }
    }

    refuse!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_bytes: &[u8]);

    fn visit_unit<E: de::Error>(self) -> Result<Secret, E> {
        Err(E::custom(UNREADABLE))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, _: A) -> Result<Secret, A::Error> {
        Err(de::Error::custom(UNREADABLE))
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    /// As it may be given. What is kept of one that was typed in is no input.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "x-secret": true,
            "writeOnly": true,
            "oneOf": [
                {
                    "type": "string",
                    "title": "Typed in",
                    "description": "Not kept: the job can't go on after a restart, nor be run again.",
                    "writeOnly": true,
                    "minLength": 1,
                    "maxLength": SecretText::LONGEST,
                },
                {
                    "type": "object",
                    "title": "By name",
                    "description": "One that is kept: toolroom secret set NAME.",
                    "properties": {
                        "secret": {
                            "type": "string",
                            "title": "Name",
                            "pattern": SecretName::PATTERN,
                        },
                    },
                    "required": ["secret"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
