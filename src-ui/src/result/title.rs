//! A short name for a job, out of its input.

use serde_json::Value;

/// What tells this input from others at a glance: its first path, or else its first words; a
/// list with more of them says how many.
#[must_use]
pub fn title_of(input: &Value) -> Option<String> {
    first(input, &|text| text.contains(['/', '\\'])).or_else(|| first(input, &|_| true))
}

fn first(value: &Value, fits: &impl Fn(&str) -> bool) -> Option<String> {
    match value {
        Value::String(text) => {
            let line = text.lines().next().unwrap_or_default().trim();
            (!line.is_empty() && fits(line)).then(|| line.to_owned())
        }
        Value::Array(items) => {
            let found = items.iter().find_map(|item| first(item, fits))?;
            Some(match items.len() {
                0 | 1 => found,
                more => format!("{found} + {}", more - 1),
            })
        }
        Value::Object(properties) => properties.values().find_map(|inner| first(inner, fits)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_goes_before_other_words() {
        let input = json!({"mode": "fast", "paths": ["/photos", "/music", "x"]});
        assert_eq!(title_of(&input).as_deref(), Some("/photos + 2"));
        assert_eq!(
            title_of(&json!({"n": 1, "words": "a fox\nin red"})).as_deref(),
            Some("a fox")
        );
        assert_eq!(title_of(&json!({"n": 1, "none": null})), None);
    }
}
