//! What is written for which names.

use super::*;
use proptest::prelude::*;

fn repository() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join(catalogue::SOURCES)).unwrap();
    root
}

#[test]
fn the_file_bears_its_name_throughout_and_is_in_the_catalogue() {
    let root = repository();
    let place = write(root.path(), "sort-lines2").unwrap();
    assert_eq!(place, "src-tauri/tools/src/sort_lines2.rs");
    let text = fs::read_to_string(root.path().join(&place)).unwrap();
    for part in [
        "//! # sort-lines2\n",
        "pub struct SortLines2;",
        "impl ExecutableTool for SortLines2 {",
        "name: \"sort-lines2\"",
        "title: \"Sort lines2\"",
        "TestRun::of(SortLines2)",
    ] {
        assert!(text.contains(part), "{part} is missing");
    }
    assert!(!text.to_lowercase().contains("template"), "{text}");
    let catalogue = catalogue::generate(root.path()).unwrap().content;
    let catalogue = String::from_utf8(catalogue).unwrap();
    assert!(
        catalogue.contains("Box::new(sort_lines2::SortLines2)"),
        "{catalogue}"
    );
}

proptest! {
    // Each case starts rustfmt.
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn whatever_its_name_it_can_be_read_and_is_laid_out_as_rustfmt_would(
        words in proptest::collection::vec("[a-z][a-z0-9]{0,8}", 1..5),
    ) {
        let name = words.join("-");
        prop_assume!(fault(&name).is_none());
        let root = repository();
        let place = write(root.path(), &name).unwrap();
        let text = fs::read_to_string(root.path().join(place)).unwrap();
        let again = catalogue::format(root.path(), &text).unwrap();
        prop_assert_eq!(again, text.into_bytes());
    }
}

#[test]
fn names_that_no_tool_can_have_are_refused_and_nothing_is_written() {
    let root = repository();
    let long = "a".repeat(MOST_LETTERS + 1);
    let refused = |name: &str, why: &str| {
        let error = write(root.path(), name).unwrap_err().to_string();
        assert!(error.contains("can't be a tool's name"), "{name}: {error}");
        assert!(error.contains(why), "{name}: {error}");
    };
    for name in [
        "",
        "-",
        "a-",
        "-a",
        "a--b",
        "Count-lines",
        "count_lines",
        "count lines",
        "../a",
        "a/b",
        "2-a",
        "a-2",
        "zählen",
        "a\n",
    ] {
        refused(name, "small letters");
    }
    for name in [
        "match",
        "self",
        "support",
        "lib",
        "catalogue",
        "std",
        "toolroom-toolkit",
        "input",
        "output",
        "json-schema",
        "tool-error",
        "ok",
        "none",
        "vec",
        "counted-file",
        TEMPLATE_ID,
    ] {
        refused(name, "means something else");
    }
    refused(&long, "longer than 40");
    let sources = root.path().join(catalogue::SOURCES);
    assert_eq!(fs::read_dir(sources).unwrap().count(), 0);
}

#[test]
fn a_tool_that_is_there_is_left_as_it_is_be_it_a_file_or_a_folder() {
    let root = repository();
    let sources = root.path().join(catalogue::SOURCES);
    fs::write(sources.join("one_file.rs"), "mine").unwrap();
    fs::create_dir(sources.join("one_folder")).unwrap();
    fs::write(sources.join("one_folder/mod.rs"), "mine").unwrap();
    for name in ["one-file", "one-folder"] {
        let error = write(root.path(), name).unwrap_err().to_string();
        assert!(error.contains(&format!("a tool {name} already")), "{error}");
    }
    let kept = fs::read_to_string(sources.join("one_file.rs")).unwrap();
    assert_eq!(kept, "mine");
    assert!(!sources.join("one_folder.rs").exists());
}
