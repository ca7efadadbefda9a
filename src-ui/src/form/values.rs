//! What stands in a form's fields.

use std::collections::HashMap;

/// What stands in one field, as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Words, a path, a number as typed, or JSON.
    Text(String),
    /// A switch, or whether an optional group is there.
    On(bool),
    /// The index of a choice or variant; none for "not set".
    Chosen(Option<usize>),
    /// The lines of a list, and what stands in its add line.
    Lines {
        /// The lines that were added.
        items: Vec<String>,
        /// What is typed and not added yet.
        pending: String,
    },
}

/// What stands in a form's fields, by their keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormValues {
    values: HashMap<String, FieldValue>,
}

impl FormValues {
    /// Puts `value` into the field `key`.
    pub fn set(&mut self, key: &str, value: FieldValue) {
        self.values.insert(key.to_owned(), value);
    }

    /// The text in the field; empty if there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        match self.values.get(key) {
            Some(FieldValue::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether the field is on.
    #[must_use]
    pub fn on(&self, key: &str) -> bool {
        matches!(self.values.get(key), Some(FieldValue::On(true)))
    }

    /// The index of what is chosen.
    #[must_use]
    pub fn chosen(&self, key: &str) -> Option<usize> {
        match self.values.get(key) {
            Some(FieldValue::Chosen(index)) => *index,
            _ => None,
        }
    }

    /// The lines of a list.
    #[must_use]
    pub fn items(&self, key: &str) -> &[String] {
        match self.values.get(key) {
            Some(FieldValue::Lines { items, .. }) => items,
            _ => &[],
        }
    }

    /// What is typed into a list's add line and not added yet.
    #[must_use]
    pub fn pending(&self, key: &str) -> &str {
        match self.values.get(key) {
            Some(FieldValue::Lines { pending, .. }) => pending,
            _ => "",
        }
    }

    /// Replaces what is typed into a list's add line.
    pub fn set_pending(&mut self, key: &str, text: &str) {
        let items = self.items(key).to_vec();
        let pending = text.to_owned();
        self.set(key, FieldValue::Lines { items, pending });
    }

    /// Adds each non-empty line of `text` to a list and clears its add line.
    pub fn add_lines(&mut self, key: &str, text: &str) {
        let mut items = self.items(key).to_vec();
        items.extend(
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned),
        );
        let pending = String::new();
        self.set(key, FieldValue::Lines { items, pending });
    }

    /// Adds what stands in a list's add line, if anything does.
    pub fn commit_pending(&mut self, key: &str) -> bool {
        let pending = self.pending(key).to_owned();
        let any = !pending.trim().is_empty();
        if any {
            self.add_lines(key, &pending);
        }
        any
    }

    /// Adds what stands in any list's add line: before a run, nothing typed is left behind.
    pub fn commit_all_pending(&mut self) {
        let keys: Vec<String> = self.values.keys().cloned().collect();
        for key in keys {
            if !self.pending(&key).is_empty() {
                self.commit_pending(&key);
            }
        }
    }

    /// Takes a line out of a list.
    pub fn remove_line(&mut self, key: &str, index: usize) {
        if let Some(FieldValue::Lines { items, .. }) = self.values.get_mut(key)
            && index < items.len()
        {
            items.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_pasted_lines_are_several_items_and_blank_ones_are_none() {
        let mut values = FormValues::default();
        values.add_lines("k", "/a\n\n  /b c \r\n/d");
        assert_eq!(values.items("k"), ["/a", "/b c", "/d"]);
        values.remove_line("k", 1);
        values.remove_line("k", 9);
        assert_eq!(values.items("k"), ["/a", "/d"]);
    }

    #[test]
    fn what_is_pending_is_added_once() {
        let mut values = FormValues::default();
        values.set_pending("k", "/a");
        values.commit_all_pending();
        values.commit_all_pending();
        assert_eq!(values.items("k"), ["/a"]);
        assert_eq!(values.pending("k"), "");
    }
}
