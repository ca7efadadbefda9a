//! Every source file opens with what it does and what it leaves to others.
//!
//! That it says so is checked; whether it is true, only a reader can tell.

use super::{Finding, Tree, generated};

/// Looks at the first line of every Rust file in a `src` folder.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|file| file.path.split('/').any(|part| part == "src"))
        .filter(|file| {
            let skipped = if generated::has_header(file) { 3 } else { 1 };
            let mut opening = file
                .text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .take(skipped);
            !opening.any(|line| line.starts_with("//!"))
        })
        .map(|file| {
            Finding::whole(
                &file.path,
                "opens without `//!`: say what the file does and what it leaves to others",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]))
            .into_iter()
            .map(|finding| finding.path)
            .collect()
    }

    #[test]
    fn a_source_file_without_an_opening_is_found() {
        assert!(places("a/src/b.rs", "//! Words.\nuse x;\n").is_empty());
        assert_eq!(places("a/src/b.rs", "use x;\n//! Words.\n"), ["a/src/b.rs"]);
        assert_eq!(places("a/src/b.rs", ""), ["a/src/b.rs"]);
    }

    #[test]
    fn a_generated_file_may_have_its_header_first() {
        assert!(places("a/src/b.rs", "// \u{40}generated\n//! Words.\n").is_empty());
    }

    #[test]
    fn build_scripts_and_integration_tests_are_not_asked() {
        assert!(places("a/build.rs", "fn main() {}\n").is_empty());
        assert!(places("tests/tests/window.rs", "fn a() {}\n").is_empty());
    }
}
