//! Words: what a person typed, and what a job can be found by.
//!
//! Both sides are cut into words here and only here, so that a job in memory and one in the index
//! are found by the same words. Where the words stand is left to `search_index`.

use std::collections::HashSet;

use serde_json::Value;

use crate::record::JobRecord;

/// How many bytes of words a job can be found by.
const INDEXED_BYTES: usize = 8 * 1024;
/// How many bytes of a word count.
const WORD_BYTES: usize = 256;
/// How many words of a search count.
const SEARCHED_WORDS: usize = 32;

/// The words that a person searches for. Each stands for itself and for every word that begins
/// with it, and all must occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWords {
    words: Vec<String>,
}

impl SearchWords {
    /// The words in what was typed; none if there is no letter or digit in it.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut words = Vec::new();
        each_word(typed, &mut |word| {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
            words.len() < SEARCHED_WORDS
        });
        (!words.is_empty()).then_some(Self { words })
    }

    /// The words that a job can be found by: those of its tool's name, its input, its latest
    /// message, its error and its output. Each once, lower-cased, with spaces between, at most
    /// 8 KiB.
    ///
    /// The input is the one in `job`. The output is given because a large one isn't in the record.
    #[must_use]
    pub fn of_job(job: &JobRecord, output: Option<&Value>) -> String {
        let mut index = Index::default();
        // Short parts first: they are never crowded out by a long input.
        let _ = index.add(&job.origin.tool)
            && job.error.iter().all(|error| index.add(&error.message))
            && job
                .report
                .iter()
                .filter_map(|report| report.message.as_deref())
                .all(|message| index.add(message))
            && job.input.iter().all(|input| index.add_json(input))
            && output.is_none_or(|output| index.add_json(output));
        index.text
    }

    /// Whether all words occur in `indexed`, which [`of_job`](Self::of_job) made.
    #[must_use]
    pub fn matches(&self, indexed: &str) -> bool {
        self.words
            .iter()
            .all(|word| indexed.split(' ').any(|known| known.starts_with(word)))
    }

    pub(super) fn words(&self) -> &[String] {
        &self.words
    }
}

#[derive(Default)]
struct Index {
    text: String,
    known: HashSet<String>,
}

impl Index {
    /// Adds the words of `part`; false when there is no room for more.
    fn add(&mut self, part: &str) -> bool {
        each_word(part, &mut |word| {
            if self.known.contains(word) {
                return true;
            }
            if self.text.len() + word.len() + 1 > INDEXED_BYTES {
                return false;
            }
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
            self.known.insert(word.to_owned());
            true
        })
    }

    /// Adds every text and number in `value`; false when there is no room for more.
    fn add_json(&mut self, value: &Value) -> bool {
        each_leaf(value, &mut |leaf| match leaf {
            Value::Number(number) => self.add(&number.to_string()),
            Value::String(text) => self.add(text),
            _ => true,
        })
    }
}

/// Hands each value without values in it to `take` until it returns false, which is then the
/// answer. Field names are left out: they are the same in all jobs of a tool.
fn each_leaf<'a>(value: &'a Value, take: &mut impl FnMut(&'a Value) -> bool) -> bool {
    // A list of what is still to be seen, since a value may be nested deeper than a stack is.
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            Value::Array(items) => rest.extend(items.iter().rev()),
            Value::Object(fields) => rest.extend(fields.values().rev()),
            leaf => {
                if !take(leaf) {
                    return false;
                }
            }
        }
    }
    true
}

/// Hands each word of `text` to `take` until it returns false, which is then the answer.
///
/// Characters are lower-cased one by one: what a letter becomes must not depend on the letters
/// after it, or the beginning of a word would not be found.
fn each_word(text: &str, take: &mut impl FnMut(&str) -> bool) -> bool {
    let mut word = String::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        if run.is_empty() {
            continue;
        }
        word.clear();
        for c in run.chars().flat_map(char::to_lowercase) {
            if word.len() + c.len_utf8() > WORD_BYTES {
                break;
            }
            word.push(c);
        }
        if !take(&word) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn index<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
        let mut index = Index::default();
        let _ = parts.into_iter().all(|part| index.add(part));
        index.text
    }

    fn words(text: &str) -> Vec<String> {
        SearchWords::parse(text).map_or_else(Vec::new, |search| search.words)
    }

    #[test]
    fn a_word_is_a_run_of_letters_and_digits_in_lower_case() {
        assert_eq!(
            words("/Home/Ärger_2.TXT home"),
            ["home", "ärger", "2", "txt"]
        );
        assert_eq!(SearchWords::parse(" -/._ "), None);
    }

    #[test]
    fn a_word_is_found_by_its_beginning_and_all_words_must_occur() {
        let indexed = index(["hash-files", "/data/Report.PDF"]);
        let found = |typed: &str| SearchWords::parse(typed).unwrap().matches(&indexed);
        assert!(found("rep hash") && found("report.pdf"));
        assert!(!found("eport") && !found("hash absent"));
    }

    #[test]
    fn texts_and_numbers_are_words_and_field_names_are_not() {
        let mut index = Index::default();
        assert!(index.add_json(&json!({"a": ["One", 2, {"b": "two three"}], "c": true})));
        assert_eq!(index.text, "one 2 two three");
    }

    #[test]
    fn a_value_nested_deeper_than_a_stack_is_indexed() {
        let mut value = json!("core");
        for _ in 0..10_000 {
            value = Value::Array(vec![value]);
        }
        let mut index = Index::default();
        assert!(index.add_json(&value));
        assert_eq!(index.text, "core");
        // Dropping it would recurse.
        std::mem::forget(value);
    }

    proptest! {
        #[test]
        fn an_index_is_bounded_and_has_each_word_once(
            parts in proptest::collection::vec("\\PC{0,400}", 0..60),
        ) {
            let indexed = index(parts.iter().map(String::as_str));
            prop_assert!(indexed.len() <= INDEXED_BYTES);
            let all: Vec<_> = indexed.split(' ').filter(|word| !word.is_empty()).collect();
            let once: HashSet<_> = all.iter().collect();
            prop_assert_eq!(all.len(), once.len());
        }

        #[test]
        fn the_beginning_of_what_was_indexed_is_found(text in "\\PC{1,40}", cut in 1usize..40) {
            let indexed = index([text.as_str()]);
            let typed: String = text.chars().take(cut).collect();
            if let Some(search) = SearchWords::parse(&typed) {
                prop_assert!(search.matches(&indexed), "{:?} in {:?}", search, indexed);
            }
        }
    }
}
