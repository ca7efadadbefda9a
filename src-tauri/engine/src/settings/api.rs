//! What doors may ask of the settings.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use tokio::sync::watch;
use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, Caller, ErrorCode, SettingsForm, SettingsState,
};

use super::LocalSettings;
use crate::AuditNote;

/// What can be asked about settings. `caller` is set at the door, and must be a person: everyone else is
/// told `permission_denied`, and that is noted.
#[async_trait]
pub trait SettingsApi: Send + Sync {
    /// What can be set, and what is.
    async fn settings(&self, caller: Caller) -> Result<SettingsForm, AppError>;

    /// Changes what stands in `change`, as a JSON merge patch does: `{"limits": {"queue_depth": 5}}`
    /// changes one field, null puts a field or a whole section back to its default. All of it holds
    /// when this returns, or nothing of it.
    ///
    /// # Errors
    /// `invalid_input`, with the problems by pointer; `storage`.
    async fn change_settings(
        &self,
        caller: Caller,
        change: Value,
    ) -> Result<SettingsState, AppError>;

    /// What holds, now and from now on.
    fn watch_settings(&self, caller: Caller) -> watch::Receiver<Arc<SettingsState>>;
}

#[async_trait]
impl SettingsApi for LocalSettings {
    async fn settings(&self, caller: Caller) -> Result<SettingsForm, AppError> {
        self.only_persons(&caller)?;
        Ok(SettingsForm {
            schema: self.schema().clone(),
            state: SettingsState::clone(&self.now()),
        })
    }

    async fn change_settings(
        &self,
        caller: Caller,
        change: Value,
    ) -> Result<SettingsState, AppError> {
        self.only_persons(&caller)?;
        let changed = self.blocking(move |me| me.change_now(&caller, &change));
        changed.await?.map(|state| SettingsState::clone(&state))
    }

    fn watch_settings(&self, _caller: Caller) -> watch::Receiver<Arc<SettingsState>> {
        self.shared.state.subscribe()
    }
}

impl LocalSettings {
    fn only_persons(&self, caller: &Caller) -> Result<(), AppError> {
        if caller.is_person() {
            return Ok(());
        }
        let error = AppError::new(
            ErrorCode::PermissionDenied,
            "Only a person may see or change the settings. Nothing was changed.",
        );
        if let Some(engine) = self.shared.engine.get() {
            let operation = AuditOperation::Setting;
            let note = AuditNote::new(caller.clone(), operation, AuditDecision::Refused);
            engine.audit.note(note.code(&error.code));
        }
        Err(error)
    }
}
