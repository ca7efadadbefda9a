//! Which entries a query finds, in which order, and which letters of their names it meant.

use std::collections::BTreeMap;

use nucleo_matcher::{
    Config, Matcher, Utf32String,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use super::{Entry, Group};

/// What a name that matches is ahead of a name whose further words match.
const NAME: u32 = 1_000;
/// What the entry that was chosen last is ahead of one that never was.
const RECENCY: u32 = 40;

/// An entry that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its place among the entries.
    pub entry: usize,
    /// The letters of its title that were meant, as places of characters, ascending.
    pub marks: Vec<usize>,
    /// The higher, the better.
    score: u32,
}

/// The entries of one kind that were found, the best first.
pub type Found = Vec<(Group, Vec<Hit>)>;

/// What `query` finds. Without a query that is everything but jobs, in its order, those chosen
/// lately first within their group. Kinds stand in the order of their best entries, jobs last.
#[must_use]
pub fn rank(entries: &[Entry], query: &str, recent: &[String]) -> Found {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = |kind| Pattern::new(query, CaseMatching::Ignore, Normalization::Smart, kind);
    // A sentence has nearly any letters in nearly any order: there a word must stand as it is.
    let (letters, words) = (pattern(AtomKind::Fuzzy), pattern(AtomKind::Substring));
    let mut groups: BTreeMap<Group, Vec<Hit>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        // The backend has found jobs by more than their names: all of them stand.
        let hit = find(entry, &letters, &words, &mut matcher)
            .or_else(|| (entry.group == Group::Jobs).then(|| (0, Vec::new())));
        let Some((score, marks)) = hit else { continue };
        let score = score + recency(recent, &entry.id);
        groups.entry(entry.group).or_default().push(Hit {
            entry: place,
            marks,
            score,
        });
    }
    for (group, hits) in &mut groups {
        // Jobs keep the order in which the backend found them, newest first.
        if *group != Group::Jobs {
            hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
        }
    }
    let mut found: Found = groups.into_iter().collect();
    if !letters.atoms.is_empty() {
        let best = |hits: &[Hit]| hits.first().map_or(0, |hit| hit.score);
        found.sort_by_key(|(group, hits)| (*group == Group::Jobs, std::cmp::Reverse(best(hits))));
    }
    found
}

/// How well the entry fits, and the letters of the title that were meant.
fn find(
    entry: &Entry,
    letters: &Pattern,
    words: &Pattern,
    matcher: &mut Matcher,
) -> Option<(u32, Vec<usize>)> {
    let title = Utf32String::from(entry.title.as_str());
    let mut marks = Vec::new();
    if let Some(score) = letters.indices(title.slice(..), matcher, &mut marks) {
        return Some((score + NAME, in_order(marks, usize::MAX)));
    }
    let all = Utf32String::from(format!("{} {} {}", entry.title, entry.also, entry.about));
    marks.clear();
    let score = words.indices(all.slice(..), matcher, &mut marks)?;
    Some((score, in_order(marks, title.len())))
}

/// Several words may mean the same letter, and a letter behind the title isn't on screen.
fn in_order(marks: Vec<u32>, end: usize) -> Vec<usize> {
    let mut marks: Vec<usize> = marks
        .into_iter()
        .filter_map(|mark| usize::try_from(mark).ok())
        .filter(|mark| *mark < end)
        .collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// More for what was chosen later.
fn recency(recent: &[String], id: &str) -> u32 {
    let place = recent.iter().position(|other| other == id);
    place
        .and_then(|place| u32::try_from(place).ok())
        .map_or(0, |place| RECENCY.saturating_sub(place))
}

/// `title` in pieces, each with whether its letters were meant.
#[must_use]
pub fn marked(title: &str, marks: &[usize]) -> Vec<(bool, String)> {
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for (place, letter) in title.chars().enumerate() {
        let is_meant = marks.binary_search(&place).is_ok();
        match pieces.last_mut() {
            Some((before, piece)) if *before == is_meant => piece.push(letter),
            _ => pieces.push((is_meant, letter.to_string())),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::remember;
    use proptest::prelude::*;

    fn entry(title: &str, group: Group) -> Entry {
        Entry {
            id: format!("{group:?}:{title}"),
            group,
            title: title.to_owned(),
            about: String::new(),
            also: String::new(),
        }
    }

    fn titles(entries: &[Entry], query: &str, recent: &[String]) -> Vec<String> {
        rank(entries, query, recent)
            .into_iter()
            .flat_map(|(_, hits)| hits)
            .map(|hit| entries[hit.entry].title.clone())
            .collect()
    }

    proptest! {
        #[test]
        fn letters_of_a_name_in_their_order_find_it_and_are_marked(
            title in "[A-Za-z][A-Za-z -]{0,30}",
            keep in proptest::collection::vec(any::<bool>(), 31),
        ) {
            let query: String = title
                .chars()
                .zip(&keep)
                .filter(|(letter, keep)| **keep && letter.is_ascii_alphabetic())
                .map(|(letter, _)| letter)
                .collect();
            let entries = [entry(&title, Group::Tools)];
            let found = rank(&entries, &query, &[]);
            prop_assert_eq!(found.len(), 1, "{:?} in {:?}", query, title);
            let meant: String = marked(&title, &found[0].1[0].marks)
                .into_iter()
                .filter_map(|(is_meant, piece)| is_meant.then_some(piece))
                .collect();
            prop_assert!(meant.eq_ignore_ascii_case(&query), "{:?} marked for {:?}", meant, query);
        }

        #[test]
        fn pieces_make_the_name_again(
            title in "\\PC{0,20}",
            marks in proptest::collection::btree_set(0..25_usize, 0..10),
        ) {
            let marks: Vec<usize> = marks.into_iter().collect();
            let pieces = marked(&title, &marks);
            let whole: String = pieces.iter().map(|(_, piece)| piece.as_str()).collect();
            prop_assert_eq!(whole, title);
            prop_assert!(pieces.windows(2).all(|two| two[0].0 != two[1].0));
        }

        #[test]
        fn what_was_chosen_changes_the_order_alone(
            names in proptest::collection::hash_set("[a-d]{1,6}", 1..12),
            query in "[a-d]{0,3}",
            chosen in proptest::collection::vec(0..12_usize, 0..30),
        ) {
            let entries: Vec<Entry> =
                names.iter().map(|name| entry(name, Group::Pages)).collect();
            let recent = chosen.iter().fold(Vec::new(), |recent, place| {
                remember(recent, &entries[place % entries.len()].id)
            });
            let (mut with, mut without) =
                (titles(&entries, &query, &recent), titles(&entries, &query, &[]));
            with.sort();
            without.sort();
            prop_assert_eq!(with, without);
        }
    }

    #[test]
    fn without_a_query_everything_stands_in_its_order() {
        let entries = [
            entry("Storage", Group::Settings),
            entry("Pack", Group::Tools),
            entry("Unpack", Group::Tools),
        ];
        assert_eq!(titles(&entries, " ", &[]), ["Pack", "Unpack", "Storage"]);
        let recent = [entries[2].id.clone()];
        assert_eq!(titles(&entries, "", &recent), ["Unpack", "Pack", "Storage"]);
    }

    #[test]
    fn the_best_name_stands_first_and_jobs_stand_last() {
        let entries = [
            entry("Jobs of yesterday", Group::Jobs),
            entry("Permissions", Group::Settings),
            entry("Jobs", Group::Pages),
            entry("photos", Group::Jobs),
        ];
        assert_eq!(
            titles(&entries, "jobs", &[]),
            ["Jobs", "Jobs of yesterday", "photos"]
        );
    }

    #[test]
    fn a_name_goes_before_further_words_and_words_may_come_in_any_order() {
        let other = Entry {
            about: "Finds files that are the same".to_owned(),
            ..entry("Duplicates", Group::Tools)
        };
        let entries = [other, entry("Hash files", Group::Tools)];
        assert_eq!(titles(&entries, "files", &[]), ["Hash files", "Duplicates"]);
        assert_eq!(titles(&entries, "files hash", &[]), ["Hash files"]);
        assert_eq!(titles(&entries, "same dup", &[]), ["Duplicates"]);
        // Its letters occur in "Finds files that are the same", but it doesn't.
        assert!(titles(&entries, "ftas", &[]).is_empty());
    }
}
