//! What must be true of every tool: of what it tells about itself, and of its examples when they are run,
//! to the end and broken off.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{CancelAt, Content, TestEnd, TestFolder, TestRun};
use crate::{DynTool, Example, InputChecker};

/// Checks a tool by what it tells about itself and by its examples.
///
/// # Panics
/// If something is wrong with it.
pub async fn check_tool(tool: Arc<dyn DynTool>) {
    check_schemas(&*tool);
    let examples = tool.examples();
    assert!(!examples.is_empty(), "it has no example");
    for example in examples.iter().filter(|example| example.is_run()) {
        Rehearsal {
            tool: tool.clone(),
            example,
            folder: TestFolder::new(),
        }
        .check()
        .await;
    }
}

fn check_schemas(tool: &dyn DynTool) {
    let definition = tool.definition();
    let schema = &definition.input_schema;
    let checker = InputChecker::new(schema).unwrap();
    InputChecker::new(&definition.output_schema).unwrap();
    assert_eq!(
        schema["additionalProperties"],
        json!(false),
        "unknown fields must be refused: #[serde(deny_unknown_fields)]"
    );
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        for text in ["title", "description"] {
            assert!(field[text].is_string(), "the field {name} has no {text}");
        }
        let is_required = schema["required"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(name)));
        assert!(
            is_required || field.get("default").is_some() || takes_null(field),
            "the form can't show what the field {name} is if it is left alone: #[serde(default)], and \
             its type must derive Serialize"
        );
    }
    for example in schema["examples"].as_array().into_iter().flatten() {
        assert_eq!(checker.problems(example), [], "{example}");
    }
}

/// Whether a field may hold nothing.
fn takes_null(field: &Value) -> bool {
    let alone = std::slice::from_ref(field);
    let choices = field["anyOf"].as_array().or(field["oneOf"].as_array());
    let mut kinds = choices.map_or(alone, Vec::as_slice).iter();
    kinds.any(|kind| match &kind["type"] {
        Value::Array(types) => types.contains(&json!("null")),
        kind => kind == "null",
    })
}

/// An example, and the folder that it is run in: always the same, since its path may be in what is
/// written.
struct Rehearsal<'a> {
    tool: Arc<dyn DynTool>,
    example: &'a Example,
    folder: TestFolder,
}

impl Rehearsal<'_> {
    async fn check(&self) {
        let title = self.example.title();
        let (whole, after) = self.run(None).await;
        assert!(whole.result.is_ok(), "{title}: {:?}", whole.result);
        let schema = self.tool.definition().output_schema;
        let problems = InputChecker::new(&schema).unwrap().problems(whole.output());
        assert!(
            problems.is_empty(),
            "{title}: the output isn't as its schema says: {problems:?}"
        );
        for at in cancels(&whole) {
            let (broken_off, left) = self.run(Some(at)).await;
            assert!(broken_off.was_asked_to_stop, "{title}: {at:?} never came");
            // Who was done already may end well.
            if broken_off.result.is_ok() {
                continue;
            }
            assert!(
                broken_off.is_canceled(),
                "{title}, {at:?}: {:?}",
                broken_off.result
            );
            for (path, content) in &left {
                assert!(
                    after.get(path) == Some(content),
                    "{title}, {at:?}: {} is not what it is after a whole run",
                    path.display()
                );
            }
        }
    }

    /// How it ended, and what was there then that wasn't there, or was different, before.
    async fn run(&self, cancel_at: Option<CancelAt>) -> (TestEnd, Content) {
        self.folder.clear();
        for file in self.example.files() {
            self.folder.write(file.path, (file.content)());
        }
        let before = self.folder.content();
        let schema: Value = self.tool.definition().input_schema;
        let mut run = TestRun::of_any(self.tool.clone())
            .within(&self.folder)
            .input(self.example.input_in(self.folder.path(), &schema));
        if let Some(at) = cancel_at {
            run = run.cancel_at(at);
        }
        let end = run.run().await;
        let mut after = self.folder.content();
        after.retain(|path, content| before.get(path) != Some(content));
        (end, after)
    }
}

/// At the beginning of every phase, and in the midst of what is counted.
fn cancels(whole: &TestEnd) -> Vec<CancelAt> {
    let at_phases = (0..whole.phases).map(CancelAt::Phase);
    let at = |parts: u64, make: fn(u64) -> CancelAt| {
        [parts / 3, parts / 2]
            .into_iter()
            .filter(|count| *count > 0)
            .map(make)
    };
    at_phases
        .chain(at(whole.steps, CancelAt::Steps))
        .chain(at(whole.bytes, CancelAt::Bytes))
        .collect()
}
