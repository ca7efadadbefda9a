//! Canceling every unfinished job of a list, after saying how many those are.

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_shared::{JobStatus, JobsQuery};

use super::{JobsStore, ListKey};
use crate::texts;

/// How far the canceling of a list's jobs is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CancelAll {
    /// Nobody asked for it.
    #[default]
    Idle,
    /// The unfinished jobs are being counted.
    Counting,
    /// So many would be canceled: yes or no?
    Asking(u32),
    /// They are being asked to end.
    Canceling,
}

impl JobsStore {
    /// Counts the unfinished jobs that the list shows, over all its pages, and then asks through
    /// `state`.
    pub fn ask_to_cancel(&self, key: ListKey, state: ArcRwSignal<CancelAll>) {
        let store = self.clone();
        spawn_local(async move { store.ask_to_cancel_now(&key, &state).await });
    }

    pub(super) async fn ask_to_cancel_now(&self, key: &ListKey, state: &ArcRwSignal<CancelAll>) {
        state.set(CancelAll::Counting);
        let query = JobsQuery {
            limit: Some(1),
            ..unfinished(key)
        };
        let answer = self.client.list_jobs(query).await;
        self.link.note(&answer);
        state.set(match answer {
            Ok(page) if page.total > 0 => CancelAll::Asking(page.total),
            Ok(_) => {
                self.notices.tell(texts::NOTHING_TO_CANCEL.to_owned());
                CancelAll::Idle
            }
            Err(error) => {
                self.notices.tell_of(&error);
                CancelAll::Idle
            }
        });
    }

    /// Asks every unfinished job that the list shows to end.
    pub fn cancel_all(&self, key: ListKey, state: ArcRwSignal<CancelAll>) {
        let store = self.clone();
        spawn_local(async move { store.cancel_all_now(&key, &state).await });
    }

    pub(super) async fn cancel_all_now(&self, key: &ListKey, state: &ArcRwSignal<CancelAll>) {
        state.set(CancelAll::Canceling);
        let answer = self.client.cancel_jobs(unfinished(key)).await;
        self.link.note(&answer);
        match answer {
            Ok(count) => self.notices.tell(texts::canceled(count)),
            Err(error) => self.notices.tell_of(&error),
        }
        state.set(CancelAll::Idle);
    }
}

fn unfinished(key: &ListKey) -> JobsQuery {
    let statuses = JobStatus::ALL
        .into_iter()
        .filter(|status| !status.is_terminal() && key.filter.shows(*status))
        .collect();
    JobsQuery {
        statuses: Some(statuses),
        limit: None,
        ..key.query(None)
    }
}
