//! A tool for the documentation of the test kit.

use std::io::Read;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_shared::{Permission, ToolBehavior, ToolCategory, ToolLimits};

use crate::{About, Example, ExecutableTool, InputPath, Phase, ToolError, ToolExecutionContext};

/// Counts the words of files.
pub struct CountWords;

/// What to count.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The files whose words are counted.
    #[schemars(title = "Files")]
    files: Vec<InputPath>,
}

/// How many there are.
#[derive(Serialize, JsonSchema)]
pub struct Output {
    /// Over all files.
    words: usize,
}

impl ExecutableTool for CountWords {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "count-words",
        title: "Count words",
        description: "Counts the words of files.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn examples() -> Vec<Example> {
        let example = Example::new(
            "Count the words of notes",
            json!({ "files": ["notes.txt"] }),
        );
        vec![example.file("notes.txt", || b"three short words".to_vec())]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| {
            let total = input.files.len() as u64;
            ctx.progress
                .begin(Phase::new("Counting").counting("files", Some(total)));
            let mut words = 0;
            for file in &input.files {
                ctx.check_canceled()?;
                let mut text = String::new();
                ctx.input(file)?
                    .open()?
                    .read_to_string(&mut text)
                    .map_err(|error| ToolError::io("read", file.as_path(), &error))?;
                words += text.split_whitespace().count();
                ctx.progress.advance(1);
            }
            Ok(Output { words })
        })
        .await
    }
}
