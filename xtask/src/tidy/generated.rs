//! Generated files say so, and nothing else does.
//!
//! Whether they are up to date is `codegen --check`'s business.

use super::{File, Finding, Tree};

const WORD: &str = concat!("@", "generated");
const HEAD: usize = 3;

/// Holds the headers against the list of generated files.
pub fn check(tree: &Tree, generated: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| !file.is_lock()) {
        match (generated.contains(&file.path.as_str()), has_header(file)) {
            (true, false) => findings.push(Finding::whole(
                &file.path,
                format!("generated, but no {WORD} in {HEAD} lines; run `cargo xtask codegen`"),
            )),
            (false, true) => findings.push(Finding::whole(
                &file.path,
                format!("says {WORD} but is not on the list in xtask/src/codegen/mod.rs"),
            )),
            _ => {}
        }
    }
    findings
}

/// Whether a file says that it is generated.
pub fn has_header(file: &File) -> bool {
    file.text.lines().take(HEAD).any(|line| line.contains(WORD))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files), &["a.rs"])
            .into_iter()
            .map(|finding| finding.path)
            .collect()
    }

    #[test]
    fn a_generated_file_without_its_header_is_found() {
        let header = format!("// {WORD} by a program\n");
        assert!(places(&[("a.rs", &header)]).is_empty());
        assert_eq!(places(&[("a.rs", "//! By hand.\n")]), ["a.rs"]);
        assert_eq!(places(&[("a.rs", &format!("\n\n\n{header}"))]), ["a.rs"]);
    }

    #[test]
    fn a_header_on_a_file_that_is_not_generated_is_found() {
        let header = format!("// {WORD} by a program\n");
        assert_eq!(places(&[("b.rs", &header)]), ["b.rs"]);
        assert!(places(&[("b.rs", &format!("\n\n\n{header}"))]).is_empty());
        // Cargo writes the same word into its own.
        assert!(places(&[("Cargo.lock", &header)]).is_empty());
    }

    #[test]
    fn a_file_on_the_list_need_not_exist_yet() {
        assert!(places(&[]).is_empty());
    }
}
