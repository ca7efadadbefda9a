//! No tool is named outside the tools and the tests: every door learns them from the registry.
//!
//! Ids come from the names of the modules, as the catalogue has them.

use super::{File, Finding, Tree, source};

/// Folders where a tool may be called by its name.
const FREE: &[&str] = &["src-tauri/tools/", "xtask/"];

/// Looks for the ids, and the modules' names, as string literals in Rust code.
pub fn check(tree: &Tree, ids: &[String]) -> Vec<Finding> {
    let literals: Vec<(String, &String)> = ids
        .iter()
        .flat_map(|id| {
            [
                (format!("\"{id}\""), id),
                (format!("\"{}\"", id.replace('-', "_")), id),
            ]
        })
        .collect();
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| !is_free(file)) {
        for (number, line) in source::code_lines(&file.text) {
            if let Some((_, id)) = literals.iter().find(|(literal, _)| line.contains(literal)) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("the tool {id} is named here; take what you need from its definition"),
                ));
            }
        }
    }
    findings
}

fn is_free(file: &File) -> bool {
    file.is_test() || FREE.iter().any(|folder| file.path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let ids = ["hash-files".to_owned(), "zip".to_owned()];
        Tree::of(&[(path, text)]).lines_with(|tree| check(tree, &ids))
    }

    #[test]
    fn a_tool_named_in_an_engine_or_a_page_is_found() {
        assert_eq!(
            lines(
                "src-tauri/engine/src/a.rs",
                "x();\nlet a = \"hash-files\";\n"
            ),
            [2]
        );
        assert_eq!(lines("src-ui/src/a.rs", "let a = \"hash_files\";\n"), [1]);
        assert_eq!(lines("src-ui/src/a.rs", "let a = \"zip\";\n"), [1]);
    }

    #[test]
    fn words_that_contain_a_name_are_not_the_name() {
        assert!(
            lines(
                "src-ui/src/a.rs",
                "let a = \"unzip\"; let hash_files = 1;\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn tools_tests_and_documentation_may_name_it() {
        let code = "let a = \"hash-files\";\n";
        assert!(lines("src-tauri/tools/src/hash_files.rs", code).is_empty());
        assert!(lines("tests/tests/window.rs", code).is_empty());
        assert!(lines("src-tauri/engine/tests/flow.rs", code).is_empty());
        assert!(lines("src-ui/src/form/tests.rs", code).is_empty());
        assert!(lines("CONTRIBUTING.md", code).is_empty());
        assert!(lines("src-ui/src/a.rs", "/// Such as \"hash-files\".\n").is_empty());
        let beside = "#[cfg(test)]\nmod tests {\n    const A: &str = \"hash-files\";\n}\n";
        assert!(lines("src-ui/src/a.rs", beside).is_empty());
    }
}
