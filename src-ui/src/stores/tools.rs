//! The tools there are, with the form that each one's schema gives.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::ToolDefinition;

use super::Patience;
use crate::texts;

/// What is known of the tools.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ToolList {
    /// They are being asked for.
    #[default]
    Loading,
    /// They are here.
    Ready(Vec<Arc<ToolDefinition>>),
    /// They could not be had; why, in words.
    Failed(String),
}

/// Keeps the list of tools.
#[derive(Clone)]
pub struct ToolsStore {
    client: Client,
    patience: Patience,
    list: ArcRwSignal<ToolList>,
}

impl ToolsStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, patience: Patience) -> Self {
        Self {
            client,
            patience,
            list: ArcRwSignal::default(),
        }
    }

    /// What is known of the tools, tracked.
    #[must_use]
    pub fn list(&self) -> ToolList {
        self.list.get()
    }

    /// The tool with that name, tracked.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<ToolDefinition>> {
        self.list.with(|list| match list {
            ToolList::Ready(tools) => tools.iter().find(|tool| tool.name == name).cloned(),
            _ => None,
        })
    }

    /// The tools that are known by now, untracked.
    #[must_use]
    pub fn known(&self) -> Option<Vec<Arc<ToolDefinition>>> {
        self.list.with_untracked(|list| match list {
            ToolList::Ready(tools) => Some(tools.clone()),
            _ => None,
        })
    }

    /// Asks for the tools, again if need be.
    pub fn load(&self) {
        let store = self.clone();
        spawn_local(async move { store.load_now().await });
    }

    /// Whether the tools still have to be had, untracked.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.list
            .with_untracked(|list| matches!(list, ToolList::Failed(_)))
    }

    pub(super) async fn load_now(&self) {
        let answer = self.patience.ask(|| self.client.list_tools()).await;
        self.list.set(match answer {
            Ok(tools) => ToolList::Ready(tools.into_iter().map(Arc::new).collect()),
            Err(error) => ToolList::Failed(texts::failure(&error)),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;

    use crate::clock::Clock;
    use crate::stores::LinkStore;

    #[test]
    fn a_failed_list_can_be_asked_for_again() {
        let backend = FakeTransport::default();
        let client = Client::new(Arc::new(backend.clone()));
        let clock = Clock::by_hand(&Arc::default());
        let store = ToolsStore::new(client, Patience::new(clock, LinkStore::default()));
        block_on(store.load_now());
        assert!(store.has_failed());
        backend.answer("list_tools", |_| Ok(json!([])));
        block_on(store.load_now());
        assert_eq!(store.list.get_untracked(), ToolList::Ready(vec![]));
    }

    #[test]
    fn tools_whose_answer_never_comes_are_asked_for_again() {
        let backend = FakeTransport::default();
        backend.answer("list_tools", |_| Ok(json!([])));
        backend.lose("list_tools", 1);
        let client = Client::new(Arc::new(backend.clone()));
        let clock = Clock::by_hand(&Arc::default());
        let store = ToolsStore::new(client, Patience::new(clock, LinkStore::default()));
        block_on(store.load_now());
        assert_eq!(store.list.get_untracked(), ToolList::Ready(vec![]));
        assert_eq!(backend.calls("list_tools").len(), 2);
    }
}
