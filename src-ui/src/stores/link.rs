//! Whether the backend answers: told by every call that is made anyway.

use leptos::prelude::*;
use toolroom_ipc::IpcError;

/// Whether the backend answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing has been asked yet.
    #[default]
    Connecting,
    /// The latest call was answered.
    Answering,
    /// The latest call was not.
    Silent,
}

/// Keeps whether the backend answers.
#[derive(Clone, Default)]
pub struct LinkStore {
    state: ArcRwSignal<Link>,
    mismatch: ArcRwSignal<Option<String>>,
}

impl LinkStore {
    /// Whether the backend answers, tracked.
    #[must_use]
    pub fn get(&self) -> Link {
        self.state.get()
    }

    /// Has whoever asks told when that changes.
    pub fn track(&self) {
        self.state.track();
    }

    /// Takes note of how a call ended. A refusal is an answer, too.
    pub fn note<T, E>(&self, outcome: &Result<T, IpcError<E>>) {
        let reached = !matches!(outcome, Err(IpcError::Transport(_)));
        self.set(if reached {
            Link::Answering
        } else {
            Link::Silent
        });
    }

    /// What the backend says if the page wasn't made for it, tracked.
    #[must_use]
    pub fn mismatch(&self) -> Option<String> {
        self.mismatch.get()
    }

    /// Takes note that the page wasn't made for this backend, which is said in these words.
    pub fn mismatched(&self, words: String) {
        self.mismatch.set(Some(words));
    }

    /// Takes note that an answer did not come in time.
    pub fn timed_out(&self) {
        self.set(Link::Silent);
    }

    fn set(&self, state: Link) {
        if self.state.get_untracked() != state {
            self.state.set(state);
        }
    }
}
