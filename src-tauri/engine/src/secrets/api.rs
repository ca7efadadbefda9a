//! What a door may ask about secrets: their names, and to keep or forget one. No door gets one back.

use std::sync::Arc;

use async_trait::async_trait;
use toolroom_shared::{AppError, Caller, ErrorCode, SecretName};
use toolroom_toolkit::{SecretText, secret_store, unknown_secret};

use super::SecretStore;

/// What a door may ask about secrets. `caller` is set at the door, never by a payload; only persons are
/// answered.
#[async_trait]
pub trait SecretApi: Send + Sync {
    /// The names of all, in order.
    ///
    /// # Errors
    /// `permission_denied`, `secret_store`.
    async fn names(&self, caller: Caller) -> Result<Vec<SecretName>, AppError>;

    /// Keeps a secret under a name, in the place of one that has it already.
    ///
    /// # Errors
    /// `permission_denied`, `invalid_input` for one that is empty or too long, `secret_store`.
    async fn set(
        &self,
        caller: Caller,
        name: SecretName,
        secret: SecretText,
    ) -> Result<(), AppError>;

    /// Forgets a secret.
    ///
    /// # Errors
    /// `permission_denied`, `unknown_secret`, `secret_store`.
    async fn remove(&self, caller: Caller, name: SecretName) -> Result<(), AppError>;
}

/// The secrets of a store in this process.
#[derive(Clone, Debug)]
pub struct LocalSecrets {
    store: Arc<dyn SecretStore>,
}

impl LocalSecrets {
    /// Those in `store`.
    #[must_use]
    pub const fn new(store: Arc<dyn SecretStore>) -> Self {
        Self { store }
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
    async fn names(&self, caller: Caller) -> Result<Vec<SecretName>, AppError> {
        self.ask(caller, |store| store.names()).await
    }

    async fn set(
        &self,
        caller: Caller,
        name: SecretName,
        secret: SecretText,
    ) -> Result<(), AppError> {
        secret
            .check()
            .map_err(|said| AppError::new(ErrorCode::InvalidInput, said))?;
        self.ask(caller, move |store| store.set(&name, &secret))
            .await
    }

    async fn remove(&self, caller: Caller, name: SecretName) -> Result<(), AppError> {
        self.ask(caller, move |store| match store.remove(&name)? {
            true => Ok(()),
            false => Err(unknown_secret(&name)),
        })
        .await
    }
}

fn refused() -> AppError {
    AppError::new(
        ErrorCode::PermissionDenied,
        "Only the person at the window or at the terminal may see the names of secrets, keep or forget one. Nothing was changed.",
    )
}
