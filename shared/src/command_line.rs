//! The terminal's words for a tool's input: which flag each field has, how what is typed is read, and the
//! line that gives an input. Flags and lines come from here alone, so that they can't drift apart.
//!
//! What is read but doesn't fit the field is passed on as text: the check of inputs says what is wrong.

use serde_json::{Map, Value, json};

use crate::input_secrets::{SecretForm, redact};

/// How a flag's value is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// As it is.
    Text,
    /// It says where the secret is and never what it is.
    Secret,
    /// A number.
    Number,
    /// True or false; true if nothing is said.
    Switch,
    /// One or more values, each read like this.
    List(Box<FlagKind>),
    /// JSON.
    Json,
}

/// The flag of a field, without its dashes.
#[must_use]
pub fn flag_of(field: &str) -> String {
    field.replace('_', "-")
}

impl FlagKind {
    /// The kind of flag for what `schema` describes within `root`.
    #[must_use]
    pub fn of(schema: &Value, root: &Value) -> Self {
        let schema = resolve(schema, root);
        if schema["x-secret"] == true {
            return Self::Secret;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            // No type: an enum of strings, or alternatives.
            _ => return alternatives(schema, root),
        };
        match types.iter().find(|name| **name != "null") {
            Some(&"string") => Self::Text,
            Some(&("integer" | "number")) => Self::Number,
            Some(&"boolean") => Self::Switch,
            Some(&"array") => Self::List(Box::new(Self::of(&schema["items"], root))),
            _ => Self::Json,
        }
    }

    /// Whether what is given is a secret, or several.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        match self {
            Self::Secret => true,
            Self::List(items) => items.is_secret(),
            Self::Text | Self::Number | Self::Switch | Self::Json => false,
        }
    }

    /// What a word means. A secret's word is left to whoever may read secrets.
    #[must_use]
    pub fn read(&self, word: &str) -> Value {
        match self {
            Self::Text | Self::Secret => json!(word),
            Self::Number | Self::Switch | Self::Json | Self::List(_) => {
                serde_json::from_str(word).unwrap_or_else(|_| json!(word))
            }
        }
    }

    /// The word that is read as `value`; none if there is none.
    fn word(&self, value: &Value) -> Option<String> {
        let plain = value.as_str().map(str::to_owned);
        let words = [plain, Some(value.to_string())];
        words.into_iter().flatten().find(|word| {
            // The parser takes nothing else.
            let is_taken = *self != Self::Switch || matches!(word.as_str(), "true" | "false");
            is_taken && !word.contains('\0') && self.read(word) == *value
        })
    }
}

fn alternatives(schema: &Value, root: &Value) -> FlagKind {
    if schema.get("const").is_some_and(Value::is_string) || schema["enum"][0].is_string() {
        return FlagKind::Text;
    }
    let branches = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    let mut kinds = branches
        .into_iter()
        .flatten()
        .filter(|branch| branch["type"] != "null")
        .map(|branch| FlagKind::of(branch, root));
    match kinds.next() {
        // An optional field, or a choice among texts.
        Some(first)
            if kinds.all(|other| matches!((&first, other), (FlagKind::Text, FlagKind::Text))) =>
        {
            first
        }
        _ => FlagKind::Json,
    }
}

fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    schema["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.strip_prefix('#')?))
        .unwrap_or(schema)
}

/// An input without what the schema's defaults say anyway, and without null where a field may be missing.
#[must_use]
pub fn without_defaults(input: &Value, schema: &Value) -> Value {
    let mut short = input.clone();
    if let Some(fields) = short.as_object_mut() {
        fields.retain(|name, value| {
            let default = &schema["properties"][name.as_str()]["default"];
            let required = schema["required"].as_array();
            *value != *default || required.is_some_and(|all| all.iter().any(|one| one == name))
        });
    }
    short
}

/// The line that runs a tool with an input, as a POSIX shell takes it. A secret that was typed in is asked
/// for, since arguments can be seen by everybody; what no flag can say is said by `--input`.
#[must_use]
pub fn command_line(tool: &str, schema: &Value, input: &Value) -> String {
    let input = redact(input, schema);
    let mut words = vec!["toolroom".to_owned(), "run".to_owned(), tool.to_owned()];
    let mut rest = Map::new();
    let mut asked = 0;
    for (name, value) in input.as_object().into_iter().flatten() {
        let kind = match &schema["properties"][name.as_str()] {
            Value::Null => None,
            field => Some(FlagKind::of(field, schema)),
        };
        let flag = format!("--{}", flag_of(name));
        match kind.and_then(|kind| said(&kind, &flag, value, &mut asked)) {
            Some(said) => words.extend(said),
            None => drop(rest.insert(name.clone(), value.clone())),
        }
    }
    if !rest.is_empty() {
        words.extend(["--input".to_owned(), Value::Object(rest).to_string()]);
    }
    let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}

/// The flag with its value; none if it can't be said so.
fn said(kind: &FlagKind, flag: &str, value: &Value, asked: &mut u32) -> Option<Vec<String>> {
    let values = match (kind, value) {
        (FlagKind::Switch, Value::Bool(true)) => return Some(vec![flag.to_owned()]),
        (FlagKind::Secret, value) => vec![secret(value, asked)],
        (FlagKind::List(_), Value::Array(items)) if items.is_empty() => return None,
        (FlagKind::List(item), Value::Array(items)) => items
            .iter()
            .map(|value| match **item {
                FlagKind::Secret => Some(secret(value, asked)),
                ref item => item.word(value),
            })
            .collect::<Option<Vec<_>>>()?,
        (FlagKind::List(_), _) => return None,
        (kind, value) => vec![kind.word(value)?],
    };
    // What begins like a flag would be taken for one.
    if values
        .iter()
        .any(|value| value.len() > 1 && value.starts_with('-'))
    {
        return Some(
            values
                .iter()
                .map(|value| format!("{flag}={value}"))
                .collect(),
        );
    }
    Some([vec![flag.to_owned()], values].concat())
}

/// Where a secret is to be had: standard input can be read once, then it is file descriptors.
fn secret(value: &Value, asked: &mut u32) -> String {
    if SecretForm::of(value) == SecretForm::Named
        && let Some(name) = value["secret"].as_str()
    {
        return format!("secret:{name}");
    }
    *asked += 1;
    match *asked {
        1 => "-".to_owned(),
        // The first that no shell uses itself is 3.
        count => format!("fd:{}", count + 1),
    }
}

/// A word as a POSIX shell takes it.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_the_defaults_is_said_and_secrets_are_not() {
        let schema = json!({ "properties": {
            "paths": { "type": "array", "items": { "type": "string" } },
            "at_once": { "type": "integer", "default": 4 },
            "keep": { "type": "boolean", "default": false },
            "resume": { "type": "boolean", "default": true },
            "token": { "x-secret": true },
            "password": { "x-secret": true },
            "name": { "type": ["string", "null"], "default": "x" },
        } });
        let input = json!({
            "paths": ["/a b", "-c"], "at_once": 4, "keep": true, "resume": false,
            "token": "CANARY", "password": { "redacted": true }, "name": null,
        });
        assert_eq!(
            command_line("t", &schema, &without_defaults(&input, &schema)),
            "toolroom run t '--paths=/a b' --paths=-c --keep --resume false --token - --password fd:3 \
             --input '{\"name\":null}'"
        );
    }
}
