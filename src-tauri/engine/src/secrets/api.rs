//! What a door may ask about secrets: their names, and to keep or forget one. No door gets one back.

use std::sync::Arc;

use async_trait::async_trait;
use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, Caller, ErrorCode, KeptSecret, SecretName,
};
use toolroom_toolkit::{SecretText, secret_store, unknown_secret};

use super::SecretStore;
use crate::{AuditLog, AuditNote};

/// What a door may ask about secrets. `caller` is set at the door, never by a payload; only persons are
/// answered.
#[async_trait]
pub trait SecretApi: Send + Sync {
    /// All, in the order of their names, and where each is kept.
    ///
    /// # Errors
    /// `permission_denied`, `secret_store`.
    async fn list(&self, caller: Caller) -> Result<Vec<KeptSecret>, AppError>;

    /// Keeps a secret under a name, in the place of one that has it already. With `allow_file` the person
    /// agrees to a file for their eyes only where there is no keyring, which is remembered.
    ///
    /// # Errors
    /// `permission_denied`, `invalid_input` for one that is empty or too long, `no_keyring` where there
    /// is none and nobody has agreed to a file, `secret_store`.
    async fn set(
        &self,
        caller: Caller,
        name: SecretName,
        secret: SecretText,
        allow_file: bool,
    ) -> Result<(), AppError>;

    /// Forgets a secret.
    ///
    /// # Errors
    /// `permission_denied`, `unknown_secret`, `secret_store`.
    async fn remove(&self, caller: Caller, name: SecretName) -> Result<(), AppError>;
}

/// The secrets of a store in this process.
#[derive(Clone)]
pub struct LocalSecrets {
    store: Arc<dyn SecretStore>,
    audit: Arc<dyn AuditLog>,
}

impl LocalSecrets {
    /// Those in `store`. What is kept, forgotten and refused is told to `audit`, by name.
    #[must_use]
    pub fn new(store: Arc<dyn SecretStore>, audit: Arc<dyn AuditLog>) -> Self {
        Self { store, audit }
    }

    /// Changes a secret, and tells of it.
    async fn change(
        &self,
        caller: Caller,
        name: SecretName,
        words: &'static str,
        change: impl FnOnce(&dyn SecretStore, &SecretName) -> Result<(), AppError> + Send + 'static,
    ) -> Result<(), AppError> {
        let (audit, who) = (self.audit.clone(), caller.clone());
        if !caller.is_person() {
            audit.try_note(changed(who, words, &name, Some(&refused())))?;
            return Err(refused());
        }
        self.ask(caller, move |store| {
            let done = change(store, &name);
            if let Err(error) = &done
                && error.code == ErrorCode::UnknownSecret
            {
                // Nothing was there to be decided on.
                return done;
            }
            let noted = audit.try_note(changed(who, words, &name, done.as_ref().err()));
            done?;
            noted.map_err(|error| {
                let message = format!("The secret {name} is {words}, but: {}", error.message);
                AppError::new(error.code, message)
            })
        })
        .await
    }

    /// Asks the store where that holds up nothing else.
    async fn ask<T: Send + 'static>(
        &self,
        caller: Caller,
        ask: impl FnOnce(&dyn SecretStore) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        if !caller.is_person() {
            return Err(refused());
        }
        let store = self.store.clone();
        // joined: right here
        match tokio::task::spawn_blocking(move || ask(&*store)).await {
            Ok(answer) => answer,
            Err(_) => Err(secret_store(
                "Toolroom broke off because of a fault in it while it asked for a secret. Please report it.",
            )),
        }
    }
}

#[async_trait]
impl SecretApi for LocalSecrets {
    async fn list(&self, caller: Caller) -> Result<Vec<KeptSecret>, AppError> {
        self.ask(caller, |store| store.list()).await
    }

    async fn set(
        &self,
        caller: Caller,
        name: SecretName,
        secret: SecretText,
        allow_file: bool,
    ) -> Result<(), AppError> {
        secret
            .check()
            .map_err(|said| AppError::new(ErrorCode::InvalidInput, said))?;
        self.change(caller, name, "kept", move |store, name| {
            store.set(name, &secret, allow_file)
        })
        .await
    }

    async fn remove(&self, caller: Caller, name: SecretName) -> Result<(), AppError> {
        self.change(caller, name, "forgotten", |store, name| {
            match store.remove(name)? {
                true => Ok(()),
                false => Err(unknown_secret(name)),
            }
        })
        .await
    }
}

/// What the trail is told: the name, and whether it was kept or forgotten.
fn changed(caller: Caller, words: &str, name: &SecretName, error: Option<&AppError>) -> AuditNote {
    let decided = match error {
        None => AuditDecision::Allowed,
        Some(_) => AuditDecision::Refused,
    };
    let note = AuditNote::new(caller, AuditOperation::Secret, decided);
    let note = note.subject(format!("{name} {words}"));
    match error {
        None => note,
        Some(error) => note.code(&error.code),
    }
}

fn refused() -> AppError {
    AppError::new(
        ErrorCode::PermissionDenied,
        "Only the person at the window or at the terminal may see the names of secrets, keep or forget one. Nothing was changed.",
    )
}
