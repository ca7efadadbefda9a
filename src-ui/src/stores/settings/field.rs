//! One setting: what stands in its field, and its way to the backend.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use toolroom_ipc::IpcError;

use super::SettingsStore;
use crate::form::problems::ShownProblems;
use crate::form::{Field, FieldKind, FormModel, FormValues};
use crate::texts;

/// Milliseconds without a keystroke before what was typed is saved.
const PAUSE: u32 = 500;
/// Milliseconds for which it says that it has saved.
const SAYS_SO_FOR: u32 = 2_000;

/// One setting.
#[derive(Clone)]
pub struct SettingField {
    pub(super) store: SettingsStore,
    /// The section that it belongs to.
    pub section: String,
    /// A form of this field alone.
    pub model: Arc<FormModel>,
    /// The field.
    pub field: Arc<Field>,
    /// Few people need it.
    pub is_advanced: bool,
    /// What stands in it.
    pub values: ArcRwSignal<FormValues>,
    /// It was saved a moment ago.
    pub saved: ArcRwSignal<bool>,
    pub(super) problems: ArcRwSignal<Vec<String>>,
    /// Counts changes: only the latest is saved.
    pub(super) edition: Arc<AtomicU64>,
    /// Something stands in it that isn't saved.
    pub(super) is_typed: Arc<AtomicBool>,
}

impl SettingField {
    /// What is wrong with it, where a form shows it, tracked.
    #[must_use]
    pub fn shown_problems(&self) -> ShownProblems {
        let lines = self.problems.get();
        let shown = (!lines.is_empty()).then(|| (self.field.pointer.clone(), lines));
        shown.into_iter().collect()
    }

    /// Whether something else is set than the default, tracked.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let default = self.field.default.clone().unwrap_or_default();
        self.store.value(&self.section, &self.field.name) != default
    }

    /// Changes what stands in it, and saves that: at once what was chosen, after a pause what is typed.
    pub fn edit(&self, change: impl FnOnce(&mut FormValues)) {
        self.values.update(change);
        self.is_typed.store(true, Ordering::Relaxed);
        self.saved.set(false);
        let edition = self.edition.fetch_add(1, Ordering::Relaxed) + 1;
        let is_chosen = matches!(self.field.kind, FieldKind::Switch | FieldKind::Choice(_));
        let field = self.clone();
        spawn_local(async move {
            if !is_chosen {
                field.store.clock.sleep(PAUSE).await;
            }
            if field.edition.load(Ordering::Relaxed) == edition && field.save_now().await {
                field.say_saved().await;
            }
        });
    }

    /// The focus has left it: what was typed is saved now.
    pub fn leave(&self) {
        let field = self.clone();
        spawn_local(async move {
            if field.save_now().await {
                field.say_saved().await;
            }
        });
    }

    /// Puts it back to its default.
    pub fn reset(&self) {
        let field = self.clone();
        spawn_local(async move {
            if field.reset_now().await {
                field.say_saved().await;
            }
        });
    }

    /// Saves what was typed, if anything was. Whether it holds now.
    pub(super) async fn save_now(&self) -> bool {
        if !self.is_typed.swap(false, Ordering::Relaxed) {
            return false;
        }
        let edition = self.edition.load(Ordering::Relaxed);
        let (input, unreadable) = self
            .values
            .with_untracked(|values| self.model.input(values));
        if let Some(problem) = unreadable.first() {
            self.problems.set(vec![problem.message.clone()]);
            return false;
        }
        // What was emptied goes back to its default.
        let value = input.get(&self.field.name).cloned().unwrap_or_default();
        let change = json!({ self.section.as_str(): { self.field.name.as_str(): value } });
        let answer = self.store.client.change_settings(change).await;
        self.store.link.note(&answer);
        // What was typed meanwhile has a turn of its own.
        let is_latest = self.edition.load(Ordering::Relaxed) == edition;
        match answer {
            Ok(state) => {
                if is_latest {
                    self.problems.set(Vec::new());
                }
                self.store.take(state);
                true
            }
            Err(error) if is_latest => {
                let found = match &error {
                    IpcError::Command(error) => error.input_problems(),
                    _ => Vec::new(),
                };
                let lines: Vec<_> = found.into_iter().map(|problem| problem.message).collect();
                self.problems.set(match lines.is_empty() {
                    true => vec![texts::failure(&error)],
                    false => lines,
                });
                false
            }
            Err(_) => false,
        }
    }

    pub(super) async fn reset_now(&self) -> bool {
        let (section, name) = (self.section.clone(), self.field.name.clone());
        let answer = self.store.client.reset_settings(section, Some(name)).await;
        self.store.link.note(&answer);
        match answer {
            Ok(state) => {
                self.forget_what_was_typed();
                self.store.take(state);
                true
            }
            Err(error) => {
                self.problems.set(vec![texts::failure(&error)]);
                false
            }
        }
    }

    pub(super) fn forget_what_was_typed(&self) {
        self.edition.fetch_add(1, Ordering::Relaxed);
        self.is_typed.store(false, Ordering::Relaxed);
        self.problems.set(Vec::new());
    }

    /// Shows what is set in its section, unless the person is just typing something else.
    pub(super) fn show(&self, section: &Value) {
        let is_free =
            !self.is_typed.load(Ordering::Relaxed) && self.problems.with_untracked(Vec::is_empty);
        if is_free {
            let values = self.model.values_of(section);
            if self.values.with_untracked(|known| *known != values) {
                self.values.set(values);
            }
        }
    }

    async fn say_saved(&self) {
        self.saved.set(true);
        let edition = self.edition.load(Ordering::Relaxed);
        self.store.clock.sleep(SAYS_SO_FOR).await;
        if self.edition.load(Ordering::Relaxed) == edition {
            self.saved.set(false);
        }
    }
}
