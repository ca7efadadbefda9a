//! # search-text
//! Finds the lines in which a text or a regular expression occurs, in files and folders.
//!
//! It searches as ripgrep does, with its own crates: what git ignores, hidden files and binary files
//! are left out unless asked for, a file in UTF-16 is known by its byte order mark, and a regular
//! expression is read as ripgrep reads it. A line may end as on Unix or as on Windows.
//!
//! Here is what it takes, in `output` what it gives. `pattern` makes the matcher, `places` the rules of the
//! walk; `run` shares the work among threads, of which `worker` is one; `source` reads a file, `sink` takes
//! the lines, `excerpt` cuts them.
//!
//! Files are read, not mapped into memory: a mapped file that somebody shortens takes the program down.
//! What can't be read is reported and doesn't stop the rest. A cancel is heard after at most 4 MiB more,
//! over all threads together; what was found by then is kept.

mod excerpt;
mod output;
mod pattern;
mod places;
mod run;
mod sink;
mod source;
mod worker;

pub use output::{FileCount, FoundLine, Output, Reason};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_toolkit::{
    About, Example, ExecutableTool, InputPath, InputProblem, Permission, ToolBehavior,
    ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

/// Finds the lines in which a text occurs.
pub struct SearchText;

/// What to search for, and where.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Every file in a folder is searched, however deep. A file that is named here is searched whatever
    /// ignore files, globs and types say.
    #[schemars(title = "Files and folders", length(min = 1))]
    pub paths: Vec<InputPath>,
    /// What to search for.
    #[schemars(title = "Search for", length(min = 1))]
    pub pattern: String,
    /// How the pattern is meant.
    #[serde(default)]
    #[schemars(title = "It is")]
    pub syntax: Syntax,
    /// Whether capital and small letters are told apart.
    #[serde(default)]
    #[schemars(title = "Letter case")]
    pub case: Case,
    /// Take a match only if there is no letter, digit or underscore right before or after it.
    #[serde(default)]
    #[schemars(title = "Whole words")]
    pub whole_words: bool,
    /// Let a match go on over the end of a line. In a regular expression the dot still stops there
    /// unless it says (?s). Each file is held in memory for this; one of more than 256 MiB is left out
    /// and reported.
    #[serde(default)]
    #[schemars(title = "Across lines")]
    pub multi_line: bool,
    /// Which files in the folders: *.txt takes only these, !*.log leaves those out, and the last that
    /// fits counts. One with a slash in it is meant from the folder that is searched. They count more
    /// than ignore files.
    #[serde(default)]
    #[schemars(title = "Globs")]
    pub globs: Vec<String>,
    /// Which kinds of files in the folders, by ripgrep's names, such as rust, py or html. With ! in
    /// front a kind is left out.
    #[serde(default)]
    #[schemars(title = "File types")]
    pub types: Vec<String>,
    /// Search what .gitignore, .ignore, .rgignore and git's own lists leave out too.
    #[serde(default)]
    #[schemars(title = "Search ignored files")]
    pub include_ignored: bool,
    /// Search files and folders whose names begin with a dot too.
    #[serde(default)]
    #[schemars(title = "Search hidden files")]
    pub include_hidden: bool,
    /// How many lines before each match are shown. A line between two matches is shown once.
    #[serde(default)]
    #[schemars(title = "Lines before", range(min = 0, max = 100))]
    pub lines_before: u32,
    /// How many lines after each match are shown.
    #[serde(default)]
    #[schemars(title = "Lines after", range(min = 0, max = 100))]
    pub lines_after: u32,
    /// What is shown.
    #[serde(default)]
    #[schemars(title = "Show")]
    pub show: Show,
    /// The search stops once more matches than this are found. Which ones are shown then is left to
    /// chance. Counts alone know no such limit.
    #[serde(default = "most_results")]
    #[schemars(title = "Most results", range(min = 1, max = 1_000_000))]
    pub max_results: u32,
    /// The search of a file stops once more matches than this are found in it. Counts alone know no such
    /// limit.
    #[serde(default)]
    #[schemars(title = "Most results in one file", range(min = 1, max = 1_000_000), extend("x-advanced" = true))]
    pub max_per_file: Option<u32>,
    /// What becomes of binary files. A file is taken for one as soon as a zero byte is met in it.
    #[serde(default)]
    #[schemars(title = "Binary files", extend("x-advanced" = true))]
    pub binary: Binary,
    /// The encoding of the files, such as utf-16le, latin1 or shift_jis, by the names of the web's
    /// Encoding Standard. A byte order mark counts more. Left empty, files are UTF-8, or UTF-16 where a
    /// byte order mark says so; bytes that are not text are shown as �.
    #[serde(default)]
    #[schemars(title = "Encoding", extend("x-advanced" = true))]
    pub encoding: Option<String>,
    /// Longer lines are cut around their first match, which … shows.
    #[serde(default = "most_characters")]
    #[schemars(
        title = "Longest line shown",
        range(min = 40, max = 10_000),
        extend("x-advanced" = true, "x-unit" = "characters")
    )]
    pub max_line_length: u32,
    /// Search what symbolic links inside folders point to. Otherwise links are left out and reported.
    #[serde(default)]
    #[schemars(title = "Follow symbolic links", extend("x-advanced" = true))]
    pub follow_links: bool,
}

const fn most_results() -> u32 {
    10_000
}

const fn most_characters() -> u32 {
    400
}

/// How a pattern is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Syntax {
    /// Each character means itself.
    #[default]
    #[schemars(title = "Plain text")]
    Literal,
    /// In the syntax of Rust and ripgrep: no look-around and no back-references.
    #[schemars(title = "Regular expression")]
    Regex,
}

/// Whether capital and small letters are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Case {
    /// Only if there is a capital letter in the pattern.
    #[default]
    #[schemars(title = "Smart")]
    Smart,
    /// They are told apart.
    #[schemars(title = "Exact")]
    Sensitive,
    /// They are the same.
    #[schemars(title = "Ignored")]
    Insensitive,
}

/// What becomes of binary files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Binary {
    /// They are left out and reported.
    #[default]
    #[schemars(title = "Leave out")]
    Skip,
    /// They are searched like any other file.
    #[schemars(title = "Search as text")]
    Text,
}

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Show {
    /// The lines with matches, and how many each file has.
    #[default]
    #[schemars(title = "Lines")]
    Lines,
    /// Only how many each file has.
    #[schemars(title = "Counts only")]
    Counts,
}

impl ExecutableTool for SearchText {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "search-text",
        title: "Search text",
        description: "Finds the lines in which a text or a regular expression occurs, in files and folders.",
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
        let log = || {
            let line = b"10:42 the door was opened, then closed again\n";
            line.iter().copied().cycle().take(20 << 20).collect()
        };
        vec![
            Example::new(
                "Find a word in a project, with two lines around it",
                json!({
                    "paths": ["project"],
                    "pattern": "todo",
                    "whole_words": true,
                    "lines_before": 2,
                    "lines_after": 2,
                }),
            )
            .file("project/notes.txt", || {
                b"one\ntwo\nTODO: three\nfour\nno todos\n".to_vec()
            })
            .file("project/src/main.rs", || {
                b"fn main() {\n    // todo\n}\n".to_vec()
            })
            .file("project/build.log", log),
            Example::new(
                "Count the times in log files",
                json!({
                    "paths": ["logs"],
                    "pattern": r"\b\d{1,2}:\d{2}\b",
                    "syntax": "regex",
                    "globs": ["*.log"],
                    "show": "counts",
                }),
            )
            .file("logs/door.log", log)
            .file("logs/readme.txt", || b"12:00 is noon".to_vec()),
        ]
    }

    fn check(&self, input: &Input) -> Vec<InputProblem> {
        let mut problems = places::problems(input);
        if let Err(message) = pattern::matcher(input) {
            problems.push(InputProblem::new("/pattern", message));
        }
        if let Err(message) = pattern::encoding(input) {
            problems.push(InputProblem::new("/encoding", message));
        }
        problems
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        ctx.blocking(move |ctx| run::search(&ctx, &input)).await
    }
}
