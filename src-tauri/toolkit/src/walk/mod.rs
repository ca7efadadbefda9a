//! Walking through folders: on several threads, by handles, so that nothing that is swapped meanwhile
//! leads out of them; with a word on whatever is left out.
//!
//! A folder is read by one thread, and what is in it is given out in pieces that idle threads take
//! over (`crew`), so that one large folder is shared as well as many small ones. No folder stays open
//! for longer than that: what is kept of an entry is the way to it. Ignore files are `rules`'
//! business, links `links`', the order of a list `listing`'s.

mod at_hand;
mod branch;
mod crew;
mod entry;
mod job;
mod links;
mod listing;
mod reading;
mod rule_files;
mod rules;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod worker;

use std::{num::NonZeroUsize, thread};

pub use at_hand::AtHand;
pub use entry::Entry;
pub use ignore::{
    overrides::{Override, OverrideBuilder},
    types::{Types, TypesBuilder},
};
pub use links::Links;
pub use listing::Listing;
pub use rules::IgnoreRules;

use crate::{
    InputPath, Place, Skipped, ToolError, ToolExecutionContext,
    files::{Use, resolve},
};

/// More threads than this only get into each other's way.
const MOST_THREADS: usize = 16;

/// What a walk comes across.
#[derive(Clone, Debug)]
pub enum Found {
    /// A file; a folder or a link if these were asked for.
    Entry(Entry),
    /// Something that is left out.
    Skipped(Skipped),
}

/// Who is given what a walk comes across, on one of its threads. Any closure that takes a [`Found`]
/// is one.
pub trait Visitor: Send {
    /// Takes it.
    ///
    /// # Errors
    /// Whatever ends the walk, on all threads.
    fn visit(&mut self, found: Found) -> Result<(), ToolError>;

    /// Takes an entry while the folder that it was found in is open, for who opens it at once. Given to
    /// [`visit`](Self::visit) unless said otherwise.
    ///
    /// # Errors
    /// Whatever ends the walk, on all threads.
    fn visit_at_hand(&mut self, found: AtHand<'_>) -> Result<(), ToolError> {
        self.visit(Found::Entry(found.into_entry()))
    }
}

impl<F: FnMut(Found) -> Result<(), ToolError> + Send> Visitor for F {
    fn visit(&mut self, found: Found) -> Result<(), ToolError> {
        self(found)
    }
}

/// A walk that is over.
#[derive(Debug)]
pub struct Visited<V> {
    /// The visitors, one a thread, with what they have gathered: also after a cancel.
    pub visitors: Vec<V>,
    /// How it ended: well, by a cancel, or with what a visitor said.
    pub end: Result<(), ToolError>,
    /// How many of the paths themselves could be read.
    pub paths_read: usize,
}

/// A walk through files and folders. Each path that is itself a symbolic link is followed.
///
/// ```no_run
/// # use toolroom_toolkit::{InputPath, ToolError, ToolExecutionContext, walk::Links};
/// # fn example(ctx: &ToolExecutionContext, paths: &[InputPath]) -> Result<(), ToolError> {
/// let list = ctx.walk(paths)?.links(Links::Follow).metadata().list()?;
/// for entry in &list.entries {
///     ctx.log.line(format!("{}: {}", entry.path().display(), entry.metadata()?.bytes));
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Walk<'a> {
    ctx: &'a ToolExecutionContext,
    starts: Vec<Result<Place, Skipped>>,
    options: Options<'a>,
    threads: usize,
}

type Filter<'a> = Box<dyn Fn(&Entry) -> bool + Sync + 'a>;

/// What is asked of a walk.
#[derive(Default)]
struct Options<'a> {
    links: Links,
    with_metadata: bool,
    with_folders: bool,
    rules: Option<IgnoreRules>,
    filter: Option<Filter<'a>>,
    is_uncounted: bool,
}

impl ToolExecutionContext {
    /// A walk through the files and folders that an input names. What isn't there or can't be read is
    /// reported like anything that is left out.
    ///
    /// # Errors
    /// If one of them is outside the job's roots.
    pub fn walk(&self, paths: &[InputPath]) -> Result<Walk<'_>, ToolError> {
        let starts: Result<Vec<_>, ToolError> = paths
            .iter()
            .map(
                |path| match resolve(&self.roots, Use::Read, path.as_path()) {
                    Err(error) if error.is_not_allowed() => Err(error.into()),
                    result => Ok(result.map_err(|error| Skipped::from(&error))),
                },
            )
            .collect();
        Ok(Walk::from_starts(self, starts?))
    }
}

impl<'a> Walk<'a> {
    /// A walk through places that are resolved already.
    pub fn of(ctx: &'a ToolExecutionContext, places: impl IntoIterator<Item = Place>) -> Self {
        Self::from_starts(ctx, places.into_iter().map(Ok).collect())
    }

    fn from_starts(ctx: &'a ToolExecutionContext, starts: Vec<Result<Place, Skipped>>) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            ctx,
            starts,
            options: Options::default(),
            threads: cores.min(MOST_THREADS),
        }
    }

    /// What becomes of symbolic links inside folders: left out and reported unless said otherwise.
    pub fn links(mut self, links: Links) -> Self {
        self.options.links = links;
        self
    }

    /// Learns of each entry what [`Entry::metadata`] tells, while its folder is open.
    pub fn metadata(mut self) -> Self {
        self.options.with_metadata = true;
        self
    }

    /// Gives folders too: each before what is in it, the ones that were named included.
    pub fn folders(mut self) -> Self {
        self.options.with_folders = true;
        self
    }

    /// Leaves out what ignore files and the like say. That isn't reported.
    pub fn ignoring(mut self, rules: IgnoreRules) -> Self {
        self.options.rules = Some(rules);
        self
    }

    /// Leaves out what `filter` says no to, and what is in it if that is a folder. That isn't reported.
    pub fn filter(mut self, filter: impl Fn(&Entry) -> bool + Sync + 'a) -> Self {
        self.options.filter = Some(Box::new(filter));
        self
    }

    /// On how many threads; on one a core unless said otherwise.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.clamp(1, MOST_THREADS);
        self
    }

    /// Doesn't count what it comes across into the job's progress.
    pub fn uncounted(mut self) -> Self {
        self.options.is_uncounted = true;
        self
    }

    /// Walks, and gives what it comes across to visitors, of which each thread has its own, made by
    /// `make`. Their order is left to chance. Hears a cancel before each entry.
    ///
    /// # Panics
    /// If a visitor does.
    pub fn visit<V: Visitor>(self, make: impl FnMut() -> V) -> Visited<V> {
        worker::run(self, make)
    }

    /// Walks and lists what it comes across, in order.
    ///
    /// # Errors
    /// [`ToolError::Canceled`].
    pub fn list(self) -> Result<Listing, ToolError> {
        listing::list(self)
    }
}
