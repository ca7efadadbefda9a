//! Inputs that are kept by name, to be filled in again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input_secrets::{SecretForm, each_secret};

/// An input of a tool that is kept by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What people call it.
    pub name: String,
    /// The input, without what was typed into it as a secret.
    pub input: Value,
}

impl Preset {
    /// How many characters a name has at most.
    pub const LONGEST_NAME: usize = 80;

    /// What is wrong with a name, as a sentence; none if it can be used.
    #[must_use]
    pub fn name_problem(name: &str) -> Option<String> {
        if name.trim().is_empty() {
            return Some("Give the preset a name.".to_owned());
        }
        if name.trim() != name || name.chars().any(char::is_control) {
            return Some("A name is one line without spaces at its beginning and end.".to_owned());
        }
        (name.chars().count() > Self::LONGEST_NAME)
            .then(|| format!("A name has at most {} characters.", Self::LONGEST_NAME))
    }
}

/// The input without the secrets that were typed into it, and without what stands where one was. Secrets
/// by name stay.
#[must_use]
pub fn without_typed_secrets(input: &Value, schema: &Value) -> Value {
    let mut kept = input.clone();
    let mut typed = Vec::new();
    each_secret(&mut kept, schema, &mut |pointer, value| {
        if SecretForm::of(value) != SecretForm::Named {
            // In a list, something must stand there for the others to keep their places.
            *value = Value::Null;
            typed.push(pointer.to_owned());
        }
    });
    for pointer in typed {
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(Value::Object(fields)) = kept.pointer_mut(parent)
        {
            fields.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn typed_secrets_are_taken_out_wherever_they_stand_and_names_stay() {
        let secret = json!({ "x-secret": true });
        let schema = json!({ "properties": {
            "a/b": secret, "kept": secret, "gone": secret,
            "all": { "items": { "properties": { "key": secret } } },
        } });
        let input = json!({
            "a/b": "CANARY", "kept": { "secret": "name" }, "gone": { "redacted": true },
            "all": [{ "key": "CANARY", "x": 1 }], "other": "stays",
        });
        assert_eq!(
            without_typed_secrets(&input, &schema),
            json!({ "kept": { "secret": "name" }, "all": [{ "x": 1 }], "other": "stays" })
        );
    }

    #[test]
    fn a_name_is_one_line_of_some_length() {
        assert_eq!(Preset::name_problem("Photos, small"), None);
        for name in ["", " ", " a", "a\nb"] {
            assert!(Preset::name_problem(name).is_some(), "{name:?}");
        }
        assert!(Preset::name_problem(&"ä".repeat(80)).is_none());
        assert!(Preset::name_problem(&"ä".repeat(81)).is_some());
    }
}
