//! Short words on something that just went wrong or was done, shown above everything.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::IpcError;
use toolroom_shared::{AppError, JobId};

use crate::clock::Clock;
use crate::texts;

/// Milliseconds for which a notice stands.
const STANDS_FOR: u32 = 8_000;

/// Something that the person should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Tells notices apart.
    pub id: u32,
    /// The words.
    pub text: String,
    /// A job that they are about and that the person can go to.
    pub job: Option<JobId>,
}

/// Keeps the notices that are on screen.
#[derive(Clone)]
pub struct NoticesStore {
    clock: Clock,
    next: Arc<AtomicU32>,
    shown: ArcRwSignal<Vec<Notice>>,
}

impl NoticesStore {
    /// A store without notices.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            next: Arc::default(),
            shown: ArcRwSignal::default(),
        }
    }

    /// The notices on screen, tracked.
    #[must_use]
    pub fn shown(&self) -> Vec<Notice> {
        self.shown.get()
    }

    /// Shows `text` for some seconds.
    pub fn tell(&self, text: String) {
        self.show(text, None);
    }

    /// Says for some seconds why a call failed.
    pub fn tell_of(&self, error: &IpcError<AppError>) {
        self.show(texts::failure(error), texts::job_in_the_way(error));
    }

    fn show(&self, text: String, job: Option<JobId>) {
        let id = self.push(text, job);
        let store = self.clone();
        spawn_local(async move {
            store.clock.sleep(STANDS_FOR).await;
            store.dismiss(id);
        });
    }

    /// Takes a notice away.
    pub fn dismiss(&self, id: u32) {
        self.shown
            .update(|shown| shown.retain(|notice| notice.id != id));
    }

    fn push(&self, text: String, job: Option<JobId>) -> u32 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.shown.update(|shown| {
            // The same words twice say no more than once.
            shown.retain(|notice| notice.text != text);
            shown.push(Notice { id, text, job });
        });
        id
    }
}
