//! Secrets by name: which there are, keeping and forgetting one. None is ever given back.

use tauri::State;
use toolroom_engine::SecretText;
use toolroom_shared::{AppError, Caller, KeptSecret, SecretName};

use crate::state::AppState;

/// Every secret that is kept, in the order of their names, and where each is.
///
/// Fails with `secret_store`.
#[tauri::command]
#[specta::specta]
pub async fn list_secrets(state: State<'_, AppState>) -> Result<Vec<KeptSecret>, AppError> {
    state.secrets().list(Caller::Window).await
}

/// Keeps a secret under a name, in the place of one that has it already. With `allow_file` the person
/// agrees to a file for their eyes only where there is no keyring, which is remembered.
///
/// Fails with `invalid_input` for one that is empty or too long, `no_keyring` where there is none and
/// nobody has agreed to a file, or `secret_store`.
#[tauri::command]
#[specta::specta]
pub async fn set_secret(
    state: State<'_, AppState>,
    name: SecretName,
    secret: String,
    allow_file: bool,
) -> Result<(), AppError> {
    let secret = SecretText::from(secret);
    let secrets = state.secrets();
    secrets.set(Caller::Window, name, secret, allow_file).await
}

/// Forgets a secret.
///
/// Fails with `unknown_secret` or `secret_store`.
#[tauri::command]
#[specta::specta]
pub async fn remove_secret(state: State<'_, AppState>, name: SecretName) -> Result<(), AppError> {
    state.secrets().remove(Caller::Window, name).await
}
