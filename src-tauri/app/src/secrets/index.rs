//! Which secrets there are and where each is kept. No secret stands in it.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::{Deserialize, Serialize};
use toolroom_shared::{SecretName, SecretPlace};

use super::{vault::Trouble, whole};

const INDEX: &str = "secrets.json";

/// Which secrets there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Tells the entries of this data folder in a keyring from those of others.
    pub id: String,
    /// The person agreed to a file.
    pub allow_file: bool,
    /// Where each is.
    pub names: BTreeMap<SecretName, SecretPlace>,
}

impl Index {
    /// That of a data folder; an empty one if there is none yet.
    pub fn read(folder: &Path) -> Result<Self, Trouble> {
        let file = folder.join(INDEX);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::new()),
            Err(error) => return Err(Trouble::with_file("read", &file, &error)),
        };
        serde_json::from_slice(&text).map_err(|error| {
            Trouble::Refused(format!(
                "{} can't be understood: {error}. Mend it, or move it away and keep the secrets anew.",
                file.display()
            ))
        })
    }

    fn new() -> Self {
        Self {
            id: uuid::Uuid::new_v4().simple().to_string(),
            allow_file: false,
            names: BTreeMap::new(),
        }
    }

    /// Writes it as a whole.
    pub fn write(&self, folder: &Path) -> Result<(), Trouble> {
        let file = folder.join(INDEX);
        serde_json::to_vec_pretty(self)
            .map_err(io::Error::from)
            .and_then(|text| whole::write(&file, &text))
            .map_err(|error| Trouble::with_file("write", &file, &error))
    }

    /// The name under which a keyring has a secret.
    pub fn account(&self, name: &SecretName) -> String {
        format!("{name} ({})", self.id)
    }
}
