//! How the app is: looked at once a second while the window is on screen, and kept for some minutes. A
//! change in what there is to worry about comes by itself as an event, also while it is not.

use futures::future::pending;
use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::{Client, IpcError, Never};
use toolroom_shared::HealthSnapshot;

use super::{Known, LinkStore};
use crate::chart::{Ring, Sample};
use crate::{format, texts};

/// Keeps how the app is and was. Cheap to clone.
#[derive(Clone)]
pub struct HealthStore {
    client: Client,
    link: LinkStore,
    now: ArcRwSignal<Known<HealthSnapshot>>,
    is_stale: ArcRwSignal<bool>,
    ring: ArcRwSignal<Ring>,
}

impl HealthStore {
    /// A store that has not looked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
            now: ArcRwSignal::default(),
            is_stale: ArcRwSignal::default(),
            ring: ArcRwSignal::default(),
        }
    }

    /// How it is, tracked. A failed look is told only where there was none before.
    #[must_use]
    pub fn now(&self) -> Known<HealthSnapshot> {
        self.now.get()
    }

    /// Whether what was seen last may be true no longer, since asking again failed; tracked.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.is_stale.get()
    }

    /// What was seen in the last minutes; tracked, it changes once a second.
    #[must_use]
    pub fn ring(&self) -> Ring {
        self.ring.get()
    }

    /// Looks at once, without waiting for the next time.
    pub fn look_again(&self) {
        let store = self.clone();
        spawn_local(async move { store.look().await });
    }

    /// Looks once.
    pub(super) async fn look(&self) {
        let answer = self.client.get_health().await;
        self.link.note(&answer);
        match answer {
            Ok(health) => self.put(health),
            Err(error) => {
                self.went_unanswered();
                self.now.maybe_update(|now| {
                    let is_first = now.ready().is_none();
                    if is_first {
                        *now = Known::Failed(texts::failure(&error));
                    }
                    is_first
                });
            }
        }
    }

    /// Takes note that asking gave nothing.
    pub(super) fn went_unanswered(&self) {
        self.set_stale(true);
    }

    /// Hears of changes for as long as it is awaited.
    ///
    /// # Errors
    /// If the backend could not be reached.
    pub(super) async fn listen(&self) -> Result<(), IpcError<Never>> {
        let store = self.clone();
        // A payload that can't be read is made up for by the next look.
        let hear = move |payload: Result<HealthSnapshot, _>| {
            if let Ok(health) = payload {
                store.put(health);
            }
        };
        let _listener = self.client.on_health_changed(hear).await?;
        pending().await
    }

    /// Takes a snapshot, unless a newer one is here: an answer may overtake an event.
    fn put(&self, health: HealthSnapshot) {
        let at = |health: &HealthSnapshot| format::parse_time(&health.at);
        let is_older = self.now.with_untracked(|now| {
            let newest = now.ready();
            newest.is_some_and(|newest| at(&health) < at(newest))
        });
        if is_older {
            return;
        }
        if let Some(sample) = Sample::of(&health) {
            self.ring.maybe_update(|ring| ring.push(sample));
        }
        self.now.set(Known::Ready(health));
        self.set_stale(false);
    }

    fn set_stale(&self, stale: bool) {
        if self.is_stale.get_untracked() != stale {
            self.is_stale.set(stale);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::{FutureExt, executor::block_on};
    use serde_json::json;
    use toolroom_ipc::FakeTransport;

    use super::*;

    fn store(backend: &FakeTransport) -> HealthStore {
        let client = Client::new(Arc::new(backend.clone()));
        HealthStore::new(client, LinkStore::default())
    }

    fn at(second: u32) -> HealthSnapshot {
        HealthSnapshot {
            at: format!("2026-01-01T00:00:{second:02}Z"),
            pid: second,
            ..HealthSnapshot::default()
        }
    }

    fn seen(store: &HealthStore) -> (Option<u32>, bool) {
        let pid = store.now.get_untracked().ready().map(|health| health.pid);
        (pid, store.is_stale.get_untracked())
    }

    #[test]
    fn each_new_look_is_kept_and_a_failed_one_hides_nothing_and_is_known() {
        let backend = FakeTransport::default();
        let store = store(&backend);
        block_on(store.look());
        assert!(matches!(store.now.get_untracked(), Known::Failed(_)));
        for (second, kept) in [(7, 1), (7, 1), (8, 2)] {
            backend.answer("get_health", move |_| Ok(json!(at(second))));
            block_on(store.look());
            assert_eq!(store.ring.get_untracked().iter().count(), kept);
            assert_eq!(seen(&store), (Some(second), false));
        }
        backend.answer("get_health", |_| Err(json!("gone")));
        block_on(store.look());
        assert_eq!(seen(&store), (Some(8), true));
        backend.answer("get_health", |_| Ok(json!(at(9))));
        block_on(store.look());
        assert_eq!(seen(&store), (Some(9), false));
    }

    #[test]
    fn an_event_counts_unless_an_answer_told_of_later() {
        let backend = FakeTransport::default();
        let store = store(&backend);
        let listening = store.listen();
        let mut listening = std::pin::pin!(listening);
        assert!(listening.as_mut().now_or_never().is_none());
        backend.emit("health-changed", &at(5));
        assert_eq!(seen(&store).0, Some(5));
        backend.emit("health-changed", &at(4));
        assert_eq!(seen(&store).0, Some(5));
    }
}
