//! Secrets on their way through the engine: given to the tool, and found nowhere else.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod canary;
mod life;
mod search;
mod speaker;

use std::{collections::BTreeMap, path::Path, sync::Arc, sync::Mutex};

use speaker::Speaker;
use toolroom_engine::{EngineConfig, HistoryConfig, JobManager, Registry, SecretStore};
use toolroom_shared::{AppError, KeptSecret, SecretName, SecretPlace};
use toolroom_toolkit::{SecretSource, SecretText};

/// Secrets in memory.
#[derive(Debug, Default)]
pub struct Kept(Mutex<BTreeMap<SecretName, SecretText>>);

impl Kept {
    /// With one.
    pub fn with(name: &str, secret: &str) -> Arc<Self> {
        let kept = Self::default();
        let name = SecretName::new(name).unwrap();
        kept.set(&name, &secret.to_owned().into(), false).unwrap();
        Arc::new(kept)
    }
}

impl SecretSource for Kept {
    fn get(&self, name: &SecretName) -> Result<Option<SecretText>, AppError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }
}

impl SecretStore for Kept {
    fn set(&self, name: &SecretName, secret: &SecretText, _: bool) -> Result<(), AppError> {
        self.0.lock().unwrap().insert(name.clone(), secret.clone());
        Ok(())
    }

    fn remove(&self, name: &SecretName) -> Result<bool, AppError> {
        Ok(self.0.lock().unwrap().remove(name).is_some())
    }

    fn list(&self) -> Result<Vec<KeptSecret>, AppError> {
        let kept = self.0.lock().unwrap();
        let listed = kept.keys().cloned().map(|name| KeptSecret {
            name,
            place: SecretPlace::Keyring,
        });
        Ok(listed.collect())
    }
}

/// An engine that runs one job at a time, with its history in `folder`.
pub fn engine(folder: &Path, secrets: Arc<Kept>) -> JobManager {
    let mut registry = Registry::default();
    registry.add(Box::new(Speaker)).unwrap();
    let mut config = EngineConfig {
        history: Some(HistoryConfig::new(folder)),
        secrets: Some(secrets),
        seed: Some(7),
        ..EngineConfig::default()
    };
    config.limits.concurrency = std::num::NonZeroUsize::MIN;
    config.retry.otherwise.first_delay = std::time::Duration::from_millis(1);
    JobManager::open(registry, config).unwrap().manager
}
