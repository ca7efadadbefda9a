//! A tool's examples, from its input schema, as they are typed.

use toolroom_shared::{ToolDefinition, command_line};

/// The examples for a tool's help; nothing if it has none.
pub fn help(tool: &ToolDefinition) -> Option<String> {
    let listed = |keyword: &str| tool.input_schema[keyword].as_array().into_iter().flatten();
    let titles = listed("x-example-titles").map(|title| title.as_str().unwrap_or_default());
    let lines: Vec<_> = listed("examples")
        .zip(titles)
        .map(|(input, title)| {
            format!(
                "  {title}:\n    {}",
                command_line(&tool.name, &tool.input_schema, input)
            )
        })
        .collect();
    (!lines.is_empty()).then(|| format!("Examples:\n{}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Wanted, command, request};
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};
    use std::process::Command;
    use toolroom_shared::without_defaults;

    /// The words that a shell makes of a line.
    fn words(line: &str) -> Vec<String> {
        let output = Command::new("sh")
            .args(["-c", &format!(r"printf '%s\0' {line}")])
            .output()
            .unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        words.split_terminator('\0').map(str::to_owned).collect()
    }

    #[cfg(unix)]
    #[test]
    fn what_the_help_shows_can_be_typed_and_means_the_example() {
        let tools = toolroom_app::registry().unwrap().definitions();
        for tool in &tools {
            let examples = tool.input_schema["examples"].as_array();
            for input in examples.into_iter().flatten() {
                let typed = command(&tools).get_matches_from(words(&command_line(
                    &tool.name,
                    &tool.input_schema,
                    input,
                )));
                let Wanted::Run(run) = request(&typed, &tools).unwrap().wanted else {
                    panic!("a run was asked for");
                };
                assert_eq!(&run.input, input);
            }
        }
    }

    /// A schema with a field of each kind that the terminal knows, and an input for it.
    fn any_input() -> impl Strategy<Value = Value> {
        let text = || "[-=a-z0-9 '\"$\n\\\\ä{}]{0,6}";
        let path = || "/[-a-z ']{0,6}";
        let number = || any::<i32>();
        (
            prop::option::of(prop::collection::vec(path(), 0..4)),
            prop::option::of(prop::option::of(text())),
            prop::option::of(number()),
            prop::option::of(any::<bool>()),
            prop::option::of(prop::collection::vec(number(), 0..3)),
            prop::option::of(prop::collection::btree_map("[a-z]{1,3}", text(), 0..3)),
            prop::option::of("[a-z]{1,5}"),
        )
            .prop_map(|(paths, text, number, switch, numbers, deep, secret)| {
                let fields = [
                    ("some_paths", paths.map(|paths| json!(paths))),
                    ("text", text.map(|text| json!(text))),
                    ("number", number.map(|number| json!(number))),
                    ("on", switch.map(|on| json!(on))),
                    ("off", switch.map(|on| json!(!on))),
                    ("numbers", numbers.map(|numbers| json!(numbers))),
                    ("deep", deep.map(|deep| json!(deep))),
                    ("token", secret.map(|name| json!({ "secret": name }))),
                ];
                fields
                    .into_iter()
                    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                    .collect::<Map<_, _>>()
                    .into()
            })
    }

    #[cfg(unix)]
    #[test]
    fn a_line_that_is_copied_means_the_input_that_it_was_made_of() {
        let schema = json!({ "properties": {
            "some_paths": { "type": "array", "items": { "type": "string", "x-path": "input" } },
            "text": { "type": ["string", "null"], "default": "x" },
            "number": { "type": "integer", "default": 4 },
            "on": { "type": "boolean", "default": false },
            "off": { "type": "boolean", "default": true },
            "numbers": { "type": "array", "items": { "type": "integer" } },
            "deep": { "type": "object", "additionalProperties": { "type": "string" } },
            "token": { "x-secret": true },
        } });
        let definition = toolroom_app::registry().unwrap().definitions().remove(0);
        let tools = vec![ToolDefinition {
            input_schema: schema.clone(),
            ..definition
        }];
        let with_defaults = |input: &Value| {
            let mut all = input.clone();
            for (name, field) in schema["properties"].as_object().unwrap() {
                if all.get(name).is_none() && !field["default"].is_null() {
                    all[name] = field["default"].clone();
                }
            }
            all
        };
        proptest!(ProptestConfig::with_cases(128), |(input in any_input())| {
            let line = command_line(&tools[0].name, &schema, &without_defaults(&input, &schema));
            let typed = command(&tools).try_get_matches_from(words(&line));
            prop_assert!(typed.is_ok(), "{line}: {:?}", typed.err());
            let Wanted::Run(run) = request(&typed.unwrap(), &tools).unwrap().wanted else {
                panic!("a run was asked for");
            };
            prop_assert_eq!(with_defaults(&run.input), with_defaults(&input), "{}", line);
        });
    }
}
