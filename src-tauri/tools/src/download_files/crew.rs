//! What all downloads of a job share, and how they take turns.

use std::{
    num::NonZeroU64,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::task::JoinSet;
use toolroom_toolkit::{
    Folder, Overwrite, ToolExecutionContext,
    http::{Credentials, HttpRetryPolicy},
};

use super::{
    Input,
    fetch::{Fetch, Stop},
    item::Item,
    names_taken::NamesTaken,
    pace::Pace,
    report::{Downloaded, NotDownloaded},
    tally::Tally,
};

/// How much is on its way to the disk at the most, over all downloads.
const ON_THE_WAY: u64 = 4 << 20;
/// How much of it is written at once at the most.
const LONGEST_BATCH: u64 = 1 << 20;

/// What came of one download. True: it is on disk already.
pub type Outcome = Result<(Downloaded, bool), NotDownloaded>;

/// What all downloads of a job share.
pub struct Crew {
    pub ctx: ToolExecutionContext,
    pub folder: Folder,
    pub overwrite: Overwrite,
    pub resume: bool,
    pub policy: HttpRetryPolicy,
    /// What lets us in at the servers.
    pub credentials: Option<Credentials>,
    pub pace: Option<Pace>,
    pub names: NamesTaken,
    pub tally: Tally,
    /// How many bytes are written at once.
    pub batch: u64,
    items: Vec<Item>,
    /// Whose turn it is.
    next: AtomicUsize,
}

impl Crew {
    /// For `items`, as `input` says.
    pub fn new(
        ctx: ToolExecutionContext,
        folder: Folder,
        input: &Input,
        credentials: Option<Credentials>,
        items: Vec<Item>,
    ) -> Self {
        let at_once = u64::from(input.at_once).max(1);
        Self {
            tally: Tally::new(ctx.progress.clone(), items.len()),
            ctx,
            folder,
            overwrite: input.overwrite,
            resume: input.resume,
            policy: HttpRetryPolicy {
                attempts: input.attempts,
                ..HttpRetryPolicy::default()
            },
            credentials,
            pace: NonZeroU64::new(input.max_rate).map(Pace::new),
            names: NamesTaken::default(),
            batch: (ON_THE_WAY / 2 / at_once).min(LONGEST_BATCH),
            items,
            next: AtomicUsize::new(0),
        }
    }

    /// Downloads all, `at_once` at a time. What came of each, in the order of the list.
    pub async fn run(self: Arc<Self>, at_once: usize) -> Vec<Outcome> {
        // Waited for here; if nobody waits for this, they are stopped with the set.
        let mut workers = JoinSet::new();
        for _ in 0..at_once.clamp(1, self.items.len().max(1)) {
            let crew = self.clone();
            workers.spawn(async move { crew.work().await });
        }
        let mut outcomes = Vec::with_capacity(self.items.len());
        while let Some(end) = workers.join_next().await {
            match end {
                Ok(part) => outcomes.extend(part),
                Err(error) => {
                    if let Ok(panic) = error.try_into_panic() {
                        std::panic::resume_unwind(panic);
                    }
                }
            }
        }
        outcomes.sort_by_key(|(index, _)| *index);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    async fn work(&self) -> Vec<(usize, Outcome)> {
        let mut outcomes = Vec::new();
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = self.items.get(index) else {
                return outcomes;
            };
            outcomes.push((index, Fetch::new(self, item, index).run().await));
            self.tally.end(index);
        }
    }

    /// Does file work where it holds up nothing else.
    ///
    /// # Errors
    /// If the runtime is going down and never began it.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Stop> {
        self.ctx.pool.run(work).await.ok_or(Stop::Canceled)
    }
}
