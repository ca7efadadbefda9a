//! Where words occur in a text.

/// Where a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The line, from 0.
    pub line: usize,
    /// The first byte within the line.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// How many matches are looked for.
pub const MOST_MATCHES: usize = 10_000;

/// Where `query` occurs in the lines, without regard to case, the matches one after the other.
#[must_use]
pub fn find(lines: &[&str], query: &str) -> Vec<Match> {
    let query: Vec<char> = query.chars().map(folded).collect();
    let mut found = Vec::new();
    if query.is_empty() {
        return found;
    }
    for (line, text) in lines.iter().enumerate() {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let mut at = 0;
        while at + query.len() <= chars.len() {
            let part = &chars[at..at + query.len()];
            if part.iter().zip(&query).all(|((_, a), b)| folded(*a) == *b) {
                let (last, c) = part[part.len() - 1];
                found.push(Match {
                    line,
                    start: part[0].0,
                    end: last + c.len_utf8(),
                });
                if found.len() == MOST_MATCHES {
                    return found;
                }
                at += query.len();
            } else {
                at += 1;
            }
        }
    }
    found
}

/// Letters that differ in case alone, as one. Each stays one character, so that places hold.
fn folded(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_makes_no_difference_and_matches_do_not_overlap() {
        let found = find(&["Ähm ÄHM", "aaa"], "ähm");
        let places: Vec<_> = found.iter().map(|m| (m.line, m.start, m.end)).collect();
        assert_eq!(places, [(0, 0, 4), (0, 5, 9)]);
        assert_eq!(find(&["aaaa"], "aa").len(), 2);
        assert_eq!(find(&["a"], ""), []);
    }

    proptest! {
        #[test]
        fn every_match_is_a_piece_of_its_line(text in ".{0,30}", query in ".{0,2}") {
            let lines: Vec<&str> = text.lines().collect();
            for found in find(&lines, &query) {
                let piece = lines[found.line].get(found.start..found.end);
                prop_assert_eq!(piece.map(|p| p.chars().count()), Some(query.chars().count()));
            }
        }

        #[test]
        fn what_stands_there_is_found(before in "[a-m ]{0,6}", query in "[n-zé]{1,4}", after in "[a-m ]{0,6}") {
            let line = format!("{before}{query}{after}");
            prop_assert_eq!(find(&[&line], &query.to_uppercase()).len(), 1);
        }
    }
}
