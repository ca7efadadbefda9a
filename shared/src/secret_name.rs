//! The name by which a secret is kept. It is shown and stored; the secret itself is neither.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a secret that is kept: 1 to 64 letters, digits, dots, dashes and underscores of ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "specta", specta(type = String))]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// A text that can't be the name of a secret. It doesn't say the text, which may be the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSecretName;

impl SecretName {
    /// How many bytes a name has at most.
    pub const LONGEST: usize = 64;
    /// What a name looks like, for JSON Schema.
    pub const PATTERN: &str = "^[A-Za-z0-9._-]{1,64}$";

    /// A name, if `text` can be one.
    ///
    /// # Errors
    /// If it can't.
    pub fn new(text: impl Into<String>) -> Result<Self, BadSecretName> {
        let text = text.into();
        if is_name(&text) {
            Ok(Self(text))
        } else {
            Err(BadSecretName)
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text can be the name of a secret.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=SecretName::LONGEST).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

impl TryFrom<String> for SecretName {
    type Error = BadSecretName;

    fn try_from(text: String) -> Result<Self, BadSecretName> {
        Self::new(text)
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BadSecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The name of a secret has 1 to {} letters (a to z), digits, dots, dashes and underscores.",
            SecretName::LONGEST
        )
    }
}

impl std::error::Error for BadSecretName {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_looks_like_a_name_is_one_and_nothing_else_is(text in "[a-zA-Z0-9._-]{0,66}|\\PC{0,8}") {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let expected = !text.is_empty() && text.len() <= 64 && text.chars().all(allowed);
            prop_assert_eq!(SecretName::new(text.clone()).is_ok(), expected);
            let read = serde_json::from_value::<SecretName>(text.clone().into());
            prop_assert_eq!(read.is_ok(), expected);
            if let Ok(name) = read {
                prop_assert_eq!(serde_json::to_value(name).unwrap(), text);
            }
        }
    }
}
