//! Files are short enough to be read in one go: a warning over 300 lines, an error over 500.
//!
//! Generated files are nobody's reading.

use super::{Finding, Tree, generated};

const LONG: usize = 300;
const TOO_LONG: usize = 500;

/// Counts the lines of all Rust files kept by hand.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|file| !generated::has_header(file))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let limit = if lines > TOO_LONG { TOO_LONG } else { LONG };
            (lines > LONG).then(|| Finding {
                is_warning: lines <= TOO_LONG,
                ..Finding::whole(
                    &file.path,
                    format!(
                        "{lines} lines, more than {limit}; divide it by what its parts are about"
                    ),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(path: &str, text: &str) -> Vec<bool> {
        check(&Tree::of(&[(path, text)]))
            .into_iter()
            .map(|finding| finding.is_warning)
            .collect()
    }

    #[test]
    fn a_long_file_is_a_warning_and_a_very_long_one_an_error() {
        assert!(kinds("a.rs", &"x\n".repeat(300)).is_empty());
        assert_eq!(kinds("a.rs", &"x\n".repeat(301)), [true]);
        assert_eq!(kinds("a.rs", &"x\n".repeat(500)), [true]);
        assert_eq!(kinds("a.rs", &"x\n".repeat(501)), [false]);
    }

    #[test]
    fn generated_files_and_other_languages_may_be_long() {
        let long = "x\n".repeat(600);
        assert!(kinds("a.css", &long).is_empty());
        assert!(kinds("a.rs", &format!("// \u{40}generated\n{long}")).is_empty());
    }
}
