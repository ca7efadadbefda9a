//! Canceling every unfinished job there is, after saying how many those are.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::{JobStatus, JobsQuery};

use super::{LinkStore, NoticesStore};
use crate::texts;

/// How far that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StopAll {
    /// The unfinished jobs are being counted.
    #[default]
    Counting,
    /// So many would be canceled: yes or no?
    Asking(u32),
    /// There was nothing to cancel, or it could not be found out; a notice says so.
    Over,
}

/// Cancels every unfinished job.
#[derive(Clone)]
pub struct StopAllStore {
    client: Client,
    link: LinkStore,
    notices: NoticesStore,
    state: ArcRwSignal<StopAll>,
}

impl StopAllStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore, notices: NoticesStore) -> Self {
        Self {
            client,
            link,
            notices,
            state: ArcRwSignal::default(),
        }
    }

    /// How far it is, tracked.
    #[must_use]
    pub fn state(&self) -> StopAll {
        self.state.get()
    }

    /// Counts the unfinished jobs, and then asks.
    pub fn ask(&self) {
        self.state.set(StopAll::Counting);
        let store = self.clone();
        spawn_local(async move { store.ask_now().await });
    }

    async fn ask_now(&self) {
        let query = JobsQuery {
            limit: Some(1),
            ..unfinished()
        };
        let answer = self.client.list_jobs(query).await;
        self.link.note(&answer);
        self.state.set(match answer {
            Ok(page) if page.total > 0 => StopAll::Asking(page.total),
            Ok(_) => {
                self.notices.tell(texts::NOTHING_TO_CANCEL.to_owned());
                StopAll::Over
            }
            Err(error) => {
                self.notices.tell_of(&error);
                StopAll::Over
            }
        });
    }

    /// Asks every unfinished job to end.
    pub fn go(&self) {
        let store = self.clone();
        spawn_local(async move { store.go_now().await });
    }

    async fn go_now(&self) {
        let answer = self.client.cancel_jobs(unfinished()).await;
        self.link.note(&answer);
        match answer {
            Ok(count) => self.notices.tell(texts::canceled(count)),
            Err(error) => self.notices.tell_of(&error),
        }
    }
}

fn unfinished() -> JobsQuery {
    let statuses = JobStatus::ALL
        .into_iter()
        .filter(|status| !status.is_terminal())
        .collect();
    JobsQuery {
        statuses: Some(statuses),
        ..JobsQuery::default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Clock;
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;

    #[test]
    fn how_many_jobs_would_be_canceled_is_said_before_anything_is() {
        let backend = FakeTransport::default();
        backend.answer("list_jobs", |_| {
            Ok(json!({"jobs": [], "total": 3, "next_cursor": null}))
        });
        let store = StopAllStore::new(
            Client::new(Arc::new(backend.clone())),
            LinkStore::default(),
            NoticesStore::new(Clock::by_hand(&Arc::default())),
        );
        block_on(store.ask_now());
        assert_eq!(untrack(|| store.state()), StopAll::Asking(3));
        assert!(backend.calls("cancel_jobs").is_empty());
        let asked = &backend.calls("list_jobs")[0]["query"];
        assert_eq!(asked["statuses"], json!(["Queued", "Running"]));
    }
}
