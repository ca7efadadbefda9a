//! The input of a run: read from where `--input` says, with the fields given as flags over it, and its
//! paths made whole: whoever types a relative one means it against the folder that the terminal is in.
//!
//! Whether the tool takes it is not asked here.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use toolroom_shared::{AppError, ErrorCode, each_path};

use crate::secret_flag;

/// The input that `given` stands for (JSON, `@FILE`, or `-` for standard input), with `fields`.
///
/// # Errors
/// `invalid_input`.
pub fn read(
    given: Option<&str>,
    fields: Map<String, Value>,
    input_schema: &Value,
) -> Result<Value, AppError> {
    let input = match given {
        Some(text) => {
            let input = given_input(text)?;
            if text != "-" && !text.starts_with('@') {
                secret_flag::refuse_typed(&input, input_schema)?;
            }
            input
        }
        None => Value::Object(Map::new()),
    };
    over(input, fields, input_schema)
}

/// `input` with `fields` over it, and its paths made whole.
///
/// # Errors
/// `invalid_input`.
pub fn over(
    mut input: Value,
    fields: Map<String, Value>,
    input_schema: &Value,
) -> Result<Value, AppError> {
    if !fields.is_empty() {
        let Some(object) = input.as_object_mut() else {
            return Err(bad_input(
                "The input is not an object, so fields can't be set in it.",
            ));
        };
        object.extend(fields);
    }
    each_path(&mut input, input_schema, &mut |path| {
        if let Some(whole) = whole(path) {
            *path = whole;
        }
    });
    Ok(input)
}

/// Nothing where that can't be: the check of inputs will say so.
fn whole(path: &str) -> Option<String> {
    if Path::new(path).is_absolute() {
        return None;
    }
    let whole: PathBuf = std::path::absolute(path).ok()?;
    whole.into_os_string().into_string().ok()
}

fn given_input(text: &str) -> Result<Value, AppError> {
    let read = |result: std::io::Result<String>, from: &str| {
        result.map_err(|error| {
            bad_input(&format!(
                "The input could not be read from {from}: {error}."
            ))
        })
    };
    let text = match text {
        "-" => read(std::io::read_to_string(std::io::stdin()), "standard input")?,
        text => match text.strip_prefix('@') {
            Some(file) => read(std::fs::read_to_string(file), file)?,
            None => text.to_owned(),
        },
    };
    serde_json::from_str(&text)
        .map_err(|error| bad_input(&format!("The input is not valid JSON: {error}.")))
}

fn bad_input(message: &str) -> AppError {
    AppError::new(ErrorCode::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_can_be_set_in_objects_only() {
        let fields = Map::from_iter([("a".to_owned(), json!(1))]);
        let read_with = |given| read(Some(given), fields.clone(), &json!({}));
        assert_eq!(read_with(r#"{"b":2}"#).unwrap(), json!({ "b": 2, "a": 1 }));
        assert!(
            read_with("[]")
                .unwrap_err()
                .message
                .contains("not an object")
        );
        assert_eq!(read(Some("[]"), Map::new(), &json!({})).unwrap(), json!([]));
    }

    #[test]
    fn relative_paths_are_meant_against_the_folder_that_the_terminal_is_in() {
        let path = json!({ "type": "string", "x-path": "input" });
        let schema = json!({ "properties": {
            "paths": { "items": path },
            "to": { "anyOf": [path, { "type": "null" }] },
            "text": { "type": "string" },
        } });
        let fields = Map::from_iter([("paths".to_owned(), json!([".", "a/../b", "/c", ""]))]);
        let given = r#"{"to": "d", "text": "e"}"#;
        let here = std::env::current_dir().unwrap();
        assert_eq!(
            read(Some(given), fields, &schema).unwrap(),
            json!({
                "paths": [here, here.join("a/../b"), "/c", ""],
                "to": here.join("d"),
                "text": "e",
            })
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let refused = read(Some("@no-such-file"), Map::new(), &json!({})).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
        assert!(refused.message.contains("no-such-file"), "{refused}");
    }
}
