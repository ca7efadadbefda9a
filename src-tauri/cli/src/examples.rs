//! A tool's examples, from its input schema, as they are typed.

use serde_json::Value;
use toolroom_shared::ToolDefinition;

/// The examples for a tool's help; nothing if it has none.
pub fn help(tool: &ToolDefinition) -> Option<String> {
    let listed = |keyword: &str| tool.input_schema[keyword].as_array().into_iter().flatten();
    let titles = listed("x-example-titles").map(|title| title.as_str().unwrap_or_default());
    let lines: Vec<_> = listed("examples")
        .zip(titles)
        .map(|(input, title)| format!("  {title}:\n    {}", line(&tool.name, input)))
        .collect();
    (!lines.is_empty()).then(|| format!("Examples:\n{}", lines.join("\n")))
}

/// What is typed to run a tool with an input.
fn line(tool: &str, input: &Value) -> String {
    let mut line = format!("toolroom run {tool}");
    for (name, value) in input.as_object().into_iter().flatten() {
        line.push_str(&format!(" --{}", name.replace('_', "-")));
        match value {
            Value::Bool(true) => {}
            Value::Array(items) => items.iter().for_each(|item| push(&mut line, item)),
            other => push(&mut line, other),
        }
    }
    line
}

fn push(line: &mut String, value: &Value) {
    line.push(' ');
    match value {
        Value::String(text) => line.push_str(&quoted(text)),
        other => line.push_str(&quoted(&other.to_string())),
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
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
    use crate::arguments::{Wanted, command, request};
    use serde_json::json;
    use std::process::Command;

    /// The words that a shell makes of a line.
    fn words(line: &str) -> Vec<String> {
        let output = Command::new("sh")
            .args(["-c", &format!(r"printf '%s\n' {line}")])
            .output()
            .unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        words.lines().map(str::to_owned).collect()
    }

    #[cfg(unix)]
    #[test]
    fn what_the_help_shows_can_be_typed_and_means_the_example() {
        let tools = toolroom_app::registry().unwrap().definitions();
        for tool in &tools {
            let examples = tool.input_schema["examples"].as_array();
            for input in examples.into_iter().flatten() {
                let typed = command(&tools).get_matches_from(words(&line(&tool.name, input)));
                let Wanted::Run(run) = request(&typed, &tools).unwrap().wanted else {
                    panic!("a run was asked for");
                };
                assert_eq!(&run.input, input);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_takes_odd_words_as_they_are_meant() {
        let input = json!({
            "some_paths": ["/a b", "it's", ""], "deep": { "x": 1 }, "yes": true, "no": false,
        });
        let expected = [
            "toolroom",
            "run",
            "t",
            "--some-paths",
            "/a b",
            "it's",
            "",
            "--deep",
            r#"{"x":1}"#,
            "--yes",
            "--no",
            "false",
        ];
        assert_eq!(words(&line("t", &input)), expected);
    }
}
