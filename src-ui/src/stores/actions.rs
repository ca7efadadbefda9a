//! What can be done just now: pages offer it while they are shown, the palette lists it and a
//! shortcut may do it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use leptos::prelude::*;

use super::use_stores;
use crate::keys::Command;

/// Something that can be done.
#[derive(Clone)]
pub struct Action {
    /// Tells actions apart, and is remembered of those that were chosen.
    pub id: &'static str,
    /// What it does, as on a button.
    pub title: String,
    /// More in a few words.
    pub about: String,
    /// The shortcut that does it too.
    pub command: Option<Command>,
    /// It belongs to the page on screen, not to the app.
    pub is_here: bool,
    /// Does it.
    pub does: Arc<dyn Fn() + Send + Sync>,
}

impl Action {
    /// An action of the page on screen.
    pub fn here(
        id: &'static str,
        title: impl Into<String>,
        does: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            id,
            title: title.into(),
            about: String::new(),
            command: None,
            is_here: true,
            does: Arc::new(does),
        }
    }

    /// The same action, done by a shortcut too.
    #[must_use]
    pub fn by(mut self, command: Command) -> Self {
        self.command = Some(command);
        self
    }
}

/// Keeps the actions that are offered.
#[derive(Clone, Default)]
pub struct ActionsStore {
    next: Arc<AtomicU64>,
    offered: ArcRwSignal<Vec<(u64, Action)>>,
}

impl ActionsStore {
    /// Offers an action until it is taken back by the number that this returns.
    pub fn offer(&self, action: Action) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.offered
            .update(|offered| offered.push((number, action)));
        number
    }

    /// Offers an action no longer.
    pub fn take_back(&self, number: u64) {
        self.offered
            .update(|offered| offered.retain(|(other, _)| *other != number));
    }

    /// What is offered, tracked.
    #[must_use]
    pub fn offered(&self) -> Vec<Action> {
        self.offered
            .with(|offered| offered.iter().map(|(_, action)| action.clone()).collect())
    }

    /// Does what was offered last for a shortcut. Whether anything was.
    pub fn run(&self, command: Command) -> bool {
        let does = self.offered.with_untracked(|offered| {
            let mut latest = offered.iter().rev();
            latest
                .find(|(_, action)| action.command == Some(command))
                .map(|(_, action)| action.does.clone())
        });
        // Called without the list in hand: it may offer something itself.
        does.map(|does| does()).is_some()
    }
}

/// Offers an action for as long as the view around the call is shown.
pub fn use_action(action: Action) {
    let actions = use_stores().actions;
    let number = actions.offer(action);
    on_cleanup(move || actions.take_back(number));
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_shortcut_does_what_was_offered_last_and_nothing_that_was_taken_back() {
        let store = ActionsStore::default();
        let done = Arc::new(Mutex::new(Vec::new()));
        let offer = |id: &'static str| {
            let done = done.clone();
            let action = Action::here(id, id, move || done.lock().unwrap().push(id));
            store.offer(action.by(Command::Run))
        };
        assert!(!store.run(Command::Run));
        offer("one");
        let two = offer("two");
        assert!(store.run(Command::Run));
        store.take_back(two);
        assert!(store.run(Command::Run));
        assert!(!store.run(Command::Search));
        assert_eq!(*done.lock().unwrap(), ["two", "one"]);
        assert_eq!(untrack(|| store.offered()).len(), 1);
    }
}
