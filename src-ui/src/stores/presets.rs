//! Each tool's presets: inputs that are kept by name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use toolroom_ipc::{Client, IpcError};
use toolroom_shared::{AppError, Preset};

use super::LinkStore;
use crate::texts;

/// What is known of a tool's presets.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PresetList {
    /// They are being asked for.
    #[default]
    Loading,
    /// They are here, in the order of their names.
    Ready(Vec<Preset>),
    /// They could not be had; why, in words.
    Failed(String),
}

/// Keeps the presets of every tool that was looked at.
#[derive(Clone)]
pub struct PresetsStore {
    client: Client,
    link: LinkStore,
    tools: Arc<Mutex<HashMap<String, ToolPresets>>>,
}

/// One tool's presets.
#[derive(Clone)]
pub struct ToolPresets {
    client: Client,
    link: LinkStore,
    tool: String,
    /// What is known of them.
    pub list: ArcRwSignal<PresetList>,
    /// Why the last change was refused, in words.
    pub refusal: ArcRwSignal<Option<String>>,
    /// What was removed last and can be put back.
    pub removed: ArcRwSignal<Option<Preset>>,
}

impl PresetsStore {
    /// A store that has asked for nothing yet.
    #[must_use]
    pub fn new(client: Client, link: LinkStore) -> Self {
        Self {
            client,
            link,
            tools: Arc::default(),
        }
    }

    /// A tool's presets.
    #[must_use]
    pub fn of(&self, tool: &str) -> ToolPresets {
        let mut tools = self.tools.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || ToolPresets {
            client: self.client.clone(),
            link: self.link.clone(),
            tool: tool.to_owned(),
            list: ArcRwSignal::default(),
            refusal: ArcRwSignal::default(),
            removed: ArcRwSignal::default(),
        };
        tools.entry(tool.to_owned()).or_insert_with(new).clone()
    }
}

impl ToolPresets {
    /// Asks for the list, again if it is known: the terminal may have changed it.
    pub fn load(&self) {
        let me = self.clone();
        spawn_local(async move { me.load_now().await });
    }

    /// Keeps an input by name, as a new one or in the place of `instead_of`; `done` is told if that
    /// worked.
    pub fn save(
        &self,
        name: &str,
        input: Value,
        instead_of: Option<String>,
        done: impl FnOnce(Preset) + 'static,
    ) {
        let me = self.clone();
        let preset = Preset {
            name: name.trim().to_owned(),
            input,
        };
        spawn_local(async move {
            if let Some(kept) = me.save_now(preset, instead_of).await {
                done(kept);
            }
        });
    }

    /// Forgets a preset; it can be put back until another is removed.
    pub fn remove(&self, preset: Preset) {
        let me = self.clone();
        spawn_local(async move { me.remove_now(preset).await });
    }

    /// Puts back what was removed last.
    pub fn put_back(&self) {
        if let Some(preset) = self.removed.get_untracked() {
            let me = self.clone();
            spawn_local(async move {
                if me.save_now(preset, None).await.is_some() {
                    me.removed.set(None);
                }
            });
        }
    }

    pub(super) async fn load_now(&self) {
        let answer = self.client.list_presets(self.tool.clone()).await;
        self.link.note(&answer);
        self.list.set(match answer {
            Ok(presets) => PresetList::Ready(presets),
            Err(error) => PresetList::Failed(texts::failure(&error)),
        });
    }

    pub(super) async fn save_now(
        &self,
        preset: Preset,
        instead_of: Option<String>,
    ) -> Option<Preset> {
        let tool = self.tool.clone();
        let answer = self.client.save_preset(tool, preset, instead_of).await;
        self.settle(answer).await
    }

    pub(super) async fn remove_now(&self, preset: Preset) {
        let (tool, name) = (self.tool.clone(), preset.name.clone());
        let answer = self.client.remove_preset(tool, name).await;
        if self.settle(answer).await.is_some() {
            self.removed.set(Some(preset));
        }
    }

    /// Whatever the answer: the list is asked for anew, since it may have changed elsewhere.
    async fn settle<T>(&self, answer: Result<T, IpcError<AppError>>) -> Option<T> {
        self.link.note(&answer);
        let (kept, refusal) = match answer {
            Ok(kept) => (Some(kept), None),
            Err(error) => (None, Some(texts::failure(&error))),
        };
        self.refusal.set(refusal);
        self.load_now().await;
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use serde_json::json;
    use toolroom_ipc::FakeTransport;

    fn presets(backend: &FakeTransport) -> ToolPresets {
        let client = Client::new(Arc::new(backend.clone()));
        PresetsStore::new(client, LinkStore::default()).of("t")
    }

    fn small() -> Preset {
        Preset {
            name: "Small".into(),
            input: json!({"width": 640}),
        }
    }

    #[test]
    fn what_was_removed_can_be_put_back() {
        let backend = FakeTransport::default();
        backend.answer("list_presets", |_| Ok(json!([])));
        backend.answer("remove_preset", |_| Ok(json!(null)));
        backend.answer("save_preset", |args| Ok(args["preset"].clone()));
        let presets = presets(&backend);
        block_on(presets.remove_now(small()));
        assert_eq!(presets.removed.get_untracked(), Some(small()));
        let back = block_on(presets.save_now(small(), None));
        assert_eq!(back, Some(small()));
        let sent = &backend.calls("save_preset")[0];
        assert_eq!(
            sent["preset"],
            json!({"name": "Small", "input": {"width": 640}})
        );
        assert_eq!(sent["insteadOf"], json!(null));
    }

    #[test]
    fn a_refused_change_says_why_and_the_list_is_looked_at_again() {
        let backend = FakeTransport::default();
        backend.answer("list_presets", |_| {
            Ok(json!([{"name": "Small", "input": {}}]))
        });
        backend.answer("save_preset", |_| {
            Err(
                json!({"code": "already_exists", "message": "There is one already.",
                       "details": null, "retryable": false}),
            )
        });
        let presets = presets(&backend);
        assert_eq!(block_on(presets.save_now(small(), None)), None);
        let refusal = presets.refusal.get_untracked();
        assert_eq!(refusal.as_deref(), Some("There is one already."));
        let PresetList::Ready(list) = presets.list.get_untracked() else {
            panic!("a list")
        };
        assert_eq!(list[0].name, "Small");
    }

    #[test]
    fn a_list_that_can_not_be_had_says_why() {
        let backend = FakeTransport::default();
        let presets = presets(&backend);
        block_on(presets.load_now());
        assert!(matches!(
            presets.list.get_untracked(),
            PresetList::Failed(_)
        ));
    }
}
