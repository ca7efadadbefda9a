//! The secrets that a job was given, and their removal from all that it says.
//!
//! Where the job speaks (its log, progress, checkpoints, result and error) everything passes through here,
//! whatever the tool does. How a secret may be spelled is `spellings`' business.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use memchr::memchr3;
use serde_json::{Map, Value};
use toolroom_shared::{AppError, ErrorCode};
use zeroize::Zeroizing;

use super::{SecretText, spellings};
use crate::{JsonOutput, ToolFailure};

/// What stands where a secret was.
pub const SCRUBBED: &str = "[secret]";

/// How many bytes a secret has at least to be taken out of what a job says. Shorter ones occur by chance
/// everywhere, and the gaps would tell them.
pub const SHORTEST_SCRUBBED: usize = 4;

/// The secrets that a job was given. Clones are the same ones.
#[derive(Clone, Default)]
pub struct Revealed {
    /// None for a job that has no use for any, which then costs nothing.
    known: Option<Arc<RwLock<Known>>>,
}

#[derive(Default)]
struct Known {
    secrets: Vec<SecretText>,
    spellings: Vec<Zeroizing<String>>,
}

impl Revealed {
    /// For a job that may be given secrets.
    #[must_use]
    pub fn watched() -> Self {
        Self {
            known: Some(Arc::default()),
        }
    }

    /// The job is given this one.
    pub fn add(&self, secret: &SecretText) {
        let Some(known) = &self.known else {
            return;
        };
        let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
        if secret.len() < SHORTEST_SCRUBBED || known.secrets.contains(secret) {
            return;
        }
        known.secrets.push(secret.clone());
        for spelling in spellings::of(secret) {
            if !known.spellings.contains(&spelling) {
                known.spellings.push(spelling);
            }
        }
        // The longest first, so that none is left of which another is a part.
        known
            .spellings
            .sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    }

    /// Whether there is nothing to take out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.with(|_| ()).is_none()
    }

    /// Does `work` with what is known, if that is anything.
    fn with<T>(&self, work: impl FnOnce(&Known) -> T) -> Option<T> {
        let known = self.known.as_ref()?;
        let known = known.read().unwrap_or_else(PoisonError::into_inner);
        (!known.secrets.is_empty()).then(|| work(&known))
    }

    /// A text without the secrets.
    #[must_use]
    pub fn scrub_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let scrubbed = self.with(|known| known.text(text));
        scrubbed.flatten().map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// Takes the secrets out of a value: of its texts, of its fields' names, and of numbers that are one.
    pub fn scrub_value(&self, value: &mut Value) {
        self.with(|known| known.value(value));
    }

    /// A result without the secrets.
    #[must_use]
    pub fn scrub_output(&self, output: JsonOutput) -> JsonOutput {
        let scrubbed = self.with(|known| match &output {
            JsonOutput::Small { value, .. } => {
                let mut scrubbed = value.clone();
                known.value(&mut scrubbed);
                (scrubbed != *value).then(|| JsonOutput::from(scrubbed))
            }
            JsonOutput::Large(text) => known.json(text).map(JsonOutput::Large),
        });
        scrubbed.flatten().unwrap_or(output)
    }

    /// Takes the secrets out of what is said of a failure.
    pub fn scrub_failure(&self, failure: &mut ToolFailure) {
        self.with(|known| {
            known.error(&mut failure.error);
            if let Some(partial) = &mut failure.partial {
                known.value(partial);
            }
        });
    }
}

impl Known {
    /// The text without the secrets; none if it has none.
    fn text(&self, text: &str) -> Option<String> {
        let mut scrubbed: Option<String> = None;
        for spelling in &self.spellings {
            let current = scrubbed.as_deref().unwrap_or(text);
            if let Some(without) = without(current, spelling) {
                scrubbed = Some(without);
            }
        }
        scrubbed
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(scrubbed) = self.text(text) {
                    *text = scrubbed;
                }
            }
            Value::Number(number) => {
                if self.is_one(&number.to_string()) {
                    *value = SCRUBBED.into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => {
                fields.values_mut().for_each(|field| self.value(field));
                if fields.keys().any(|name| self.text(name).is_some()) {
                    let renamed = std::mem::take(fields).into_iter();
                    let renamed =
                        renamed.map(|(name, field)| (self.text(&name).unwrap_or(name), field));
                    *fields = renamed.collect::<Map<_, _>>();
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn error(&self, error: &mut AppError) {
        if let Some(message) = self.text(&error.message) {
            error.message = message;
        }
        if let Some(code) = self.text(error.code.as_str()) {
            error.code = ErrorCode::from(code);
        }
        self.value(&mut error.details);
    }

    fn is_one(&self, text: &str) -> bool {
        self.secrets.iter().any(|secret| **secret == *text)
    }

    /// A JSON text without the secrets; none if it has none. It is looked through piece by piece: as a
    /// value it would take several times the memory.
    fn json(&self, text: &str) -> Option<String> {
        let mut scrubbed = String::with_capacity(text.len());
        let mut rest = text;
        let mut is_changed = false;
        while !rest.is_empty() {
            let length = token(rest);
            let (piece, after) = rest.split_at(length);
            let without = if piece.starts_with('"') {
                let read: Option<String> = serde_json::from_str(piece).ok();
                read.and_then(|read| self.text(&read))
            } else {
                self.is_one(piece).then(|| SCRUBBED.to_owned())
            };
            match without {
                Some(without) => {
                    is_changed = true;
                    scrubbed.push_str(&Value::from(without).to_string());
                }
                None => scrubbed.push_str(piece),
            }
            rest = after;
        }
        is_changed.then_some(scrubbed)
    }
}

/// The length of the text, the number or the sign with which a JSON text begins.
fn token(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'"') {
        let mut at = 1;
        while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
            at += found;
            if bytes[at] == b'"' {
                return at + 1;
            }
            at += 2;
        }
        return bytes.len();
    }
    let is_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let number = bytes.iter().take_while(|byte| is_number(byte)).count();
    let other = || {
        bytes
            .iter()
            .take_while(|byte| !is_number(byte) && **byte != b'"')
    };
    if number > 0 { number } else { other().count() }
}

/// The text without one spelling; none if it isn't in it.
fn without(text: &str, spelling: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let first = *spelling.as_bytes().first()?;
    let (mut scrubbed, mut copied, mut at) = (String::new(), 0, 0);
    loop {
        let rest = &bytes[at..];
        let found = match first {
            // A plus may stand for a blank.
            b' ' => rest.iter().position(|byte| b" +%\\".contains(byte)),
            _ => memchr3(first, b'%', b'\\', rest),
        };
        let Some(found) = found else {
            break;
        };
        at += found;
        match spellings::end_at(bytes, at, spelling) {
            Some(end) => {
                scrubbed.push_str(&text[copied..at]);
                scrubbed.push_str(SCRUBBED);
                (copied, at) = (end, end);
            }
            None => at += 1,
        }
    }
    if copied == 0 {
        return None;
    }
    scrubbed.push_str(&text[copied..]);
    Some(scrubbed)
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revealed").finish_non_exhaustive()
    }
}
