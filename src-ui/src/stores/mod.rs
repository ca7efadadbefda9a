//! What the page knows, and all its work with the backend.
//!
//! Stores live as long as the page and own every call: views read their signals and ask them to
//! do things, and hold nothing across an await.

mod forms;
mod jobs;
mod link;
mod notices;
mod pulse;
#[cfg(test)]
pub mod test_job;
mod tools;

use leptos::prelude::*;
use toolroom_ipc::Client;

use crate::clock::Clock;

pub use forms::{FormSession, FormsStore};
pub use jobs::{
    CancelAll, Details, Job, JobsStore, LOADED_AT_ONCE, ListFilter, ListKey, Log, Output, Phase,
    Transitions,
};
pub use link::{Link, LinkStore};
pub use notices::{Notice, NoticesStore};
pub use tools::{ToolList, ToolsStore};

/// Every store of the page.
#[derive(Clone)]
pub struct Stores {
    /// The tools there are.
    pub tools: ToolsStore,
    /// The jobs that are known.
    pub jobs: JobsStore,
    /// What stands in each tool's form.
    pub forms: FormsStore,
    /// What the person should be told.
    pub notices: NoticesStore,
    /// Whether the backend answers.
    pub link: LinkStore,
    /// The time, once a second.
    pub now: ArcRwSignal<u64>,
    client: Client,
    clock: Clock,
}

impl Stores {
    /// The stores of a page that speaks through `client`. Nothing is asked before
    /// [`Stores::start`].
    #[must_use]
    pub fn new(client: &Client, clock: Clock) -> Self {
        let link = LinkStore::default();
        let notices = NoticesStore::new(clock.clone());
        let jobs = JobsStore::new(client.clone(), clock.clone(), link.clone(), notices.clone());
        Self {
            tools: ToolsStore::new(client.clone(), link.clone()),
            forms: FormsStore::new(client.clone(), clock.clone(), link.clone(), jobs.clone()),
            now: ArcRwSignal::new(clock.now_ms()),
            jobs,
            notices,
            link,
            client: client.clone(),
            clock,
        }
    }

    /// Starts what runs for as long as the page does.
    pub fn start(&self) {
        pulse::start(self);
    }
}

/// The page's stores, within a view.
#[must_use]
pub fn use_stores() -> Stores {
    expect_context::<Stores>()
}
