//! What may be known of a secret that is kept: its name and its place, never the secret.

use serde::{Deserialize, Serialize};

use crate::SecretName;

/// A secret that is kept, without the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeptSecret {
    /// Its name.
    pub name: SecretName,
    /// Where it is.
    pub place: SecretPlace,
}

/// Where a secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the system's keyring.
    Keyring,
    /// In a file in the data folder, for its owner only.
    File,
}
