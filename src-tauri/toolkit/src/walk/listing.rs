//! A walk's finds as one list, in order.

use super::{AtHand, Entry, Walk, entry::Position, job::Taker, worker};
use crate::{Skipped, ToolError};

/// A walk's finds, in the order of its paths and, within a folder, by name.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// What was found.
    pub entries: Vec<Entry>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// How many of the paths themselves could be read.
    pub paths_read: usize,
}

#[derive(Default)]
struct Gathering {
    entries: Vec<Entry>,
    skipped: Vec<(Position, Skipped)>,
}

impl Taker for Gathering {
    fn entry(&mut self, found: AtHand<'_>) -> Result<(), ToolError> {
        self.entries.push(found.into_entry());
        Ok(())
    }

    fn skipped(
        &mut self,
        skipped: Skipped,
        at: impl FnOnce() -> Position,
    ) -> Result<(), ToolError> {
        self.skipped.push((at(), skipped));
        Ok(())
    }
}

pub(super) fn list(walk: Walk<'_>) -> Result<Listing, ToolError> {
    let visited = worker::run(walk, Gathering::default);
    visited.end?;
    let mut all = Gathering::default();
    for one in visited.visitors {
        all.entries.extend(one.entries);
        all.skipped.extend(one.skipped);
    }
    all.entries.sort_by_cached_key(Entry::position);
    all.skipped.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(Listing {
        entries: all.entries,
        skipped: all
            .skipped
            .into_iter()
            .map(|(_, skipped)| skipped)
            .collect(),
        paths_read: visited.paths_read,
    })
}
