//! What is refused before anything is searched, at which field, and in which words.

use std::sync::Arc;

use serde_json::{Value, json};
use toolroom_toolkit::DynTool;
use toolroom_tools::search_text::SearchText;

fn problems(input: Value) -> Vec<(String, String)> {
    let mut whole = json!({ "paths": ["/"], "pattern": "a" });
    whole
        .as_object_mut()
        .unwrap()
        .extend(input.as_object().unwrap().clone());
    let Err(problems) = Arc::new(SearchText).prepare(&whole) else {
        return Vec::new();
    };
    problems
        .into_iter()
        .map(|problem| (problem.pointer, problem.message))
        .collect()
}

fn one(pointer: &str, message: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), message.to_owned())]
}

#[test]
fn a_fault_in_a_pattern_is_told_with_its_place_and_the_field() {
    let regex = |pattern: &str| problems(json!({ "pattern": pattern, "syntax": "regex" }));
    assert_eq!(
        regex("aä(b"),
        one(
            "/pattern",
            "At character 3 of the pattern, “(b”: unclosed group."
        )
    );
    assert_eq!(
        regex(r"\p{Klingon}"),
        one(
            "/pattern",
            r"At character 1 of the pattern, “\p{Klingon}”: Unicode property not found."
        )
    );
    let line_end = "a line's end is in no line; switch on “Across lines” to search for it";
    assert_eq!(
        regex(r"ab\nc"),
        one(
            "/pattern",
            &format!(r"At character 3 of the pattern, “\nc”: {line_end}.")
        )
    );
    assert_eq!(
        problems(json!({ "pattern": "x\ny" })),
        one(
            "/pattern",
            &format!("At character 2 of the pattern, “\ny”: {line_end}.")
        )
    );
    assert_eq!(
        regex(r"a\x00"),
        one(
            "/pattern",
            r"At character 2 of the pattern, “\x00”: a zero byte is only in binary files; choose to search them as text."
        )
    );
    assert_eq!(
        regex(r"(\pL{500}){500}"),
        one(
            "/pattern",
            "The pattern is too large. Repeat less in it, or use fewer classes of characters."
        )
    );
    assert_eq!(regex("a(b|c)*$"), []);
    // Taken literally there is no fault in any of them.
    assert_eq!(problems(json!({ "pattern": "a(b" })), []);
}

#[test]
fn globs_types_and_encodings_that_are_none_are_told_at_their_place() {
    assert_eq!(
        problems(json!({ "globs": ["*.rs", "[a"] })),
        one(
            "/globs/1",
            "Can't be used as a glob: unclosed character class; missing ']'."
        )
    );
    assert_eq!(
        problems(json!({ "globs": ["!"] })),
        one("/globs/0", "Must not be empty.")
    );
    assert_eq!(
        problems(json!({ "types": ["!rs"] })),
        one(
            "/types/0",
            "There is no file type “rs”. Files that end in .rs are of the type rust."
        )
    );
    assert_eq!(problems(json!({ "types": ["rust", "!py", "all"] })), []);
    assert_eq!(
        problems(json!({ "encoding": "utf-17" })),
        one(
            "/encoding",
            "There is no encoding called “utf-17”. Try utf-8, utf-16le, latin1 or shift_jis."
        )
    );
}
