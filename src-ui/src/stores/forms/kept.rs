//! A form's input for others than a job: as a preset, and as a line for a terminal.

use leptos::prelude::*;
use serde_json::Value;
use toolroom_shared::{Preset, command_line, without_defaults, without_typed_secrets};

use super::FormSession;
use crate::form::FieldKind;

impl FormSession {
    /// The tool's id.
    #[must_use]
    pub fn tool_name(&self) -> &str {
        &self.tool.name
    }

    /// The input as it stands now; what can't be read is left out.
    #[must_use]
    pub fn input(&self) -> Value {
        let mut values = self.values.get_untracked();
        values.commit_all_pending();
        self.model.input(&values).0
    }

    /// The line that runs the tool with this input from a terminal.
    #[must_use]
    pub fn command_line(&self) -> String {
        let schema = &self.tool.input_schema;
        command_line(
            &self.tool.name,
            schema,
            &without_defaults(&self.input(), schema),
        )
    }

    /// Whether the form has a field for a secret anywhere.
    #[must_use]
    pub fn has_secret_field(&self) -> bool {
        let mut any = false;
        for field in &self.model.fields {
            field.each(&mut |field| any |= field.kind == FieldKind::Secret);
        }
        any
    }

    /// The name of the preset that was filled in or kept last, and whether anything was changed
    /// since, tracked.
    #[must_use]
    pub fn preset_in_use(&self) -> Option<(String, bool)> {
        let (name, input) = self.preset.get()?;
        let now = self.values.with(|values| self.model.input(values).0);
        Some((name, self.comparable(&now) != input))
    }

    /// Fills the form with a preset.
    pub fn apply_preset(&self, preset: &Preset) {
        self.values.set(self.model.values_of(&preset.input));
        self.refusal.set(None);
        self.calm_down();
        self.preset_saved(preset);
    }

    /// Takes note that what stands in the form is a preset.
    pub fn preset_saved(&self, preset: &Preset) {
        // As the form writes it: a preset may be of an older schema.
        let values = self.model.values_of(&preset.input);
        let input = self.comparable(&self.model.input(&values).0);
        self.preset.set(Some((preset.name.clone(), input)));
    }

    /// Takes note of a preset's new name.
    pub fn preset_renamed(&self, old: &str, new: &str) {
        self.preset.update(|preset| {
            if let Some((name, _)) = preset
                && name == old
            {
                new.clone_into(name);
            }
        });
    }

    /// The input without what no preset keeps.
    fn comparable(&self, input: &Value) -> Value {
        without_typed_secrets(input, &self.tool.input_schema)
    }
}
