//! What a job in memory has beside the input that is kept of it.

use std::{fmt, sync::Arc};

use serde_json::Value;
use toolroom_shared::{SecretForm, each_secret};
use toolroom_toolkit::{Revealed, SecretText};

/// The input with the secrets that were typed into it, for further attempts, and those that the job was
/// given so far. Gone with the job's end, and nowhere but in memory.
#[derive(Clone, Default)]
pub struct GivenSecrets {
    full: Option<Arc<FullInput>>,
    /// Those that the job was given so far.
    pub revealed: Revealed,
}

impl GivenSecrets {
    /// Of a job whose tool has use for secrets, and none of whose were typed in.
    pub fn watched() -> Self {
        Self {
            full: None,
            revealed: Revealed::watched(),
        }
    }

    /// Of a job that is started with `input`; and what is kept of that.
    pub fn of(input: Value, schema: &Value) -> (Value, Self) {
        let kept = toolroom_shared::redact(&input, schema);
        let mut given = Self::watched();
        if kept != input {
            given.full = Some(Arc::new(FullInput(input)));
        }
        (kept, given)
    }

    /// The input to work on, where `kept` is kept of it.
    pub fn input<'a>(&'a self, kept: &'a Value) -> &'a Value {
        self.full.as_ref().map_or(kept, |full| &full.0)
    }
}

impl fmt::Debug for GivenSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenSecrets").finish_non_exhaustive()
    }
}

/// An input with secrets. Its texts are overwritten when it is dropped.
struct FullInput(Value);

impl Drop for FullInput {
    fn drop(&mut self) {
        overwrite(&mut self.0);
    }
}

fn overwrite(value: &mut Value) {
    match value {
        Value::String(text) => drop(SecretText::from(std::mem::take(text))),
        Value::Array(items) => items.iter_mut().for_each(overwrite),
        Value::Object(fields) => fields.values_mut().for_each(overwrite),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every text that was typed into an input as a secret.
pub(super) fn typed_in(input: &Value, schema: &Value) -> Revealed {
    let typed = Revealed::watched();
    let mut copy = FullInput(input.clone());
    each_secret(&mut copy.0, schema, &mut |_, value| {
        if SecretForm::of(value) == SecretForm::Inline {
            add_texts(value, &typed);
        }
    });
    typed
}

fn add_texts(value: &Value, typed: &Revealed) {
    match value {
        Value::String(text) => typed.add(&SecretText::from(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| add_texts(item, typed)),
        Value::Object(fields) => fields.values().for_each(|field| add_texts(field, typed)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
