//! Names in TypeScript: how Rust's become ours, and which are free.
//!
//! Which names there are is told by others; what is written with them too.

use std::collections::BTreeSet;

use heck::ToLowerCamelCase;

/// What can't name a function, an argument or a constant in a module.
const RESERVED: &[&str] = &[
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// A name of Rust's as it stands on the wire and in TypeScript: `job_id` is `jobId`.
pub fn camel_case(name: &str) -> String {
    name.to_lower_camel_case()
}

/// The name of a function, an argument or a constant: an underscore is put behind a reserved word.
pub fn identifier(name: &str) -> String {
    if RESERVED.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// The first of `wish`, `wish_`, `wish__`, … that isn't taken.
pub fn free_name(wish: &str, taken: &BTreeSet<String>) -> String {
    let mut name = wish.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

/// Whether TypeScript takes it as a name without quotes.
pub fn is_identifier(name: &str) -> bool {
    let begins = |letter: char| letter.is_alphabetic() || letter == '_' || letter == '$';
    name.starts_with(begins)
        && name
            .chars()
            .all(|letter| begins(letter) || letter.is_alphanumeric())
}

/// The key of a property: in quotes where it must be.
pub fn key(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        super::text::literal(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_word_gets_an_underscore_and_other_names_stay() {
        assert_eq!(identifier("delete"), "delete_");
        assert_eq!(identifier("deleteJob"), "deleteJob");
        assert_eq!(camel_case("on_step"), "onStep");
    }

    #[test]
    fn a_name_that_is_taken_gets_underscores_until_it_is_free() {
        let taken = ["call", "call_"].map(str::to_owned).into();
        assert_eq!(free_name("call", &taken), "call__");
        assert_eq!(free_name("listen", &taken), "listen");
    }

    #[test]
    fn a_key_stands_in_quotes_where_it_must() {
        assert_eq!(key("get_job"), "get_job");
        assert_eq!(key("tool-job-progress"), "\"tool-job-progress\"");
        assert_eq!(key("1st"), "\"1st\"");
        assert_eq!(key(""), "\"\"");
    }
}
