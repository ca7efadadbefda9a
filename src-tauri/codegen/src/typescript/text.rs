//! Comments and strings, whatever Rust's hold.

use std::borrow::Cow;

use specta::datatype::Deprecated;

/// A string of TypeScript.
pub fn literal(text: &str) -> String {
    // JSON's strings are JavaScript's, and have been in every engine for years.
    serde_json::Value::from(text).to_string()
}

/// The documentation of an exported item, with a line end; nothing where there is nothing to say.
pub fn comment(docs: &str, deprecated: Option<&Deprecated>) -> String {
    let docs = plain_docs(docs);
    let mut lines: Vec<String> = docs.lines().map(escape).map(Cow::into_owned).collect();
    if let Some(deprecated) = deprecated {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let note = deprecation(deprecated);
        lines.push(format!("@deprecated {}", note.unwrap_or_default()));
    }
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("/** {} */\n", line.trim_end()),
        lines => {
            let lines = lines.iter().map(|line| format!(" * {line}"));
            let lines: String = lines.map(|line| format!("{}\n", line.trim_end())).collect();
            format!("/**\n{lines} */\n")
        }
    }
}

/// What a deprecation says, on one line that ends no comment.
pub fn deprecation(deprecated: &Deprecated) -> Option<String> {
    let note = deprecated.note.as_deref()?;
    let words: Vec<_> = note.split_whitespace().collect();
    Some(escape(&words.join(" ")).into_owned())
}

/// Docs without the blank that `///` leaves before each line, and without empty lines around.
pub fn plain_docs(docs: &str) -> String {
    let lines: Vec<_> = docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn escape(line: &str) -> Cow<'_, str> {
    if line.contains("*/") {
        Cow::Owned(line.replace("*/", "*\\/"))
    } else {
        Cow::Borrowed(line)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_docs_and_no_note_end_their_comment(
            docs in r"([a-z*/@\\{}]|\PC|\n| ){0,40}",
            note in proptest::option::of(r"([a-z*/]|\PC|\n){0,20}"),
        ) {
            let deprecated = note.map(|note| Deprecated::with_note(note.into()));
            let text = comment(&docs, deprecated.as_ref());
            if !text.is_empty() {
                let inside = text.strip_prefix("/**").and_then(|text| text.strip_suffix(" */\n"));
                prop_assert!(inside.is_some_and(|inside| !inside.contains("*/")), "{}", text);
            }
        }
    }

    #[test]
    fn a_string_holds_quotes_backslashes_and_line_ends() {
        assert_eq!(literal("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
    }

    #[test]
    fn one_line_of_docs_stays_on_one_line() {
        assert_eq!(comment(" Finds things.", None), "/** Finds things. */\n");
        assert_eq!(comment("", None), "");
    }

    #[test]
    fn docs_cannot_end_their_comment() {
        let text = comment(" One `*/`.\n\n   indented */ twice */", None);
        assert_eq!(
            text,
            "/**\n * One `*\\/`.\n *\n *   indented *\\/ twice *\\/\n */\n"
        );
    }

    #[test]
    fn a_deprecation_stands_after_the_docs_and_on_one_line() {
        let note = Deprecated::with_note("use */ that\n  instead".into());
        assert_eq!(
            comment(" Old.", Some(&note)),
            "/**\n * Old.\n *\n * @deprecated use *\\/ that instead\n */\n"
        );
        assert_eq!(
            comment("", Some(&Deprecated::new())),
            "/** @deprecated */\n"
        );
    }
}
