//! Lays out a type as a person would: the exporter of types leaves fields and variants where
//! their comments push them.

/// How long a line may be.
pub const WIDTH: usize = 100;

/// A definition `docs export type Name = body;` with its body laid out.
pub fn definition(text: &str) -> String {
    let text = text.trim();
    let Some((head, body)) = text
        .strip_suffix(';')
        .and_then(|text| Some(text.split_at(body_of(text)?)))
    else {
        return format!("{text}\n");
    };
    let head: Vec<_> = head.lines().map(str::trim_end).collect();
    let column = head.last().map_or(0, |name| name.chars().count());
    format!("{}{};\n", head.join("\n"), of_type(body, 0, column))
}

/// Where the body begins: behind the first `=` of the code that stands in no argument list.
fn body_of(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for piece in Pieces::of(text) {
        match piece.text {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "=" if depth == 0 => return Some(piece.start + 1),
            _ => {}
        }
    }
    None
}

/// A type with the blank or line end before it. It stands at `indent`, behind what ends in
/// `column`.
fn of_type(text: &str, indent: usize, column: usize) -> String {
    let parts: Vec<_> = split(text, &["|"])
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let line: Vec<_> = parts.iter().map(|part| objects(part, indent)).collect();
    let line = format!(" {}", line.join(" | "));
    let fits = column + line.chars().count() < WIDTH && !line.contains('\n');
    if fits || parts.len() < 2 {
        return line;
    }
    let margin = "  ".repeat(indent + 1);
    parts
        .iter()
        .map(|part| format!("\n{margin}| {}", objects(part, indent + 2)))
        .collect()
}

/// A type without a union at its top, its objects laid out.
fn objects(text: &str, indent: usize) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, inside, after)) = first_object(rest) {
        result.push_str(&blanks(before));
        result.push_str(&object(inside, indent));
        rest = after;
    }
    result.push_str(&blanks(rest));
    result
}

/// An object by its members: each on a line if one has a comment or they don't fit on one.
fn object(inside: &str, indent: usize) -> String {
    let members: Vec<_> = split(inside, &[";", ","])
        .into_iter()
        .map(|member| comments_of(member.trim()))
        .filter(|(_, member)| !member.is_empty())
        .collect();
    let line: Vec<_> = members
        .iter()
        .map(|(_, text)| member(text, indent, 0))
        .collect();
    let line = format!("{{ {} }}", line.join("; "));
    let has_comments = members.iter().any(|(comments, _)| !comments.is_empty());
    let fits = 2 * indent + line.chars().count() <= WIDTH && !line.contains('\n');
    // A type's own fields stand on lines of their own, though they would fit on one.
    let is_block = indent == 0 && inside.starts_with('\n');
    if fits && !has_comments && !is_block {
        return line;
    }
    let margin = "  ".repeat(indent + 1);
    let mut result = "{\n".to_owned();
    for (comments, text) in &members {
        for line in comments.iter().flat_map(|comment| comment.lines()) {
            let line = line.trim();
            let star = if line.starts_with('*') { " " } else { "" };
            result.push_str(&format!("{margin}{star}{line}\n"));
        }
        let text = member(text, indent + 1, margin.len());
        result.push_str(&format!("{margin}{text};\n"));
    }
    result.push_str(&"  ".repeat(indent));
    result.push('}');
    result
}

/// A member without its comments: most often a name and a type.
fn member(text: &str, indent: usize, column: usize) -> String {
    let name = split(text, &[":"]).first().map_or(0, |name| name.len());
    match text.split_at_checked(name) {
        Some((name, rest)) if rest.starts_with(':') => {
            let column = column + name.chars().count() + 1;
            format!("{name}:{}", of_type(&rest[1..], indent, column))
        }
        _ => blanks(text),
    }
}

/// The comments that a member begins with, and the member itself.
fn comments_of(member: &str) -> (Vec<&str>, &str) {
    let mut comments = Vec::new();
    let mut rest = member;
    while rest.starts_with("/*") {
        let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
        let (comment, after) = rest.split_at(end);
        comments.push(comment);
        rest = after.trim_start();
    }
    (comments, rest)
}

/// One blank for blanks and line ends in a row, except in strings.
fn blanks(text: &str) -> String {
    let mut result = String::new();
    for piece in Pieces::of(text) {
        if !piece.text.trim().is_empty() {
            result.push_str(piece.text);
        } else if !result.ends_with(' ') {
            result.push(' ');
        }
    }
    result
}

/// The text before the first object, what is in it, and the text after.
fn first_object(text: &str) -> Option<(&str, &str, &str)> {
    let mut depth = 0_usize;
    let mut begin = None;
    for piece in Pieces::of(text) {
        match piece.text {
            "{" => {
                begin = begin.or(Some(piece.start));
                depth += 1;
            }
            "}" => {
                depth = depth.saturating_sub(1);
                if let (0, Some(begin)) = (depth, begin) {
                    let inside = &text[begin + 1..piece.start];
                    return Some((&text[..begin], inside, &text[piece.start + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

/// Splits where one of `separators` stands in no bracket, string or comment.
fn split<'a>(text: &'a str, separators: &[&str]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut begin = 0;
    for piece in Pieces::of(text) {
        match piece.text {
            "{" | "[" | "(" | "<" => depth += 1,
            "}" | "]" | ")" | ">" => depth = depth.saturating_sub(1),
            separator if depth == 0 && separators.contains(&separator) => {
                parts.push(&text[begin..piece.start]);
                begin = piece.start + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    parts
}

/// A character of the code, or a string or comment as a whole.
struct Piece<'a> {
    start: usize,
    text: &'a str,
}

struct Pieces<'a> {
    text: &'a str,
    place: usize,
}

impl<'a> Pieces<'a> {
    const fn of(text: &'a str) -> Self {
        Self { text, place: 0 }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let start = self.place;
        let rest = &self.text[start..];
        let first = rest.chars().next()?;
        let length = if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else if first == '"' {
            let mut escaped = true; // the opening quote ends nothing
            let end = rest.char_indices().find(|(_, letter)| {
                let ends = *letter == '"' && !escaped;
                escaped = !escaped && *letter == '\\';
                ends
            });
            end.map_or(rest.len(), |(end, _)| end + 1)
        } else {
            first.len_utf8()
        };
        self.place += length;
        Some(Piece {
            start,
            text: &rest[..length],
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Types as the exporter spells them: without layout, and with comments where fields have docs.
    fn any_type() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[A-Z][a-z]{0,30}",
            r#""([a-z |;{}<>/*]|\\"|\\\\){0,12}""#,
            Just("{ [key in string]: number }".to_owned()),
        ];
        let docs = prop_oneof![
            Just(String::new()),
            Just("\n/** One | two; {. */\n".to_owned()),
            Just("\n/**\n * Three,\n * four: >.\n */\n".to_owned()),
        ];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            let field = ("[a-z]{1,12}", docs.clone(), inner.clone());
            let fields = prop::collection::vec(field, 1..5);
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..6).prop_map(|all| all.join(" | ")),
                prop::collection::vec(inner.clone(), 1..4)
                    .prop_map(|all| format!("[{}]", all.join(", "))),
                inner.clone().prop_map(|inner| format!("({inner})[]")),
                inner.prop_map(|inner| format!("Page<{inner}>")),
                fields.prop_map(|fields| {
                    let field = |(name, docs, inner)| format!("{docs}{name}: {inner}");
                    let fields: Vec<_> = fields.into_iter().map(field).collect();
                    format!("{{ {} }}", fields.join("; "))
                }),
            ]
        })
    }

    /// What isn't layout: no blanks, no separators of members and no bar before a union.
    fn bare(text: &str) -> String {
        let text = text.replace("= |", "=").replace(":|", ":");
        let is_layout = |letter: char| letter.is_whitespace() || ";,".contains(letter);
        let text: String = text.chars().filter(|letter| !is_layout(*letter)).collect();
        text.replace("=|", "=").replace(":|", ":")
    }

    proptest! {
        #[test]
        fn layout_changes_no_type_and_is_at_rest_after_one_time(body in any_type()) {
            let text = format!("export type A<T = Page<B>> = {body};");
            let once = definition(&text);
            prop_assert_eq!(bare(&once), bare(&text));
            prop_assert_eq!(definition(&once), once);
        }
    }

    #[test]
    fn a_short_union_stays_on_one_line_and_a_long_one_gets_a_line_each() {
        assert_eq!(
            definition("export type A = \"x\" |\n\"y\";"),
            "export type A = \"x\" | \"y\";\n"
        );
        let long = "z".repeat(60);
        assert_eq!(
            definition(&format!("export type A = \"x\" | \"{long}\" | \"{long}\";")),
            format!("export type A =\n  | \"x\"\n  | \"{long}\"\n  | \"{long}\";\n")
        );
    }

    #[test]
    fn a_field_with_a_comment_stands_on_a_line_of_its_own() {
        let text = "/** Docs = here. */\nexport type A<T = string> = { code: \"a|b;}\";\n/**\n * What.\n */\nname: T } | { code: \"c\" };";
        assert_eq!(
            definition(text),
            "/** Docs = here. */
export type A<T = string> =
  | {
      code: \"a|b;}\";
      /**
       * What.
       */
      name: T;
    }
  | { code: \"c\" };
"
        );
    }

    #[test]
    fn maps_tuples_and_arguments_stay_as_they_are() {
        for text in [
            "export type A = Partial<{ [key in K]: [number, (string | null)?] }>;\n",
            "export type A = (B | C)[];\n",
            "export type A = {\n  a: { b: string };\n  \"c-d\"?: number | null;\n};\n",
            "export type A = { b: string } & C;\n",
            "export type A = Record<string, never>;\n",
        ] {
            assert_eq!(definition(text), text);
        }
    }

    #[test]
    fn laying_out_twice_changes_nothing() {
        let text = "export type A = {\n\t/** One. */\n\tone: { kind: \"x\"; size: {\n\t/** Wide. */\n\twidth: number,\n\t} } | { kind: \"y\" },\n\ttwo?: string[],\n};";
        let once = definition(text);
        assert_eq!(definition(&once), once);
        assert!(once.contains("  one:\n"), "{once}");
    }
}
