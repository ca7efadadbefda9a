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
    /// The rows of a list, by numbers that stay theirs when they are moved.
    Rows(Vec<u32>),
    /// A secret.
    Secret(SecretValue),
}

/// What stands in a secret's field: both ways of giving it are kept while one of them is chosen.
#[derive(Clone, Default, PartialEq)]
pub struct SecretValue {
    /// The name counts, and not what is typed.
    pub by_name: bool,
    /// The secret itself.
    pub typed: String,
    /// The name of one that is kept.
    pub name: String,
}

impl std::fmt::Debug for SecretValue {
    /// Says nothing of the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretValue")
            .field("by_name", &self.by_name)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What stands in a form's fields, by their keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormValues {
    values: HashMap<String, FieldValue>,
    /// The last number that was given to a row, by the list's key.
    last_row: HashMap<String, u32>,
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

    /// Adds lines to a list as they are, without those that stand there already.
    pub fn add_items(&mut self, key: &str, added: &[String]) {
        let mut items = self.items(key).to_vec();
        for item in added {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
        let pending = self.pending(key).to_owned();
        self.set(key, FieldValue::Lines { items, pending });
    }

    /// Moves a line of a list by one, up or down. Where it stands then.
    pub fn step_line(&mut self, key: &str, index: usize, down: bool) -> Option<usize> {
        let Some(FieldValue::Lines { items, .. }) = self.values.get_mut(key) else {
            return None;
        };
        let to = if down {
            index.checked_add(1)?
        } else {
            index.checked_sub(1)?
        };
        if index >= items.len() || to >= items.len() {
            return None;
        }
        items.swap(index, to);
        Some(to)
    }

    /// Changes a line of a list.
    pub fn set_line(&mut self, key: &str, index: usize, text: &str) {
        if let Some(FieldValue::Lines { items, .. }) = self.values.get_mut(key)
            && let Some(line) = items.get_mut(index)
        {
            text.clone_into(line);
        }
    }

    /// Puts several lines in the place of one.
    pub fn split_line(&mut self, key: &str, index: usize, text: &str) {
        if let Some(FieldValue::Lines { items, .. }) = self.values.get_mut(key)
            && index < items.len()
        {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            items.splice(index..=index, lines.map(str::to_owned));
        }
    }

    /// Puts a line to another place of its list; the others make room.
    pub fn move_line(&mut self, key: &str, from: usize, to: usize) {
        if let Some(FieldValue::Lines { items, .. }) = self.values.get_mut(key) {
            shift(items, from, to);
        }
    }

    /// What stands in a secret's field.
    #[must_use]
    pub fn secret(&self, key: &str) -> SecretValue {
        match self.values.get(key) {
            Some(FieldValue::Secret(secret)) => secret.clone(),
            _ => SecretValue::default(),
        }
    }

    /// The numbers of a list's rows, in their order.
    #[must_use]
    pub fn rows(&self, key: &str) -> &[u32] {
        match self.values.get(key) {
            Some(FieldValue::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// Adds a row at the end of a list and gives its number, which no row of the list has had.
    pub fn add_row(&mut self, key: &str) -> u32 {
        let mut rows = self.rows(key).to_vec();
        let last = self.last_row.entry(key.to_owned()).or_default();
        *last += 1;
        let id = *last;
        rows.push(id);
        self.set(key, FieldValue::Rows(rows));
        id
    }

    /// Takes a row out of a list.
    pub fn remove_row(&mut self, key: &str, id: u32) {
        if let Some(FieldValue::Rows(rows)) = self.values.get_mut(key) {
            rows.retain(|row| *row != id);
        }
    }

    /// Puts a row to another place of its list; the others make room.
    pub fn move_row(&mut self, key: &str, from: usize, to: usize) {
        if let Some(FieldValue::Rows(rows)) = self.values.get_mut(key) {
            shift(rows, from, to);
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

fn shift<T>(items: &mut Vec<T>, from: usize, to: usize) {
    if from < items.len() && to < items.len() {
        let item = items.remove(from);
        items.insert(to, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_that_is_moved_stands_where_it_was_put_and_the_others_keep_their_order(
            count in 1..8_usize, from in 0..8_usize, to in 0..8_usize,
        ) {
            let mut values = FormValues::default();
            for _ in 0..count {
                values.add_row("k");
            }
            let before = values.rows("k").to_vec();
            values.move_row("k", from, to);
            let after = values.rows("k");
            if from < count && to < count {
                prop_assert_eq!(after[to], before[from]);
            }
            let without = |rows: &[u32]| -> Vec<u32> {
                rows.iter().filter(|row| before.get(from) != Some(row)).copied().collect()
            };
            prop_assert_eq!(without(after), without(&before));
        }
    }

    #[test]
    fn a_number_that_a_row_had_is_never_anothers() {
        let mut values = FormValues::default();
        let first = values.add_row("k");
        values.remove_row("k", first);
        assert_ne!(values.add_row("k"), first);
    }

    #[test]
    fn what_is_typed_as_a_secret_is_not_in_any_debug_text() {
        let secret = SecretValue {
            typed: "CANARY".into(),
            ..SecretValue::default()
        };
        assert!(!format!("{:?}", FieldValue::Secret(secret)).contains("CANARY"));
    }

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
    fn a_line_moves_by_one_until_it_is_at_the_end() {
        let mut values = FormValues::default();
        values.add_lines("k", "/a\n/b\n/c");
        assert_eq!(values.step_line("k", 0, true), Some(1));
        assert_eq!(values.step_line("k", 2, true), None);
        assert_eq!(values.step_line("k", 0, false), None);
        assert_eq!(values.step_line("k", 7, false), None);
        assert_eq!(values.items("k"), ["/b", "/a", "/c"]);
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
