//! Where secrets are kept by name: the system's keyring or, where there is none and the person agreed, a
//! file for its owner only. Which name is where stands in an index, since keyrings can't be listed
//! everywhere.
//!
//! Who may ask, and what a job does with a secret, is the engine's business.

mod index;
mod private_file;
mod system;
#[cfg(test)]
mod tests;
mod vault;
pub(crate) mod whole;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use toolroom_engine::SecretStore;
use toolroom_shared::{AppError, KeptSecret, SecretName, SecretPlace};
use toolroom_toolkit::{SecretSource, SecretText, secret_store};

use index::Index;
use system::SystemKeyring;
use vault::{Trouble, Vault};

use crate::data_folder;

const LOCK: &str = "secrets.lock";

/// The secrets of a data folder. Also used by several processes at once.
#[derive(Debug)]
pub struct KeptSecrets {
    folder: PathBuf,
    keyring: Arc<dyn Vault>,
}

impl KeptSecrets {
    /// Those of a data folder.
    pub fn new(folder: &Path) -> Self {
        Self::with_keyring(folder, Arc::new(SystemKeyring))
    }

    fn with_keyring(folder: &Path, keyring: Arc<dyn Vault>) -> Self {
        Self {
            folder: folder.to_owned(),
            keyring,
        }
    }

    fn index(&self) -> Result<Index, AppError> {
        Index::read(&self.folder).map_err(Trouble::into_app_error)
    }

    /// Held by whoever changes something.
    fn lock(&self) -> Result<File, AppError> {
        let open = || {
            let mut options = File::options();
            options.create(true).truncate(false).write(true);
            let file = options.open(self.folder.join(LOCK))?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        };
        open().map_err(|error| {
            secret_store(format!(
                "Secrets can't be changed: {error} ({}). Nothing was changed.",
                self.folder.join(LOCK).display()
            ))
        })
    }

    fn put(
        &self,
        index: &mut Index,
        name: &SecretName,
        secret: &SecretText,
        allow_file: bool,
    ) -> Result<SecretPlace, Trouble> {
        match self.keyring.set(&index.account(name), secret) {
            Ok(()) => Ok(SecretPlace::Keyring),
            Err(Trouble::Absent(_)) if allow_file || index.allow_file => {
                private_file::set(&self.folder, name, Some(secret))?;
                index.allow_file = true;
                Ok(SecretPlace::File)
            }
            Err(Trouble::Absent(why)) => Err(Trouble::Absent(format!(
                "{why} Nothing was kept. Start a keyring, or agree to a file that you alone may read: toolroom secret set {name} --allow-file."
            ))),
            Err(other) => Err(other),
        }
    }

    fn take_off(
        &self,
        index: &Index,
        place: SecretPlace,
        name: &SecretName,
    ) -> Result<(), Trouble> {
        match place {
            SecretPlace::Keyring => self.keyring.remove(&index.account(name)),
            SecretPlace::File => private_file::set(&self.folder, name, None),
        }
    }
}

impl SecretSource for KeptSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<SecretText>, AppError> {
        let index = self.index()?;
        let found = match index.names.get(name) {
            None => return Ok(None),
            Some(SecretPlace::Keyring) => self.keyring.get(&index.account(name)),
            Some(SecretPlace::File) => private_file::get(&self.folder, name),
        };
        found.map_err(Trouble::into_app_error)
    }
}

impl SecretStore for KeptSecrets {
    fn set(
        &self,
        name: &SecretName,
        secret: &SecretText,
        allow_file: bool,
    ) -> Result<(), AppError> {
        data_folder::open(Some(self.folder.clone()))?;
        let _held = self.lock()?;
        let mut index = self.index()?;
        let mut change = || {
            // Whose keyring entries it has is known before there are any.
            index.write(&self.folder)?;
            let place = self.put(&mut index, name, secret, allow_file)?;
            let before = index.names.insert(name.clone(), place);
            index.write(&self.folder)?;
            match before {
                Some(before) if before != place => self.take_off(&index, before, name),
                _ => Ok(()),
            }
        };
        change().map_err(Trouble::into_app_error)
    }

    fn remove(&self, name: &SecretName) -> Result<bool, AppError> {
        if self.index()?.names.is_empty() {
            return Ok(false);
        }
        let _held = self.lock()?;
        let mut index = self.index()?;
        let Some(place) = index.names.get(name).copied() else {
            return Ok(false);
        };
        // The secret first: one that nobody lists any more would stay for good.
        self.take_off(&index, place, name)
            .and_then(|()| {
                index.names.remove(name);
                index.write(&self.folder)
            })
            .map_err(Trouble::into_app_error)?;
        Ok(true)
    }

    fn list(&self) -> Result<Vec<KeptSecret>, AppError> {
        let names = self.index()?.names.into_iter();
        Ok(names
            .map(|(name, place)| KeptSecret { name, place })
            .collect())
    }
}
