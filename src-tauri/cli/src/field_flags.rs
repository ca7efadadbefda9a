//! A tool's fields as flags, made from its input schema alone.
//!
//! What is typed is read by the field's type as far as it fits; what doesn't fit is passed on as
//! text, so that the same check as everywhere else says what is wrong with it.

use clap::{Arg, ArgAction, ArgMatches, builder::PossibleValue};
use serde_json::{Map, Value, json};
use toolroom_shared::{AppError, ErrorCode};

use crate::secret_flag;

/// One flag a field, in kebab-case; the field's own spelling is understood too.
pub fn args(input_schema: &Value) -> Vec<Arg> {
    fields(input_schema)
        .map(|(name, schema)| {
            let flag = name.replace('_', "-");
            let kind = kind(schema, input_schema);
            let mut help = help(schema);
            if kind.is_secret() {
                help = format!("{help} {}", secret_flag::HELP);
            }
            let mut arg = Arg::new(name.clone()).long(flag.clone()).help(help);
            if flag != *name {
                arg = arg.alias(name.clone());
            }
            match kind {
                Kind::List(_) => arg
                    .action(ArgAction::Append)
                    .num_args(1..)
                    .value_name("VALUE"),
                Kind::Switch => arg
                    .num_args(0..=1)
                    .default_missing_value("true")
                    .value_name("BOOL")
                    .hide_possible_values(true)
                    .value_parser([PossibleValue::new("true"), PossibleValue::new("false")]),
                Kind::Number => arg.allow_negative_numbers(true).value_name("NUMBER"),
                Kind::Text => arg.value_name("VALUE"),
                Kind::Secret => arg.value_name("SECRET"),
                Kind::Json => arg.value_name("JSON"),
            }
        })
        .collect()
}

/// The fields that were given, as they go into the input.
///
/// # Errors
/// `invalid_input`, for a secret that is an argument or can't be read.
pub fn values(matches: &ArgMatches, input_schema: &Value) -> Result<Map<String, Value>, AppError> {
    let from_input = matches.try_get_one::<String>("input").ok().flatten();
    let mut reads_input = from_input.is_some_and(|text| text == "-");
    let mut read = |text: &str, kind: &Kind, flag: &str| {
        if !matches!(kind, Kind::Secret) {
            return Ok(read(text, kind));
        }
        if text == "-" && std::mem::replace(&mut reads_input, true) {
            let message =
                format!("--{flag}: Standard input can be read once. Write fd:N for one of them.");
            return Err(AppError::new(ErrorCode::InvalidInput, message));
        }
        secret_flag::read(text, flag)
    };
    fields(input_schema)
        .filter_map(|(name, schema)| {
            let mut given = matches.get_many::<String>(name)?;
            let flag = name.replace('_', "-");
            let value = match kind(schema, input_schema) {
                Kind::List(items) => given
                    .map(|text| read(text, &items, &flag))
                    .collect::<Result<Value, _>>(),
                other => read(given.next_back()?, &other, &flag),
            };
            Some(value.map(|value| (name.clone(), value)))
        })
        .collect()
}

enum Kind {
    Text,
    Secret,
    Number,
    Switch,
    List(Box<Kind>),
    Json,
}

impl Kind {
    fn is_secret(&self) -> bool {
        match self {
            Self::Secret => true,
            Self::List(items) => items.is_secret(),
            Self::Text | Self::Number | Self::Switch | Self::Json => false,
        }
    }
}

fn kind(schema: &Value, root: &Value) -> Kind {
    let schema = resolve(schema, root);
    if schema["x-secret"] == true {
        return Kind::Secret;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        // No type: an enum of strings, or alternatives.
        _ => return alternatives(schema, root),
    };
    match types.iter().find(|name| **name != "null") {
        Some(&"string") => Kind::Text,
        Some(&("integer" | "number")) => Kind::Number,
        Some(&"boolean") => Kind::Switch,
        Some(&"array") => Kind::List(Box::new(kind(&schema["items"], root))),
        _ => Kind::Json,
    }
}

fn alternatives(schema: &Value, root: &Value) -> Kind {
    if schema.get("const").is_some_and(Value::is_string) || schema["enum"][0].is_string() {
        return Kind::Text;
    }
    let branches = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    let mut kinds = branches
        .into_iter()
        .flatten()
        .filter(|branch| branch["type"] != "null")
        .map(|branch| kind(branch, root));
    match kinds.next() {
        // An optional field, or a choice among texts.
        Some(first) if kinds.all(|other| matches!((&first, other), (Kind::Text, Kind::Text))) => {
            first
        }
        _ => Kind::Json,
    }
}

fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    schema["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.strip_prefix('#')?))
        .unwrap_or(schema)
}

fn read(text: &str, kind: &Kind) -> Value {
    match kind {
        Kind::Text | Kind::Secret => json!(text),
        Kind::Number | Kind::Switch | Kind::Json | Kind::List(_) => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
    }
}

fn fields(input_schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    input_schema["properties"].as_object().into_iter().flatten()
}

fn help(schema: &Value) -> String {
    let mut help = schema["description"]
        .as_str()
        .unwrap_or_default()
        .replace('\n', " ");
    let choices: Vec<_> = schema["oneOf"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|choice| choice["const"].as_str())
        .chain(
            schema["enum"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str),
        )
        .collect();
    if !choices.is_empty() {
        help.push_str(&format!(" [one of: {}]", choices.join(", ")));
    }
    match &schema["default"] {
        Value::Null | Value::Bool(false) => {}
        Value::String(text) => help.push_str(&format!(" [default: {text}]")),
        other => help.push_str(&format!(" [default: {other}]")),
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;

    fn schema() -> Value {
        json!({
            "properties": {
                "some_paths": { "type": "array", "items": { "type": "string" } },
                "threads": { "type": ["integer", "null"] },
                "way": { "anyOf": [{ "$ref": "#/$defs/Way" }, { "type": "null" }] },
                "deep": { "type": "object" },
                "keep": { "type": "boolean" },
            },
            "$defs": { "Way": { "oneOf": [{ "const": "7" }, { "const": "b" }] } },
        })
    }

    fn parse(line: &[&str]) -> Value {
        let schema = schema();
        let command = Command::new("t").args(args(&schema));
        let words = std::iter::once(&"t").chain(line);
        Value::Object(values(&command.get_matches_from(words), &schema).unwrap())
    }

    #[test]
    fn each_type_is_read_as_itself() {
        assert_eq!(
            parse(&[
                "--some-paths",
                "1",
                "a b",
                "--some-paths",
                "c",
                "--threads",
                "-4",
                "--way",
                "7",
                "--deep",
                r#"{"x":[1]}"#,
                "--keep",
            ]),
            json!({
                "some_paths": ["1", "a b", "c"],
                "threads": -4,
                "way": "7",
                "deep": { "x": [1] },
                "keep": true,
            })
        );
    }

    #[test]
    fn a_secret_is_read_where_its_flag_says_and_standard_input_once() {
        let schema = json!({ "properties": {
            "token": { "anyOf": [{ "x-secret": true }, { "type": "null" }] },
            "keys": { "type": "array", "items": { "x-secret": true } },
        } });
        let read = |line: &[&str]| {
            let command = Command::new("t").args(args(&schema));
            let words = std::iter::once(&"t").chain(line);
            values(&command.get_matches_from(words), &schema).map(Value::Object)
        };
        let named = |name: &str| json!({ "secret": name });
        assert_eq!(
            read(&["--token", "secret:a", "--keys", "secret:b", "secret:c"]).unwrap(),
            json!({ "token": named("a"), "keys": [named("b"), named("c")] })
        );
        for typed in ["--token=CANARY", "--keys=CANARY"] {
            let refused = read(&[typed]).unwrap_err();
            assert!(!refused.message.contains("CANARY"), "{refused}");
        }
    }

    #[test]
    fn what_does_not_fit_is_passed_on_as_text_for_the_check_to_refuse() {
        assert_eq!(parse(&["--threads", "many"]), json!({ "threads": "many" }));
    }

    #[test]
    fn a_fields_own_spelling_is_understood_and_what_is_not_given_is_left_out() {
        assert_eq!(
            parse(&["--some_paths", "a"]),
            json!({ "some_paths": ["a"] })
        );
        assert_eq!(parse(&["--keep", "false"]), json!({ "keep": false }));
    }
}
