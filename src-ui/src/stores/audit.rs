//! The audit trail as one view of it shows it: page by page, with filters; its check and its export.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::{AuditQuery, AuditRecord, AuditReport};

use super::{Done, Known, LinkStore};
use crate::texts;

/// How many entries are asked for at once.
const A_PAGE: u32 = 50;
/// How many pages without an entry are asked for in a row before the person is asked to go on.
const EMPTY_PAGES: u32 = 20;

/// What is shown of the trail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trail {
    /// Entries, newest first.
    pub entries: Vec<AuditRecord>,
    /// Whether the first or the next page is on its way.
    pub is_loading: bool,
    /// Why the latest page could not be had.
    pub failed: Option<String>,
    /// Where to go on; none on the last page.
    pub next: Option<String>,
    /// Tells what was asked for last.
    turn: u32,
}

/// Asks for the audit trail.
#[derive(Clone)]
pub struct AuditStore {
    client: Client,
    link: LinkStore,
    trail: ArcRwSignal<Trail>,
    report: ArcRwSignal<Option<Known<AuditReport>>>,
}

impl AuditStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
            trail: ArcRwSignal::default(),
            report: ArcRwSignal::default(),
        }
    }

    /// What is shown, tracked.
    #[must_use]
    pub fn trail(&self) -> Trail {
        self.trail.get()
    }

    /// How the latest check stands, tracked; none before the first.
    #[must_use]
    pub fn report(&self) -> Option<Known<AuditReport>> {
        self.report.get()
    }

    /// Shows the newest entries of those that `query` asks for. What was shown stays until they are
    /// here.
    pub fn show(&self, query: AuditQuery) {
        let store = self.clone();
        spawn_local(async move { store.show_now(query).await });
    }

    pub(super) async fn show_now(&self, query: AuditQuery) {
        self.load_page(query, None).await;
    }

    /// Shows the next page, too.
    pub fn show_more(&self, query: AuditQuery) {
        let store = self.clone();
        spawn_local(async move { store.show_more_now(query).await });
    }

    pub(super) async fn show_more_now(&self, query: AuditQuery) {
        let next = self.trail.with_untracked(|trail| trail.next.clone());
        if next.is_some() {
            self.load_page(query, next).await;
        }
    }

    async fn load_page(&self, mut query: AuditQuery, from: Option<String>) {
        let begins = from.is_none();
        let turn = self.trail.try_update(|trail| {
            trail.turn += 1;
            trail.is_loading = true;
            trail.failed = None;
            trail.turn
        });
        let is_wanted = || self.trail.with_untracked(|trail| Some(trail.turn) == turn);
        query.limit = Some(A_PAGE);
        query.cursor = from;
        let mut pages = 0;
        let answer = loop {
            let answer = self.client.list_audit(query.clone()).await;
            self.link.note(&answer);
            if !is_wanted() {
                return;
            }
            pages += 1;
            // Only so many entries are looked through for a page; none of them need match.
            match answer {
                Ok(page) if page.entries.is_empty() && pages < EMPTY_PAGES => {
                    let next = page.next_cursor.clone();
                    if next.is_none() {
                        break Ok(page);
                    }
                    query.cursor = next;
                }
                other => break other,
            }
        };
        self.trail.update(|trail| {
            trail.is_loading = false;
            match answer {
                Ok(page) => {
                    if begins {
                        trail.entries.clear();
                    }
                    trail.entries.extend(page.entries);
                    trail.next = page.next_cursor;
                }
                Err(error) => trail.failed = Some(texts::failure(&error)),
            }
        });
    }

    /// Checks the whole trail.
    pub fn verify(&self) {
        let store = self.clone();
        spawn_local(async move { store.verify_now().await });
    }

    pub(super) async fn verify_now(&self) {
        self.report.set(Some(Known::Loading));
        let answer = self.client.verify_audit().await;
        self.link.note(&answer);
        self.report.set(Some(match answer {
            Ok(report) => Known::Ready(report),
            Err(error) => Known::Failed(texts::failure(&error)),
        }));
    }

    /// Writes the whole trail into a new file; how many entries, or why not.
    pub fn export(&self, path: String, done: Done<Result<u32, String>>) {
        let store = self.clone();
        spawn_local(async move {
            let answer = store.client.export_audit(path).await;
            store.link.note(&answer);
            done(answer.map_err(|error| texts::failure(&error)));
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::{executor::block_on, future::join3};
    use serde_json::{Value, json};
    use toolroom_ipc::FakeTransport;

    use super::*;

    fn entry(number: u64) -> Value {
        json!({
            "number": number, "at": "2026-01-01T00:00:00.000Z", "caller": "terminal",
            "operation": "secret", "tool_name": null, "job_id": null, "input_digest": null,
            "decision": "allowed", "status": null, "code": null, "subject": "TOKEN", "hash": "ab",
        })
    }

    fn store(backend: &FakeTransport) -> AuditStore {
        AuditStore::new(Client::new(Arc::new(backend.clone())), LinkStore::default())
    }

    fn numbers(store: &AuditStore) -> Vec<u64> {
        let trail = store.trail.get_untracked();
        trail.entries.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn pages_follow_each_other_and_empty_ones_are_passed_over() {
        let backend = FakeTransport::default();
        backend.answer("list_audit", |args| {
            Ok(match args["query"]["cursor"].as_str() {
                None => json!({ "entries": [entry(9)], "next_cursor": "9" }),
                Some("9") => json!({ "entries": [], "next_cursor": "5" }),
                Some("5") => json!({ "entries": [entry(2)], "next_cursor": null }),
                Some(other) => panic!("{other}"),
            })
        });
        let store = store(&backend);
        block_on(store.show_now(AuditQuery::default()));
        assert_eq!(numbers(&store), [9]);
        block_on(store.show_more_now(AuditQuery::default()));
        assert_eq!(numbers(&store), [9, 2]);
        // There is no more.
        block_on(store.show_more_now(AuditQuery::default()));
        assert_eq!(backend.calls("list_audit").len(), 3);
    }

    #[test]
    fn what_is_asked_for_later_is_what_is_shown() {
        let backend = FakeTransport::default();
        let store = store(&backend);
        backend.answer("list_audit", |args| {
            let number = match args["query"]["caller"] == json!("http") {
                true => 1,
                false => 7,
            };
            Ok(json!({ "entries": [entry(number)], "next_cursor": null }))
        });
        backend.hold("list_audit");
        let http = AuditQuery {
            caller: Some("http".into()),
            ..AuditQuery::default()
        };
        let answered = async { backend.release("list_audit") };
        block_on(join3(
            store.show_now(http),
            store.show_now(AuditQuery::default()),
            answered,
        ));
        assert_eq!(numbers(&store), [7]);
        assert!(!store.trail.get_untracked().is_loading);
    }

    #[test]
    fn a_page_that_fails_keeps_what_is_shown() {
        let backend = FakeTransport::default();
        backend.answer("list_audit", |_| {
            Ok(json!({ "entries": [entry(4)], "next_cursor": "4" }))
        });
        let store = store(&backend);
        block_on(store.show_now(AuditQuery::default()));
        backend.answer("list_audit", |_| {
            Err(json!({ "code": "storage", "message": "No.", "details": null, "retryable": false }))
        });
        block_on(store.show_more_now(AuditQuery::default()));
        assert_eq!(numbers(&store), [4]);
        assert_eq!(store.trail.get_untracked().failed.as_deref(), Some("No."));
    }
}
