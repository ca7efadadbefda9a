//! search-text against ripgrep on generated trees, against a plain reference, and on its own.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

#[cfg(unix)]
#[path = "search_text/generated.rs"]
mod generated;
#[path = "search_text/refused_inputs.rs"]
mod refused_inputs;
#[cfg(unix)]
#[path = "search_text/ripgrep.rs"]
mod ripgrep;

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_toolkit::testing::{TestEnd, TestFolder, TestRun};
use toolroom_tools::search_text::SearchText;

/// Runs it; the paths are relative to the folder.
fn run(folder: &TestFolder, input: Value) -> TestEnd {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(TestRun::of(SearchText).within(folder).input(input).run())
}

/// The input with the folder itself to be searched.
fn with(input: Value) -> Value {
    let mut whole = json!({ "paths": [""], "max_results": 1_000_000, "max_line_length": 10_000 });
    whole
        .as_object_mut()
        .unwrap()
        .extend(input.as_object().unwrap().clone());
    whole
}

fn rows<'a>(output: &'a Value, list: &str) -> Vec<&'a Value> {
    output[list].as_array().unwrap().iter().collect()
}

/// Each result as `path:line:column:text`.
fn told(folder: &Path, output: &Value) -> Vec<String> {
    let root = format!("{}/", folder.display());
    rows(output, "results")
        .into_iter()
        .map(|row| {
            let path = row["path"].as_str().unwrap().replace(&root, "");
            let text = row["text"].as_str().unwrap();
            format!("{path}:{}:{}:{text}", row["line"], row["column"])
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_plain_text_is_found_where_a_plain_search_finds_it(
        texts in proptest::collection::vec("[ab.*\\\\(ä \n]{0,80}", 1..6),
        pattern in "[ab.*\\\\(ä ]{1,3}",
        is_exact in any::<bool>(),
    ) {
        let folder = TestFolder::new();
        let mut expected = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            folder.write(format!("{index}"), text);
            for (line, number) in text.lines().zip(1..) {
                let columns: Vec<_> = line
                    .match_indices(&pattern)
                    .map(|(at, _)| line[..at].chars().count())
                    .collect();
                if let Some(first) = columns.first() {
                    let length = pattern.chars().count();
                    let spans: Vec<_> = columns.iter().map(|at| [*at, at + length]).collect();
                    expected.push((format!("{index}:{number}:{}:{line}", first + 1), json!(spans)));
                }
            }
        }
        // There is no capital letter in it, nor in the files: all cases are one.
        let case = if is_exact { "sensitive" } else { "smart" };
        let end = run(&folder, with(json!({ "pattern": pattern, "case": case })));
        let output = end.output();
        let spans = rows(output, "results").into_iter().map(|row| row["spans"].clone());
        let found: Vec<_> = told(folder.path(), output).into_iter().zip(spans).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn more_than_the_most_in_all_is_told_and_just_as_many_is_not() {
    let folder = TestFolder::new();
    for name in ["a", "b", "c"] {
        folder.write(name, "hit\n".repeat(10));
    }
    let search = |most: u32| {
        run(
            &folder,
            json!({ "paths": [""], "pattern": "hit", "max_results": most }),
        )
    };
    for most in [1, 10, 15, 20, 29] {
        let end = search(most);
        let output = end.output();
        assert_eq!(rows(output, "results").len(), most as usize);
        assert_eq!(output["more_were_found"], true);
        let note = output["note"].as_str().unwrap();
        assert!(
            note.starts_with(&format!("More than {most} results were found")),
            "{note}"
        );
    }
    let end = search(30);
    assert_eq!(rows(end.output(), "results").len(), 30);
    assert_eq!(end.output()["more_were_found"], false);
    assert_eq!(end.output()["note"], Value::Null);
}

#[test]
fn more_than_the_most_in_a_file_is_told_of_that_file_and_the_others_are_searched() {
    let folder = TestFolder::new();
    folder.write("few", "hit\nhit\n");
    folder.write("many", "hit\nmiss\nhit\nmiss\nhit\n");
    let input = json!({ "paths": [""], "pattern": "hit", "max_per_file": 2, "lines_after": 1 });
    let end = run(&folder, input);
    let output = end.output();
    assert_eq!(
        told(folder.path(), output),
        ["few:1:1:hit", "few:2:1:hit", "many:1:1:hit", "many:3:1:hit"]
    );
    assert_eq!(output["results"][3]["after"], "miss");
    let cut: Vec<_> = rows(output, "files")
        .into_iter()
        .map(|file| &file["cut_short"])
        .collect();
    assert_eq!(cut, [false, true]);
    assert_eq!(output["more_were_found"], true);
}

#[test]
fn counts_are_of_everything_and_come_without_lines() {
    let folder = TestFolder::new();
    folder.write("a", "x x\nx\n".repeat(100));
    folder.write("b", "y");
    let input = json!({
        "paths": [""], "pattern": "x", "show": "counts", "max_results": 1, "max_per_file": 1,
    });
    let end = run(&folder, input);
    let output = end.output();
    assert_eq!(output["results"], json!([]));
    assert_eq!(
        (&output["matches"], &output["lines"]),
        (&json!(300), &json!(200))
    );
    assert_eq!(output["files"][0]["matches"], 300);
    assert_eq!(output["files_searched"], 2);
    assert_eq!(output["more_were_found"], false);
}

#[test]
fn binary_files_are_left_out_and_told_or_searched_and_told() {
    let folder = TestFolder::new();
    folder.write("late", format!("hit\n{}\n\0", "fill\n".repeat(40_000)));
    folder.write("soon", "\0 hit\n");
    folder.write("text", "hit\n");
    let end = run(&folder, with(json!({ "pattern": "hit" })));
    let output = end.output();
    assert_eq!(told(folder.path(), output), ["text:1:1:hit"]);
    let reasons: Vec<_> = rows(output, "skipped")
        .into_iter()
        .map(|row| &row["reason"])
        .collect();
    assert_eq!(reasons, ["binary", "binary"]);
    let said = output["skipped"][0]["message"].as_str().unwrap();
    assert!(said.contains("the first after 200005 bytes"), "{said}");

    let end = run(&folder, with(json!({ "pattern": "hit", "binary": "text" })));
    let output = end.output();
    assert_eq!(rows(output, "results").len(), 3);
    let binary: Vec<_> = rows(output, "files")
        .into_iter()
        .map(|row| &row["binary"])
        .collect();
    assert_eq!(binary, [true, true, false]);
    assert_eq!(output["skipped"], json!([]));
}

#[test]
fn files_in_other_encodings_are_searched_by_their_mark_or_by_name() {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let folder = TestFolder::new();
    folder.write("marked", utf16("\u{feff}one\r\nzwölf Äpfel\r\n"));
    let end = run(&folder, with(json!({ "pattern": "äpfel" })));
    assert_eq!(
        told(folder.path(), end.output()),
        ["marked:2:7:zwölf Äpfel"]
    );
    assert_eq!(end.output()["files"][0]["encoding"], "UTF-16LE");

    let folder = TestFolder::new();
    folder.write("plain", utf16("zwölf\n"));
    let end = run(
        &folder,
        with(json!({ "pattern": "zwölf", "encoding": "utf-16le" })),
    );
    assert_eq!(told(folder.path(), end.output()), ["plain:1:1:zwölf"]);

    let folder = TestFolder::new();
    folder.write("old", b"zw\xf6lf\n");
    let end = run(
        &folder,
        with(json!({ "pattern": "zwölf", "encoding": "latin1" })),
    );
    assert_eq!(told(folder.path(), end.output()), ["old:1:1:zwölf"]);
}

#[test]
fn long_files_are_found_in_like_short_ones_and_stand_in_order() {
    let folder = TestFolder::new();
    let long = format!("{}needle\n", "hay and more hay\n".repeat(70_000));
    for name in ["a", "c", "e"] {
        folder.write(name, &long);
    }
    folder.write("b", "needle");
    folder.write("d/d", "a needle");
    let end = run(&folder, with(json!({ "pattern": "needle" })));
    assert_eq!(
        told(folder.path(), end.output()),
        [
            "a:70001:1:needle",
            "b:1:1:needle",
            "c:70001:1:needle",
            "d/d:1:3:a needle",
            "e:70001:1:needle"
        ]
    );
    let bytes = 3 * long.len() + "needle".len() + "a needle".len();
    assert_eq!(end.output()["bytes_read"], bytes);
}

#[test]
fn a_long_line_is_cut_around_the_match_and_tells_its_length() {
    let folder = TestFolder::new();
    let line = format!("{}needle{}", "x".repeat(100_000), "y".repeat(100_000));
    folder.write("a", &line);
    let input = json!({ "paths": [""], "pattern": "needle", "max_line_length": 40 });
    let end = run(&folder, input);
    let row = &end.output()["results"][0];
    assert_eq!(row["column"], 100_001);
    assert_eq!(
        row["text"],
        format!("…{}needle{}…", "x".repeat(10), "y".repeat(24))
    );
    assert_eq!(row["spans"], json!([[11, 17]]));
    assert_eq!(row["whole_length"], line.len());
}

#[test]
fn what_is_missing_is_told_and_does_not_stop_the_rest() {
    let folder = TestFolder::new();
    folder.write("here", "x");
    let end = run(
        &folder,
        json!({ "paths": ["gone", "here"], "pattern": "x" }),
    );
    assert_eq!(told(folder.path(), end.output()), ["here:1:1:x"]);
    assert_eq!(end.output()["skipped"][0]["reason"], "not_found");

    let end = run(&folder, json!({ "paths": ["gone"], "pattern": "x" }));
    assert_eq!(end.error().code.as_str(), "nothing_to_search");
    assert_eq!(end.partial().unwrap()["skipped"][0]["reason"], "not_found");
}

#[test]
fn a_glob_with_a_slash_is_meant_from_each_of_the_folders() {
    let folder = TestFolder::new();
    for root in ["[one]", "two"] {
        for file in ["src/a.rs", "src/deep/b.rs", "c.rs"] {
            folder.write(format!("{root}/{file}"), "x");
        }
    }
    let search = |globs: Value| {
        let input = json!({ "paths": ["[one]", "two/"], "pattern": "x", "globs": globs });
        let end = run(&folder, input);
        let files = rows(end.output(), "files").len();
        (files, told(folder.path(), end.output()))
    };
    assert_eq!(
        search(json!(["src/*.rs"])).1,
        ["[one]/src/a.rs:1:1:x", "two/src/a.rs:1:1:x"]
    );
    assert_eq!(
        search(json!(["!/src/"])).1,
        ["[one]/c.rs:1:1:x", "two/c.rs:1:1:x"]
    );
    assert_eq!(search(json!(["**/b.rs"])).0, 2);
}
