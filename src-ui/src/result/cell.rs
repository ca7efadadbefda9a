//! One value of a result, ready to be shown.

use serde_json::Value;

use crate::form::schema::Resolved;
use crate::format;

/// Words without a space and longer than this are for machines: digests, keys, ids.
const CODE_LENGTH: usize = 24;

/// One value of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// As people read it.
    pub text: String,
    /// The whole value, to be copied.
    pub full: String,
    /// What it is.
    pub kind: CellKind,
}

/// What a value is, as far as its looks depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// A file or folder.
    Path,
    /// Something for machines: a digest, an id, JSON.
    Code,
    /// A moment, in milliseconds since 1970.
    Moment(u64),
    /// Several values, each on a line of its own.
    List,
}

impl Cell {
    /// The cell for `value`, which `schema` describes and which is called `name`.
    #[must_use]
    pub fn of(value: &Value, schema: &Resolved, name: &str) -> Self {
        let plain = |text: &str, kind| Self {
            text: text.to_owned(),
            full: text.to_owned(),
            kind,
        };
        if let Some(title) = title_in_enum(value, schema) {
            return Self {
                text: title,
                ..Self::of(value, &Resolved::default(), name)
            };
        }
        if let Some(lines) = value.as_array().and_then(|values| lines(values)) {
            return plain(&lines.join("\n"), CellKind::List);
        }
        match value {
            Value::Null => plain("", CellKind::Text),
            Value::Bool(true) => plain("yes", CellKind::Text),
            Value::Bool(false) => plain("no", CellKind::Text),
            Value::Number(number) => Self {
                text: number_text(value, &unit(schema, name)),
                full: number.to_string(),
                kind: CellKind::Number,
            },
            Value::String(text)
                if schema.text("format").as_deref() == Some("path") || is_absolute(text) =>
            {
                plain(text, CellKind::Path)
            }
            Value::String(text) if schema.text("format").as_deref() == Some("date-time") => {
                let kind = format::parse_time(text).map_or(CellKind::Text, CellKind::Moment);
                plain(text, kind)
            }
            Value::String(text) if is_code(text) => plain(text, CellKind::Code),
            Value::String(text) => plain(text, CellKind::Text),
            other => plain(&other.to_string(), CellKind::Code),
        }
    }
}

/// A list of words, or of objects that each have a path, line by line.
fn lines(values: &[Value]) -> Option<Vec<&str>> {
    let mut lines = Vec::new();
    for value in values {
        lines.push(match value {
            Value::String(text) => text.as_str(),
            value => value.get("path")?.as_str()?,
        });
    }
    (!lines.is_empty()).then_some(lines)
}

/// The name that an enum gives this value.
fn title_in_enum(value: &Value, schema: &Resolved) -> Option<String> {
    let option = schema
        .list("oneOf")
        .iter()
        .find(|option| option.get("const") == Some(value))?;
    option.get("title")?.as_str().map(str::to_owned)
}

fn number_text(value: &Value, unit: &str) -> String {
    match (value.as_u64(), value.as_f64()) {
        (Some(_), Some(number)) if !unit.is_empty() => format::amount(number, unit),
        (Some(whole), _) => format::count(whole),
        _ => {
            let number = value.to_string();
            if unit.is_empty() {
                number
            } else {
                format!("{number} {unit}")
            }
        }
    }
}

/// The schema's unit; a number called so-and-so many bytes is in bytes.
fn unit(schema: &Resolved, name: &str) -> String {
    schema.text("x-unit").unwrap_or_else(|| {
        if name == "bytes" || name.ends_with("_bytes") {
            "bytes".to_owned()
        } else {
            String::new()
        }
    })
}

/// Whether the text is a whole path, said to be one or not.
fn is_absolute(text: &str) -> bool {
    let drive =
        matches!(text.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    (drive || text.starts_with('/')) && text.lines().count() == 1
}

fn is_code(text: &str) -> bool {
    text.len() > CODE_LENGTH
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'=' | b'-' | b'_' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cell(value: Value, name: &str) -> Cell {
        Cell::of(&value, &Resolved::default(), name)
    }

    #[test]
    fn numbers_are_read_in_their_unit_and_copied_as_they_are() {
        let size = cell(json!(61_200_000), "total_bytes");
        assert_eq!(
            (size.text.as_str(), size.full.as_str()),
            ("61 MB", "61200000")
        );
        assert_eq!(cell(json!(12_418), "files").text, "12,418");
        assert_eq!(cell(json!(-1.5), "x").text, "-1.5");
    }

    #[test]
    fn a_value_of_an_enum_is_read_by_its_title_and_copied_as_it_is() {
        let schema = json!({"oneOf": [{"const": "b3", "title": "BLAKE3"}, {"const": "x"}]});
        let schema = crate::form::schema::resolve(&schema, &schema);
        let cell = Cell::of(&json!("b3"), &schema, "algorithm");
        assert_eq!((cell.text.as_str(), cell.full.as_str()), ("BLAKE3", "b3"));
        assert_eq!(Cell::of(&json!("x"), &schema, "algorithm").text, "x");
    }

    #[test]
    fn lists_of_words_or_paths_stand_line_by_line_and_others_are_code() {
        let words = cell(json!(["/a", "/b"]), "x");
        assert_eq!(
            (words.text.as_str(), words.kind),
            ("/a\n/b", CellKind::List)
        );
        let files = cell(json!([{"path": "/a", "bytes": 7}, {"path": "/b"}]), "x");
        assert_eq!(files.full, "/a\n/b");
        assert_eq!(cell(json!([[1, 2]]), "x").kind, CellKind::Code);
        assert_eq!(cell(json!([]), "x").kind, CellKind::Code);
    }

    #[test]
    fn a_moment_is_one_only_if_the_schema_says_so() {
        let schema = json!({ "format": "date-time" });
        let schema = crate::form::schema::resolve(&schema, &schema);
        let moment = json!("1970-01-01T00:00:02.5Z");
        let kind = Cell::of(&moment, &schema, "x").kind;
        assert_eq!(kind, CellKind::Moment(2_500));
        assert_eq!(Cell::of(&json!("soon"), &schema, "x").kind, CellKind::Text);
    }

    #[test]
    fn digests_are_code_and_sentences_are_not() {
        assert_eq!(cell(json!("a".repeat(64)), "x").kind, CellKind::Code);
        assert_eq!(
            cell(json!("a sentence that is rather long"), "x").kind,
            CellKind::Text
        );
        assert_eq!(cell(json!("/a/b.txt"), "x").kind, CellKind::Path);
        assert_eq!(cell(json!("C:\\b.txt"), "x").kind, CellKind::Path);
        assert_eq!(cell(json!({"a": 1}), "x").full, r#"{"a":1}"#);
    }
}
