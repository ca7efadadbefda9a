//! Words: what a person typed, and what a job can be found by.
//!
//! Both sides are cut into words here and only here, so that a job in memory and one in the index
//! are found by the same words. Where the words stand is left to `search_index`.

use std::{collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
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
        Self::of_parts(job, |index| {
            output.is_none_or(|output| index.add_json(output))
        })
    }

    /// The same for an output of which there is the JSON text alone.
    #[must_use]
    pub fn of_job_with_text(job: &JobRecord, output: &str) -> String {
        Self::of_parts(job, |index| index.add_json_text(output))
    }

    fn of_parts(job: &JobRecord, output: impl FnOnce(&mut Index) -> bool) -> String {
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
            && output(&mut index);
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

    /// Adds every text and number in a JSON text; false when there is no room for more, or what
    /// follows is no JSON.
    fn add_json_text(&mut self, json: &str) -> bool {
        Leaves(self)
            .deserialize(&mut serde_json::Deserializer::from_str(json))
            .is_ok()
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

/// Adds the texts and numbers that are read to an index, without making a value of anything.
struct Leaves<'i>(&'i mut Index);

impl Leaves<'_> {
    fn add<E: Error>(self, part: &str) -> Result<(), E> {
        if self.0.add(part) {
            Ok(())
        } else {
            Err(E::custom("there is no room for more"))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Leaves<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaves<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.add(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.add(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.add(&Value::from(number).to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.add(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Leaves(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while fields.next_key::<IgnoredAny>()?.is_some() {
            fields.next_value_seed(Leaves(self.0))?;
        }
        Ok(())
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

    proptest! {
        #[test]
        fn a_text_gives_the_words_that_its_value_gives(value in any_json()) {
            let (mut of_value, mut of_text) = (Index::default(), Index::default());
            let fits = of_value.add_json(&value);
            prop_assert_eq!(of_text.add_json_text(&value.to_string()), fits);
            prop_assert_eq!(of_text.text, of_value.text);
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i32>().prop_map(|quarters| Value::from(f64::from(quarters) / 4.0)),
            "\\PC{0,20}".prop_map(Value::from),
            "[a-z0-9 ]{0,3000}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 60, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                proptest::collection::btree_map("[a-z]{1,5}", inner, 0..8)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
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
