//! A tool's fields as flags, made from its input schema alone. How each is read, `toolroom_shared` says, which
//! also writes the lines that people copy.
//!
//! What is typed is read by the field's type as far as it fits; what doesn't fit is passed on as
//! text, so that the same check as everywhere else says what is wrong with it.

use clap::{Arg, ArgAction, ArgMatches, builder::PossibleValue};
use serde_json::{Map, Value};
use toolroom_shared::{AppError, ErrorCode, FlagKind, flag_of};

use crate::secret_flag;

/// One flag a field, in kebab-case; the field's own spelling is understood too.
pub fn args(input_schema: &Value) -> Vec<Arg> {
    fields(input_schema)
        .map(|(name, schema)| {
            let flag = flag_of(name);
            let kind = FlagKind::of(schema, input_schema);
            let mut help = help(schema);
            if kind.is_secret() {
                help = format!("{help} {}", secret_flag::HELP);
            }
            let mut arg = Arg::new(name.clone()).long(flag.clone()).help(help);
            if flag != *name {
                arg = arg.alias(name.clone());
            }
            match kind {
                FlagKind::List(_) => arg
                    .action(ArgAction::Append)
                    .num_args(1..)
                    .value_name("VALUE"),
                FlagKind::Switch => arg
                    .num_args(0..=1)
                    .default_missing_value("true")
                    .value_name("BOOL")
                    .hide_possible_values(true)
                    .value_parser([PossibleValue::new("true"), PossibleValue::new("false")]),
                FlagKind::Number => arg.allow_negative_numbers(true).value_name("NUMBER"),
                FlagKind::Text => arg.value_name("VALUE"),
                FlagKind::Secret => arg.value_name("SECRET"),
                FlagKind::Json => arg.value_name("JSON"),
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
    let mut read = |text: &str, kind: &FlagKind, flag: &str| {
        if !matches!(kind, FlagKind::Secret) {
            return Ok(kind.read(text));
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
            let flag = flag_of(name);
            let value = match FlagKind::of(schema, input_schema) {
                FlagKind::List(items) => given
                    .map(|text| read(text, &items, &flag))
                    .collect::<Result<Value, _>>(),
                other => read(given.next_back()?, &other, &flag),
            };
            Some(value.map(|value| (name.clone(), value)))
        })
        .collect()
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
    use serde_json::json;

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
