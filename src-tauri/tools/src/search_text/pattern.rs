//! The pattern as a matcher; and if it can't be one, where the fault is, in words.

use grep_regex::{ErrorKind, RegexMatcher, RegexMatcherBuilder};
use grep_searcher::Encoding;
use regex_syntax::{
    ast::{self, Ast, ClassSetItem, parse::ParserBuilder},
    hir::translate::TranslatorBuilder,
};

use super::{Binary, Case, Input, Syntax};

/// How deep groups may lie in each other.
const MOST_NESTED: u32 = 250;
/// What a pattern may take in memory, in bytes. Ten times this takes seconds to build.
const MOST_MEMORY: usize = 10 << 20;
/// How many characters of a pattern a sentence quotes.
const QUOTED: usize = 12;

/// The matcher for an input.
///
/// # Errors
/// What is wrong with the pattern, as a sentence.
pub(super) fn matcher(input: &Input) -> Result<RegexMatcher, String> {
    if input.syntax == Syntax::Regex {
        parse(&input.pattern)?;
    }
    let mut builder = RegexMatcherBuilder::new();
    builder
        .multi_line(true)
        .size_limit(MOST_MEMORY)
        .nest_limit(MOST_NESTED)
        .fixed_strings(input.syntax == Syntax::Literal)
        .word(input.whole_words)
        .case_smart(input.case == Case::Smart)
        .case_insensitive(input.case == Case::Insensitive)
        // A line ends before its carriage return.
        .crlf(true);
    if input.multi_line {
        builder.line_terminator(None);
    }
    if input.binary == Binary::Skip {
        builder.ban_byte(Some(0));
    }
    builder
        .build(&input.pattern)
        .map_err(|error| refusal(input, error.kind()))
}

/// The encoding that an input names.
///
/// # Errors
/// If there is none of that name, as a sentence.
pub(super) fn encoding(input: &Input) -> Result<Option<Encoding>, String> {
    let Some(label) = input.encoding.as_deref().filter(|label| !label.is_empty()) else {
        return Ok(None);
    };
    Encoding::new(label).map(Some).map_err(|_| {
        format!("There is no encoding called “{label}”. Try utf-8, utf-16le, latin1 or shift_jis.")
    })
}

fn parse(pattern: &str) -> Result<Ast, String> {
    let ast = ParserBuilder::new()
        .nest_limit(MOST_NESTED)
        .build()
        .parse(pattern)
        .map_err(|error| {
            fault(
                pattern,
                error.span().start.offset,
                &error.kind().to_string(),
            )
        })?;
    TranslatorBuilder::new()
        .utf8(false)
        .build()
        .translate(pattern, &ast)
        .map_err(|error| {
            fault(
                pattern,
                error.span().start.offset,
                &error.kind().to_string(),
            )
        })?;
    Ok(ast)
}

/// A sentence on what is wrong at a byte of the pattern.
fn fault(pattern: &str, at: usize, what: &str) -> String {
    let (before, rest) = pattern.split_at_checked(at).unwrap_or((pattern, ""));
    let number = before.chars().count() + 1;
    let quote: String = rest.chars().take(QUOTED).collect();
    if quote.is_empty() {
        format!("At the end of the pattern: {what}.")
    } else {
        format!("At character {number} of the pattern, “{quote}”: {what}.")
    }
}

/// Why a pattern that can be read can't be searched for.
fn refusal(input: &Input, kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::NotAllowed(_) => fault(
            &input.pattern,
            place_of(input, |c| matches!(c, '\n' | '\r')),
            "a line's end is in no line; switch on “Across lines” to search for it",
        ),
        ErrorKind::Banned(_) => fault(
            &input.pattern,
            place_of(input, |c| c == '\0'),
            "a zero byte is only in binary files; choose to search them as text",
        ),
        ErrorKind::Regex(said) if said.contains("size limit") => {
            "The pattern is too large. Repeat less in it, or use fewer classes of characters."
                .to_owned()
        }
        ErrorKind::Regex(said) => {
            let last = said.lines().last().unwrap_or_default();
            let what = last.trim_start_matches("error: ").trim_end_matches('.');
            format!("The pattern can't be used: {what}.")
        }
        other => format!("The pattern can't be used: {other:?}."),
    }
}

/// At which byte of the pattern such a character is written, in whatever way.
fn place_of(input: &Input, wanted: fn(char) -> bool) -> usize {
    let found = match input.syntax {
        Syntax::Literal => input.pattern.find(wanted),
        Syntax::Regex => parse(&input.pattern).ok().and_then(|ast| {
            let search = CharacterSearch {
                wanted,
                found: None,
                found_in_class: None,
            };
            ast::visit(&ast, search).ok().flatten()
        }),
    };
    found.unwrap_or(0)
}

struct CharacterSearch {
    wanted: fn(char) -> bool,
    found: Option<usize>,
    found_in_class: Option<usize>,
}

impl ast::Visitor for CharacterSearch {
    type Output = Option<usize>;
    type Err = ();

    fn finish(self) -> Result<Self::Output, ()> {
        Ok(self.found.or(self.found_in_class))
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), ()> {
        if let Ast::Literal(literal) = ast
            && (self.wanted)(literal.c)
        {
            self.found.get_or_insert(literal.span.start.offset);
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), ()> {
        if let ClassSetItem::Literal(literal) = item
            && (self.wanted)(literal.c)
        {
            self.found_in_class.get_or_insert(literal.span.start.offset);
        }
        Ok(())
    }
}
