//! # template-tool
//! Counts the lines of files.
//!
//! What can't be read is reported and doesn't stop the rest. A cancel is heard between two files and
//! within a long one; what was counted by then is kept.

use std::io::{BufRead, BufReader};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, Permission, Phase, Skipped, ToolBehavior,
    ToolCategory, ToolError, ToolExecutionContext, ToolLimits, walk::Entry,
};

/// Counts the lines of files.
pub struct TemplateTool;

/// What to count.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The lines of every file in a folder are counted, however deep.
    #[schemars(title = "Files and folders", length(min = 1))]
    pub paths: Vec<InputPath>,
    /// Leave out files that have fewer lines than this.
    #[serde(default)]
    #[schemars(title = "Fewest lines", range(max = 1_000_000), extend("x-advanced" = true))]
    pub fewest: u64,
}

/// How many lines there are.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Output {
    /// Lines over all files that are listed.
    #[schemars(title = "Lines")]
    pub lines: u64,
    /// One entry a file, in the order of the paths and, within a folder, by name.
    #[schemars(title = "Files")]
    pub files: Vec<CountedFile>,
    /// What was left out, and why.
    #[schemars(title = "Skipped")]
    pub skipped: Vec<Skipped>,
}

/// One file's lines.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct CountedFile {
    /// The file; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// How many it has, the last included if it has no end.
    #[schemars(title = "Lines")]
    pub lines: u64,
}

impl ExecutableTool for TemplateTool {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "template-tool",
        title: "Template tool",
        description: "Counts the lines of files.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles],
        limits: ToolLimits::NONE,
        // Files are only read.
        behavior: ToolBehavior {
            starts_again: true,
            ..ToolBehavior::CAUTIOUS
        },
    };

    fn examples() -> Vec<Example> {
        vec![
            Example::new("Count the lines of a folder", json!({ "paths": ["notes"] }))
                .file("notes/short.txt", || b"one\ntwo\n".to_vec())
                .file("notes/long.txt", || b"line\n".repeat(100_000)),
        ]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        // File work goes where it holds up nothing else.
        ctx.blocking(move |ctx| count_all(&ctx, &input)).await
    }
}

fn count_all(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let scanning = Phase::new("Scanning").counting("files", None);
    ctx.progress.begin(scanning.spanning(0, 0));
    let list = ctx.walk(&input.paths)?.list()?;
    let total = list.entries.len() as u64;
    ctx.progress
        .begin(Phase::new("Counting").counting("files", Some(total)));
    let mut output = Output {
        skipped: list.skipped,
        ..Output::default()
    };
    for file in &list.entries {
        match count(ctx, file) {
            Ok(Some(lines)) if lines >= input.fewest => {
                output.lines += lines;
                let path = file.path().to_string_lossy().into_owned();
                output.files.push(CountedFile { path, lines });
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(ToolError::canceled().with_partial(&output)),
            Err(skipped) => output.skipped.push(skipped),
        }
        ctx.progress.advance(1);
    }
    Ok(output)
}

/// The lines of a file; none where a cancel came first.
fn count(ctx: &ToolExecutionContext, file: &Entry) -> Result<Option<u64>, Skipped> {
    let failed = |error| Skipped::from_io(&file.path(), &error);
    let open = file.open().map_err(|error| Skipped::from(&error))?;
    let mut text = BufReader::new(open);
    let mut lines = 0;
    let mut is_within_line = false;
    loop {
        if ctx.is_canceled() {
            return Ok(None);
        }
        let piece = text.fill_buf().map_err(failed)?;
        if piece.is_empty() {
            return Ok(Some(lines + u64::from(is_within_line)));
        }
        for byte in piece {
            is_within_line = *byte != b'\n';
            lines += u64::from(!is_within_line);
        }
        let read = piece.len();
        text.consume(read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_toolkit::testing::{CancelAt, TestFolder, TestRun};

    #[tokio::test]
    async fn a_line_without_its_end_counts_and_what_is_missing_is_told() {
        let folder = TestFolder::new();
        folder.write("notes/a.txt", "one\ntwo");
        folder.write("notes/b.txt", "");
        let end = TestRun::of(TemplateTool)
            .within(&folder)
            .input(json!({ "paths": ["notes", "gone"], "fewest": 1 }))
            .run()
            .await;
        assert_eq!(end.output()["lines"], 2);
        assert_eq!(end.output()["files"].as_array().unwrap().len(), 1);
        assert_eq!(end.output()["skipped"][0]["reason"], "not_found");
    }

    #[tokio::test]
    async fn what_was_counted_before_a_cancel_is_kept() {
        let folder = TestFolder::new();
        for name in ["a", "b", "c"] {
            folder.write(name, "one\n");
        }
        let end = TestRun::of(TemplateTool)
            .within(&folder)
            .input(json!({ "paths": ["a", "b", "c"] }))
            .cancel_at(CancelAt::Steps(5))
            .run()
            .await;
        assert!(end.is_canceled());
        assert_eq!(end.partial().unwrap()["lines"], 2);
    }
}
