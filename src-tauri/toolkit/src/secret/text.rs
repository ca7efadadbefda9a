//! A secret in plain text: overwritten when it is dropped, and shown by nothing.

use std::{fmt, ops::Deref};

use zeroize::Zeroizing;

use super::SCRUBBED;

/// A secret in plain text. Its memory is overwritten when it is dropped; what was copied out of it isn't.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// How many bytes a secret has at most.
    pub const LONGEST: usize = 64 * 1024;

    /// A copy of `text`, if it can be a secret.
    ///
    /// # Errors
    /// In words, if it is empty or too long.
    pub fn checked(text: &str) -> Result<Self, String> {
        let copy = Self(Zeroizing::new(text.to_owned()));
        copy.check()?;
        Ok(copy)
    }

    /// Whether it can be a secret.
    ///
    /// # Errors
    /// In words, if it is empty or too long.
    pub fn check(&self) -> Result<(), String> {
        match self.0.len() {
            0 => Err("A secret must not be empty.".to_owned()),
            1..=Self::LONGEST => Ok(()),
            _ => Err(format!(
                "A secret may have at most {} KiB.",
                Self::LONGEST / 1024
            )),
        }
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl Deref for SecretText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SCRUBBED)
    }
}
