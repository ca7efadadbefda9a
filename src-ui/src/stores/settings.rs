//! What is set: asked for at the start, told whenever it changes, and changed field by field.
//!
//! A field is saved when nothing was typed into it for half a second, or when it is left; what can't hold
//! stays in the field with a sentence below it, and what held before holds on.

mod field;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use toolroom_ipc::Client;
use toolroom_shared::{AppearanceSettings, InputProblem, SettingsState};

use super::LinkStore;
use crate::clock::Clock;
use crate::form::{FieldKind, FormModel};
use crate::texts;

pub use field::SettingField;

/// What is known of the settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SettingsPhase {
    /// They are being asked for.
    #[default]
    Loading,
    /// They are here.
    Ready,
    /// They could not be had; why, in words.
    Failed(String),
}

/// Keeps what is set.
#[derive(Clone)]
pub struct SettingsStore {
    client: Client,
    clock: Clock,
    link: LinkStore,
    phase: ArcRwSignal<SettingsPhase>,
    state: ArcRwSignal<SettingsState>,
    fields: Arc<Mutex<Vec<SettingField>>>,
}

impl SettingsStore {
    /// A store that has not asked yet.
    #[must_use]
    pub fn new(client: Client, clock: Clock, link: LinkStore) -> Self {
        Self {
            client,
            clock,
            link,
            phase: ArcRwSignal::default(),
            state: ArcRwSignal::default(),
            fields: Arc::default(),
        }
    }

    /// Asks for the settings, and hears of every change from now on.
    pub fn start(&self) {
        self.load();
        let store = self.clone();
        spawn_local(async move {
            let told = store.clone();
            let listening = store.client.on_settings_changed(move |state| {
                if let Ok(state) = state {
                    told.take(state);
                }
            });
            // Without it the page still knows what it has changed by itself.
            if let Ok(_listener) = listening.await {
                std::future::pending::<()>().await;
            }
        });
    }

    /// Asks for the settings, again if need be.
    pub fn load(&self) {
        let store = self.clone();
        spawn_local(async move { store.load_now().await });
    }

    /// What is known of the settings, tracked.
    #[must_use]
    pub fn phase(&self) -> SettingsPhase {
        self.phase.get()
    }

    /// How the window is to look, tracked; none before it is known.
    #[must_use]
    pub fn appearance(&self) -> Option<AppearanceSettings> {
        let is_known = self.state.with(|state| state.revision > 0);
        is_known.then(|| self.state.with(|state| state.settings.appearance.clone()))
    }

    /// What is kept and can't hold, tracked.
    #[must_use]
    pub fn problems(&self) -> Vec<InputProblem> {
        self.state.with(|state| state.problems.clone())
    }

    /// The fields of a section, in their order.
    #[must_use]
    pub fn fields(&self, section: &str) -> Vec<SettingField> {
        let fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = fields
            .iter()
            .filter(|field| field.section == section)
            .cloned()
            .collect();
        found.sort_by_key(|field| field.is_advanced);
        found
    }

    /// Puts a whole section back to its defaults.
    pub fn reset_section(&self, section: &'static str) {
        let store = self.clone();
        spawn_local(async move {
            let answer = store.client.reset_settings(section.to_owned(), None).await;
            store.link.note(&answer);
            if let Ok(state) = answer {
                for field in store.fields(section) {
                    field.forget_what_was_typed();
                }
                store.take(state);
            }
        });
    }

    /// Sets one field from outside of the settings' own pages.
    pub fn set(&self, section: &str, name: &str, value: Value) {
        let change = serde_json::json!({ section: { name: value } });
        let store = self.clone();
        spawn_local(async move {
            let answer = store.client.change_settings(change).await;
            store.link.note(&answer);
            // What can't be kept is not in force either: the window stays as it was.
            if let Ok(state) = answer {
                store.take(state);
            }
        });
    }

    async fn load_now(&self) {
        let answer = self.client.get_settings().await;
        self.link.note(&answer);
        match answer {
            Ok(form) => {
                self.build(&form.schema);
                self.take(form.state);
                self.phase.set(SettingsPhase::Ready);
            }
            Err(error) => self
                .phase
                .set(SettingsPhase::Failed(texts::failure(&error))),
        }
    }

    /// Makes the fields that the schema describes, once.
    fn build(&self, schema: &Value) {
        let mut fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        if !fields.is_empty() {
            return;
        }
        for section in FormModel::of(schema).fields {
            let FieldKind::Group(inner) = section.kind else {
                continue;
            };
            for mut field in inner {
                let is_advanced = std::mem::take(&mut field.advanced);
                let model = FormModel {
                    fields: vec![field.clone()],
                };
                fields.push(SettingField {
                    store: self.clone(),
                    section: section.name.clone(),
                    values: ArcRwSignal::new(model.initial_values()),
                    model: Arc::new(model),
                    field: Arc::new(field),
                    is_advanced,
                    problems: ArcRwSignal::default(),
                    saved: ArcRwSignal::default(),
                    edition: Arc::new(AtomicU64::default()),
                    is_typed: Arc::new(AtomicBool::default()),
                });
            }
        }
    }

    /// Takes note of what is set, unless something later is known.
    fn take(&self, state: SettingsState) {
        if state.revision < self.state.with_untracked(|known| known.revision) {
            return;
        }
        let whole = serde_json::to_value(&state.settings).unwrap_or_default();
        self.state.set(state);
        let fields = {
            let fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
            fields.clone()
        };
        for field in fields {
            field.show(&whole[field.section.as_str()]);
        }
    }

    /// What is set in a field, tracked.
    fn value(&self, section: &str, name: &str) -> Value {
        self.state.with(|state| {
            let whole = serde_json::to_value(&state.settings).unwrap_or_default();
            whole[section][name].clone()
        })
    }
}

#[cfg(test)]
mod tests;
