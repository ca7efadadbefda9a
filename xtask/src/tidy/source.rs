//! Reading Rust sources line by line: without comments, without the tests beside the code.
//!
//! No parser: the code is laid out by rustfmt, so the lines alone tell enough.

/// The lines of code with their numbers: no comments, and nothing that is compiled for tests only.
pub fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    without_tests(text)
        .into_iter()
        .filter(|(_, line)| !is_comment(line))
}

/// All lines with their numbers, without what is compiled for tests only.
pub fn without_tests(text: &str) -> Vec<(usize, &str)> {
    let mut kept = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if !is_test_attribute(line) {
            kept.push((number + 1, line));
            continue;
        }
        let indent = indent(line);
        // Further attributes, then the item: one line that ends with `;` or `}`, or up to the
        // brace that stands below the attribute.
        for (_, line) in lines.by_ref() {
            if indent_matters(line) && self::indent(line) == indent {
                let trimmed = line.trim();
                if trimmed.starts_with('#') || is_comment(line) {
                    continue;
                }
                if trimmed.ends_with([';', '}', ',']) {
                    break;
                }
            }
        }
    }
    kept
}

/// Whether a line (counted from 1) bears a comment with this beginning, at its end or right above
/// it.
pub fn has_reason(text: &str, line: usize, beginning: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let index = line.saturating_sub(1).min(lines.len());
    let here = lines.get(index).copied();
    let above = lines[..index]
        .iter()
        .rev()
        .take_while(|above| is_comment(above))
        .copied();
    here.into_iter().chain(above).any(|line| {
        let reason = line
            .find(beginning)
            .map(|position| &line[position + beginning.len()..]);
        // A bare mark gives no reason.
        reason.is_some_and(|reason| !reason.trim().is_empty())
    })
}

/// Whether a line is a comment and nothing else.
pub fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn is_test_attribute(line: &str) -> bool {
    let line = line.trim();
    line == "#[cfg(test)]" || (line.starts_with("#[cfg(all(test,") && line.ends_with(")]"))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn indent_matters(line: &str) -> bool {
    !line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<usize> {
        without_tests(text)
            .into_iter()
            .map(|(number, _)| number)
            .collect()
    }

    #[test]
    fn a_test_module_is_left_out_and_what_follows_is_not() {
        let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n";
        assert_eq!(kept(text), [1, 2, 8]);
    }

    #[test]
    fn single_lines_and_further_attributes_are_left_out_as_well() {
        assert_eq!(kept("#[cfg(test)]\nmod tests;\nfn c() {}\n"), [3]);
        assert_eq!(
            kept("#[cfg(test)]\n#[allow(x)]\npub fn a() {\n    b();\n}\nfn c() {}\n"),
            [6]
        );
        assert_eq!(
            kept("    #[cfg(test)]\n    fn a() {\n    }\n    fn c() {}\n"),
            [4]
        );
        assert_eq!(
            kept("#[cfg(all(test, unix))]\nmod tests {\n}\nfn c() {}\n"),
            [4]
        );
    }

    #[test]
    fn comments_are_no_code() {
        let lines: Vec<_> = code_lines("/// Words.\nlet a = 1; // why\n").collect();
        assert_eq!(lines, [(2, "let a = 1; // why")]);
    }

    #[test]
    fn a_reason_is_found_right_above_or_at_the_end_of_the_line() {
        let text = "// sleep: the clock\n// is slow\nsleep();\n\nsleep();\n// sleep:\nsleep();\n\
            sleep(); // sleep: so\n";
        assert!(has_reason(text, 3, "// sleep:"));
        assert!(!has_reason(text, 5, "// sleep:"));
        assert!(!has_reason(text, 7, "// sleep:"));
        assert!(has_reason(text, 8, "// sleep:"));
    }
}
