//! Which rows of the table are selected: by clicks, with Ctrl and Shift, all of them.

use std::collections::HashSet;

use toolroom_shared::JobId;

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    ids: HashSet<JobId>,
    /// Every job of the table is, also those whose rows aren't known.
    all: bool,
    /// The row from which Shift reaches.
    anchor: Option<u32>,
}

impl Selection {
    /// Whether that job is selected.
    #[must_use]
    pub fn has(&self, id: &JobId) -> bool {
        self.all || self.ids.contains(id)
    }

    /// Whether every job of the table is.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.all
    }

    /// The jobs, unless all are selected.
    #[must_use]
    pub const fn ids(&self) -> &HashSet<JobId> {
        &self.ids
    }

    /// How many are selected of a table of so many rows.
    #[must_use]
    pub fn count(&self, total: u32) -> u32 {
        if self.all {
            total
        } else {
            u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
        }
    }

    /// Selects nothing, and reaches from that row from now on.
    pub fn clear(&mut self, anchor: Option<u32>) {
        *self = Self {
            anchor,
            ..Self::default()
        };
    }

    /// Selects all.
    pub fn select_all(&mut self) {
        self.ids.clear();
        self.all = true;
    }

    /// Adds a job, or takes it out. Of all, it alone stays.
    pub fn toggle(&mut self, row: u32, id: &JobId) {
        let was_all = std::mem::take(&mut self.all);
        if was_all || !self.ids.remove(id) {
            self.ids.insert(id.clone());
        }
        self.anchor = Some(row);
    }

    /// The rows from the anchor to `row`, whichever comes first.
    #[must_use]
    pub fn reach(&self, row: u32) -> std::ops::RangeInclusive<u32> {
        let anchor = self.anchor.unwrap_or(row);
        anchor.min(row)..=anchor.max(row)
    }

    /// Selects these jobs and no others; the anchor stays.
    pub fn set(&mut self, anchor: u32, ids: impl IntoIterator<Item = JobId>) {
        self.all = false;
        self.ids = ids.into_iter().collect();
        self.anchor = self.anchor.or(Some(anchor));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(row: u32) -> JobId {
        JobId(format!("job-{row}"))
    }

    /// What a person may do.
    #[derive(Clone, Debug)]
    enum Act {
        Click(u32),
        Toggle(u32),
        Reach(u32),
        All,
    }

    fn any_act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (0u32..9).prop_map(Act::Click),
            (0u32..9).prop_map(Act::Toggle),
            (0u32..9).prop_map(Act::Reach),
            Just(Act::All),
        ]
    }

    proptest! {
        #[test]
        fn what_was_done_last_decides_what_is_selected(acts in prop::collection::vec(any_act(), 1..20)) {
            let mut selection = Selection::default();
            for act in acts {
                let before = selection.clone();
                match act {
                    Act::Click(row) => {
                        selection.clear(Some(row));
                        prop_assert_eq!(selection.count(9), 0);
                        prop_assert_eq!(selection.reach(row), row..=row);
                    }
                    Act::Toggle(row) => {
                        selection.toggle(row, &id(row));
                        prop_assert_eq!(selection.has(&id(row)), before.is_all() || !before.has(&id(row)));
                        prop_assert!(!selection.is_all());
                    }
                    Act::Reach(row) => {
                        let rows = selection.reach(row);
                        prop_assert!(rows.contains(&row));
                        selection.set(row, rows.clone().map(id));
                        prop_assert_eq!(selection.count(9) as usize, rows.clone().count());
                        prop_assert_eq!(selection.reach(row), rows, "it can be reached back");
                    }
                    Act::All => {
                        selection.select_all();
                        prop_assert_eq!(selection.count(9), 9);
                    }
                }
            }
        }
    }
}
