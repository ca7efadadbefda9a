//! Examples of a tool's use: they stand in its schema, in the terminal's help, and are run by the tests.

use std::path::{Path, PathBuf};

use serde_json::Value;
use toolroom_shared::each_path;

/// An example of a tool's use. Its paths are relative, to whatever folder it is shown or run in.
///
/// ```
/// use serde_json::json;
/// use toolroom_toolkit::Example;
///
/// Example::new("Count the lines of a file", json!({ "files": ["notes.txt"] }))
///     .file("notes.txt", || b"one\ntwo\n".to_vec());
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Example {
    title: &'static str,
    input: Value,
    files: Vec<ExampleFile>,
    is_run: bool,
}

/// A file that an example needs.
#[derive(Clone, Copy, Debug)]
pub struct ExampleFile {
    /// Where, in the example's folder.
    pub path: &'static str,
    /// What is in it. Made when it is run, since an example is shown more often than that.
    pub content: fn() -> Vec<u8>,
}

impl Example {
    /// What it does, as in "Hash a folder", and the input.
    pub fn new(title: &'static str, input: Value) -> Self {
        Self {
            title,
            input,
            files: Vec::new(),
            is_run: true,
        }
    }

    /// There must be such a file: its path, and what is in it.
    pub fn file(mut self, path: &'static str, content: fn() -> Vec<u8>) -> Self {
        self.files.push(ExampleFile { path, content });
        self
    }

    /// It is shown and checked, but not run by the tests: it needs the world outside.
    pub fn not_run(mut self) -> Self {
        self.is_run = false;
        self
    }

    /// What it does.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// Whether tests run it.
    #[must_use]
    pub fn is_run(&self) -> bool {
        self.is_run
    }

    /// The files that it needs.
    #[must_use]
    pub fn files(&self) -> &[ExampleFile] {
        &self.files
    }

    /// Its input with whole paths, in `folder`.
    #[must_use]
    pub fn input_in(&self, folder: &Path, input_schema: &Value) -> Value {
        let mut input = self.input.clone();
        each_path(&mut input, input_schema, &mut |path| {
            *path = folder.join(&*path).to_string_lossy().into_owned();
        });
        input
    }
}

/// Puts examples into an input's schema, as if they stood in somebody's home.
pub(crate) fn put_into(input_schema: &mut Value, examples: &[Example]) {
    // Put together, since no path of a machine may stand in the sources.
    let home: PathBuf = match cfg!(windows) {
        true => [r"C:\", "Users", "me"].iter().collect(),
        false => ["/", "home", "me"].iter().collect(),
    };
    let inputs: Vec<_> = examples
        .iter()
        .map(|example| example.input_in(&home, input_schema))
        .collect();
    let titles: Vec<_> = examples.iter().map(Example::title).collect();
    if let Some(schema) = input_schema.as_object_mut()
        && !inputs.is_empty()
    {
        schema.insert("examples".to_owned(), inputs.into());
        schema.insert("x-example-titles".to_owned(), titles.into());
    }
}
