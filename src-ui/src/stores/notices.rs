//! Short words on something that just went wrong or was done: shown above everything for some
//! seconds, and kept on a list for later.

use std::sync::{
    Arc, Mutex, PoisonError,
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
/// Milliseconds for which a notice stands that can be acted upon.
const WITH_ACTION_FOR: u32 = 15_000;
/// Milliseconds between two looks at the time that is left.
const TICK: u32 = 250;
/// How many notices are kept for later.
const KEPT: usize = 50;

/// Something that the person should be told.
#[derive(Clone)]
pub struct Notice {
    /// Tells notices apart.
    pub id: u32,
    /// The words.
    pub text: String,
    /// Something failed.
    pub is_failure: bool,
    /// A job that they are about and that the person can go to.
    pub job: Option<JobId>,
    /// What can be done about it, once: mostly undoing it.
    pub action: Option<NoticeAction>,
    /// How many notices alike it stands for.
    pub times: u32,
    /// When it came, in milliseconds since 1970.
    pub at: u64,
    /// What notices alike have in common.
    kind: String,
    left_ms: u32,
}

/// What can be done about a notice.
#[derive(Clone)]
pub struct NoticeAction {
    /// What it does, as on a button.
    pub label: String,
    does: Arc<Mutex<Option<Does>>>,
}

type Does = Box<dyn FnOnce() + Send>;

/// Keeps the notices that are on screen, and those of before.
#[derive(Clone)]
pub struct NoticesStore {
    clock: Clock,
    next: Arc<AtomicU32>,
    shown: ArcRwSignal<Vec<Notice>>,
    kept: ArcRwSignal<Vec<Notice>>,
    /// Somebody reads them: the time stands still.
    held: ArcRwSignal<bool>,
}

impl NoticesStore {
    /// A store without notices.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            next: Arc::default(),
            shown: ArcRwSignal::default(),
            kept: ArcRwSignal::default(),
            held: ArcRwSignal::default(),
        }
    }

    /// The notices on screen, tracked.
    #[must_use]
    pub fn shown(&self) -> Vec<Notice> {
        self.shown.get()
    }

    /// The notices that came since the list was emptied, the latest first, tracked.
    #[must_use]
    pub fn kept(&self) -> Vec<Notice> {
        self.kept.get()
    }

    /// How many those are, tracked.
    #[must_use]
    pub fn kept_count(&self) -> usize {
        self.kept.with(Vec::len)
    }

    /// Shows `text` for some seconds.
    pub fn tell(&self, text: String) {
        self.show(self.notice(text.clone(), text));
    }

    /// Says for some seconds why a call failed. Failures of one kind become one notice.
    pub fn tell_of(&self, error: &IpcError<AppError>) {
        let text = texts::failure(error);
        let kind = match error {
            IpcError::Command(error) => error.code.to_string(),
            _ => text.clone(),
        };
        self.show(Notice {
            is_failure: true,
            job: texts::job_in_the_way(error),
            ..self.notice(text, kind)
        });
    }

    /// Says for some seconds what was done, with a button that does something about it: `label`
    /// is mostly [`texts::UNDO`].
    pub fn offer(
        &self,
        text: String,
        label: impl Into<String>,
        does: impl FnOnce() + Send + 'static,
    ) {
        let action = NoticeAction {
            label: label.into(),
            does: Arc::new(Mutex::new(Some(Box::new(does)))),
        };
        // Each can be undone by itself, so none stands for another.
        let id = self.next.load(Ordering::Relaxed);
        self.show(Notice {
            action: Some(action),
            left_ms: WITH_ACTION_FOR,
            ..self.notice(text, format!("offer {id}"))
        });
    }

    /// Does what the notice offers, if it still does, and takes it away.
    pub fn act(&self, id: u32) {
        let find = |notices: &Vec<Notice>| notices.iter().find(|notice| notice.id == id).cloned();
        let notice = self
            .shown
            .with_untracked(find)
            .or_else(|| self.kept.with_untracked(find));
        let does = notice.and_then(|notice| notice.action).and_then(|action| {
            let mut does = action.does.lock().unwrap_or_else(PoisonError::into_inner);
            does.take()
        });
        self.dismiss(id);
        self.kept
            .update(|kept| kept.retain(|notice| notice.id != id));
        if let Some(does) = does {
            does();
        }
    }

    /// Takes a notice off the screen. It stays on the list.
    pub fn dismiss(&self, id: u32) {
        self.shown
            .update(|shown| shown.retain(|notice| notice.id != id));
        if self.shown.with_untracked(Vec::is_empty) {
            // What goes under the mouse is not left by it.
            self.hold(false);
        }
    }

    /// Lets the time of all that is shown stand still, or go on.
    pub fn hold(&self, held: bool) {
        self.held.set(held);
    }

    /// Empties the list of those that came.
    pub fn clear(&self) {
        self.kept.set(Vec::new());
    }

    fn notice(&self, text: String, kind: String) -> Notice {
        Notice {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            text,
            is_failure: false,
            job: None,
            action: None,
            times: 1,
            at: self.clock.now_ms(),
            kind,
            left_ms: STANDS_FOR,
        }
    }

    fn show(&self, notice: Notice) {
        if self.push(notice) {
            let store = self.clone();
            spawn_local(async move {
                while store.step() {
                    store.clock.sleep(TICK).await;
                }
            });
        }
    }

    /// Whether nothing was on screen before.
    fn push(&self, mut notice: Notice) -> bool {
        let mut was_empty = false;
        self.shown.update(|shown| {
            was_empty = shown.is_empty();
            if let Some(place) = shown.iter().position(|other| other.kind == notice.kind) {
                notice.times += shown.remove(place).times;
            }
            shown.push(notice.clone());
        });
        self.kept.update(|kept| {
            let is_counted = notice.times > 1;
            if is_counted && kept.first().is_some_and(|other| other.kind == notice.kind) {
                kept.remove(0);
            }
            kept.insert(0, notice);
            kept.truncate(KEPT);
        });
        was_empty
    }

    /// Lets a moment pass. Whether anything is still on screen.
    fn step(&self) -> bool {
        if !self.held.get_untracked() {
            self.shown.maybe_update(|shown| {
                let before = shown.len();
                for notice in shown.iter_mut() {
                    notice.left_ms = notice.left_ms.saturating_sub(TICK);
                }
                shown.retain(|notice| notice.left_ms > 0);
                shown.len() != before
            });
        }
        !self.shown.with_untracked(Vec::is_empty)
    }
}

#[cfg(test)]
mod tests;
