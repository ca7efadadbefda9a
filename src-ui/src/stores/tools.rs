//! The tools there are, with the form that each one's schema gives.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use toolroom_ipc::Client;
use toolroom_shared::ToolDefinition;

use super::LinkStore;
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
    link: LinkStore,
    list: ArcRwSignal<ToolList>,
}

impl ToolsStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
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
        let answer = self.client.list_tools().await;
        self.link.note(&answer);
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

    #[test]
    fn a_failed_list_can_be_asked_for_again() {
        let backend = FakeTransport::default();
        let client = Client::new(Arc::new(backend.clone()));
        let store = ToolsStore::new(client, LinkStore::default());
        block_on(store.load_now());
        assert!(store.has_failed());
        backend.answer("list_tools", |_| Ok(json!([])));
        block_on(store.load_now());
        assert_eq!(store.list.get_untracked(), ToolList::Ready(vec![]));
    }
}
