//! A line as it is shown: as text, cut around its first match if it is long, with where the matches are.

use std::ops::Range;

/// What stands for what was cut off.
const CUT: char = '…';

/// A line as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The text.
    pub text: String,
    /// Of each match in it, from which character up to which.
    pub spans: Vec<[u64; 2]>,
    /// Whether something was cut off.
    pub is_cut: bool,
}

/// At most `most` characters of a line, around the first of the matches, which are in order. Bytes that
/// are not text count as one character for each piece that can't be read.
pub(super) fn excerpt(line: &[u8], matches: &[Range<usize>], most: usize) -> Excerpt {
    let first = matches.first().map_or(0, |first| first.start);
    let mut start = 0;
    // A character has at most four bytes.
    if line.len() > most && (line.len() > 4 * most || characters(line) > most) {
        start = back(line, first, most / 4);
        let follows = characters_up_to(&line[start..], most);
        start = back(line, start, most - follows);
    }
    let mut text = String::with_capacity(line.len().min(most) + 8);
    if start > 0 {
        text.push(CUT);
    }
    // Where each character begins in the line; the last is where the text ends.
    let mut begins = Vec::with_capacity(line.len().min(most) + 1);
    let mut at = start;
    'text: for chunk in line[start..].utf8_chunks() {
        for (offset, c) in chunk.valid().char_indices() {
            if begins.len() == most {
                at += offset;
                break 'text;
            }
            begins.push(at + offset);
            text.push(c);
        }
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            if begins.len() == most {
                break 'text;
            }
            begins.push(at);
            text.push(char::REPLACEMENT_CHARACTER);
            at += chunk.invalid().len();
        }
    }
    let end = at;
    if end < line.len() {
        text.push(CUT);
    }
    let shift = usize::from(start > 0);
    let character = |byte: usize| begins.partition_point(|begin| *begin < byte) + shift;
    let spans = matches
        .iter()
        .filter(|span| span.start <= end && span.end >= start)
        .filter(|span| span.is_empty() || (span.start < end && span.end > start))
        .map(|span| [character(span.start) as u64, character(span.end) as u64])
        .collect();
    Excerpt {
        text,
        spans,
        is_cut: start > 0 || end < line.len(),
    }
}

/// How many characters there are.
pub(super) fn characters(bytes: &[u8]) -> usize {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty()))
        .sum()
}

/// The same, but no more than `most`.
fn characters_up_to(bytes: &[u8], most: usize) -> usize {
    characters(&bytes[..bytes.len().min(4 * most)]).min(most)
}

/// Where `count` characters before `at` begin.
fn back(bytes: &[u8], at: usize, count: usize) -> usize {
    let mut start = at;
    for _ in 0..count {
        let Some(before) = start.checked_sub(1) else {
            break;
        };
        start = before;
        // Into the middle of a character nobody goes.
        let earliest = start.saturating_sub(3);
        if let Some(begin) = (earliest..=start)
            .rev()
            .find(|at| bytes[*at] & 0xc0 != 0x80)
            && characters(&bytes[begin..=before]) == 1
        {
            start = begin;
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(text: &str, spans: &[[u64; 2]]) -> Vec<String> {
        let part = |[from, to]: &[u64; 2]| {
            let count = (to - from) as usize;
            text.chars().skip(*from as usize).take(count).collect()
        };
        spans.iter().map(part).collect()
    }

    proptest! {
        #[test]
        fn spans_mark_the_same_text_as_in_the_line_and_nothing_is_longer_than_allowed(
            before in "[a-zä€😀 ]{0,200}",
            found in "[b-dß]{1,5}",
            after in "[a-zä€😀 ]{0,200}",
            most in 40usize..120,
        ) {
            let line = format!("{before}{found}{after}");
            let span = before.len()..before.len() + found.len();
            let cut = excerpt(line.as_bytes(), &[span], most);
            prop_assert_eq!(marks(&cut.text, &cut.spans), vec![found.clone()]);
            let length = line.chars().count();
            prop_assert_eq!(cut.is_cut, length > most);
            let shown = cut.text.trim_matches(CUT);
            prop_assert!(line.contains(shown));
            prop_assert_eq!(shown.chars().count(), length.min(most));
        }

        #[test]
        fn a_line_that_is_not_text_is_shown_as_it_would_be_by_everyone_else(
            line in proptest::collection::vec(any::<u8>(), 0..200),
            at in 0usize..200,
        ) {
            let at = at.min(line.len());
            let spans: Vec<_> = std::iter::once(at..at).collect();
            let whole = excerpt(&line, &spans, 10_000);
            prop_assert_eq!(&whole.text, &String::from_utf8_lossy(&line));
            let cut = excerpt(&line, &spans, 40);
            prop_assert!(cut.text.chars().count() <= 42);
            prop_assert_eq!(cut.is_cut, characters(&line) > 40);
        }
    }

    #[test]
    fn matches_beyond_the_cut_are_left_out_and_one_across_it_ends_there() {
        let line = "x".repeat(100);
        let cut = excerpt(line.as_bytes(), &[0..2, 30..60, 70..80], 40);
        assert_eq!(cut.spans, [[0, 2], [30, 40]]);
        assert_eq!(cut.text, format!("{}…", "x".repeat(40)));
    }
}
