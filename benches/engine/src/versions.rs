//! Which version of a peer was measured, from the lock file that it was built with.
//!
//! A version that is written down beside the numbers would be true until the next update.

/// A package's version in a lock file.
pub fn locked<'a>(lock_file: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock_file.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

/// A package and its version in words, for a note.
pub fn named(lock_file: &str, package: &str) -> String {
    match locked(lock_file, package) {
        Some(version) => format!("{package} {version}"),
        None => package.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_by_the_whole_name() {
        let lock_file = "[[package]]\nname = \"ab\"\nversion = \"2.0.1\"\n\n\
                         [[package]]\nname = \"a\"\nversion = \"1.4.0\"\n";
        assert_eq!(named(lock_file, "a"), "a 1.4.0");
        assert_eq!(named(lock_file, "ab"), "ab 2.0.1");
        assert_eq!(named(lock_file, "b"), "b");
    }
}
