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
mod whole;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use toolroom_engine::SecretStore;
use toolroom_shared::{AppError, SecretName};
use toolroom_toolkit::{SecretSource, SecretText, secret_store};

use index::{Index, Shelf};
use system::SystemKeyring;
use vault::{Trouble, Vault};

use crate::data_folder;

const LOCK: &str = "secrets.lock";

/// The secrets of a data folder. Also used by several processes at once.
#[derive(Debug)]
pub struct KeptSecrets {
    folder: PathBuf,
    keyring: Arc<dyn Vault>,
    allow_file: bool,
}

impl KeptSecrets {
    /// Those of a data folder. With `allow_file` the person agrees to a file where there is no keyring,
    /// which is remembered once it is made use of.
    pub fn new(folder: &Path, allow_file: bool) -> Self {
        Self::with_keyring(folder, allow_file, Arc::new(SystemKeyring))
    }

    fn with_keyring(folder: &Path, allow_file: bool, keyring: Arc<dyn Vault>) -> Self {
        Self {
            folder: folder.to_owned(),
            keyring,
            allow_file,
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
    ) -> Result<Shelf, Trouble> {
        match self.keyring.set(&index.account(name), secret) {
            Ok(()) => Ok(Shelf::Keyring),
            Err(Trouble::Absent(_)) if self.allow_file || index.allow_file => {
                private_file::set(&self.folder, name, Some(secret))?;
                index.allow_file = true;
                Ok(Shelf::File)
            }
            Err(Trouble::Absent(why)) => Err(Trouble::Absent(format!(
                "{why} Nothing was kept. Start a keyring, or agree to a file that you alone may read: toolroom secret set {name} --allow-file."
            ))),
            Err(other) => Err(other),
        }
    }

    fn take_off(&self, index: &Index, shelf: Shelf, name: &SecretName) -> Result<(), Trouble> {
        match shelf {
            Shelf::Keyring => self.keyring.remove(&index.account(name)),
            Shelf::File => private_file::set(&self.folder, name, None),
        }
    }
}

impl SecretSource for KeptSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<SecretText>, AppError> {
        let index = self.index()?;
        let found = match index.names.get(name) {
            None => return Ok(None),
            Some(Shelf::Keyring) => self.keyring.get(&index.account(name)),
            Some(Shelf::File) => private_file::get(&self.folder, name),
        };
        found.map_err(Trouble::into_app_error)
    }
}

impl SecretStore for KeptSecrets {
    fn set(&self, name: &SecretName, secret: &SecretText) -> Result<(), AppError> {
        data_folder::open(Some(self.folder.clone()))?;
        let _held = self.lock()?;
        let mut index = self.index()?;
        let mut change = || {
            // Whose keyring entries it has is known before there are any.
            index.write(&self.folder)?;
            let shelf = self.put(&mut index, name, secret)?;
            let before = index.names.insert(name.clone(), shelf);
            index.write(&self.folder)?;
            match before {
                Some(before) if before != shelf => self.take_off(&index, before, name),
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
        let Some(shelf) = index.names.get(name).copied() else {
            return Ok(false);
        };
        // The secret first: one that nobody lists any more would stay for good.
        self.take_off(&index, shelf, name)
            .and_then(|()| {
                index.names.remove(name);
                index.write(&self.folder)
            })
            .map_err(Trouble::into_app_error)?;
        Ok(true)
    }

    fn names(&self) -> Result<Vec<SecretName>, AppError> {
        Ok(self.index()?.names.into_keys().collect())
    }
}
