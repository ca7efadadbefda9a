//! What commands share: the open Toolroom, what runs for its pages, and what the window does outside
//! of them.

use std::{path::PathBuf, sync::Arc};

use toolroom_app::{Exports, Presets, Toolroom};
use toolroom_engine::{
    AuditApi, HealthApi, JobApi, PermissionApi, SecretApi, SettingsApi, StorageApi, Supervisor,
};
use toolroom_shared::{AppError, ErrorCode, GeneralSettings, PathWish};

use crate::{
    closing::Closing, frontend::Frontend, native::NativeServices, open_requests::OpenRequests,
    sight::Sight,
};

/// Managed by Tauri, one an app.
pub struct AppState {
    toolroom: Toolroom,
    api: Arc<dyn JobApi>,
    frontend: Frontend,
    native: Arc<dyn NativeServices>,
    /// Held while a dialog is open.
    choosing: tokio::sync::Mutex<()>,
    open_requests: OpenRequests,
    closing: Closing,
    sight: Arc<Sight>,
}

impl AppState {
    /// The state of an app that runs.
    pub fn new(toolroom: Toolroom, frontend: Frontend, native: Arc<dyn NativeServices>) -> Self {
        Self {
            api: toolroom.api(),
            toolroom,
            frontend,
            native,
            choosing: tokio::sync::Mutex::default(),
            open_requests: OpenRequests::default(),
            closing: Closing::default(),
            sight: Arc::default(),
        }
    }

    /// What every command speaks to.
    pub fn api(&self) -> &dyn JobApi {
        &*self.api
    }

    /// The same, for what outlives a command.
    pub fn shared_api(&self) -> Arc<dyn JobApi> {
        self.api.clone()
    }

    /// How the engine is.
    pub fn health(&self) -> Arc<dyn HealthApi> {
        self.toolroom.health()
    }

    /// What the person has set.
    pub fn settings(&self) -> Arc<dyn SettingsApi> {
        self.toolroom.settings()
    }

    /// What is set just now of what the window does by itself.
    pub fn general_settings(&self) -> GeneralSettings {
        self.toolroom.settings_now().settings.general.clone()
    }

    /// Where everything is kept.
    pub fn data_folder(&self) -> String {
        self.toolroom.data_dir().to_string_lossy().into_owned()
    }

    /// All that is kept.
    pub fn storage(&self) -> Arc<dyn StorageApi> {
        self.toolroom.storage()
    }

    /// Who may do what, and what a person is asked.
    pub fn permissions(&self) -> Arc<dyn PermissionApi> {
        self.toolroom.permissions()
    }

    /// The secrets by their names.
    pub fn secrets(&self) -> Arc<dyn SecretApi> {
        self.toolroom.secrets()
    }

    /// The audit trail.
    pub fn audit(&self) -> Arc<dyn AuditApi> {
        self.toolroom.audit()
    }

    /// What lives as long as the app.
    pub fn services(&self) -> &Supervisor {
        self.toolroom.services()
    }

    /// The inputs that are kept by name.
    pub fn presets(&self) -> Presets {
        self.toolroom.presets()
    }

    /// Where texts are saved that a person takes out of a result.
    pub fn exports(&self) -> Exports {
        self.toolroom.exports()
    }

    /// What belongs to the pages.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// What the system does for the person.
    pub fn native(&self) -> &Arc<dyn NativeServices> {
        &self.native
    }

    /// Lets the person choose, in one dialog at a time: a page must not bury them in dialogs.
    pub async fn choose(&self, wish: &PathWish) -> Result<Vec<PathBuf>, AppError> {
        let Ok(_choosing) = self.choosing.try_lock() else {
            return Err(AppError::new(
                ErrorCode::WrongState,
                "A dialog is open already. Choose there, or close it first.",
            ));
        };
        self.native.choose(wish).await
    }

    /// What the window was asked from outside to show.
    pub fn open_requests(&self) -> &OpenRequests {
        &self.open_requests
    }

    /// The wish to close the window.
    pub fn closing(&self) -> &Closing {
        &self.closing
    }

    /// Whether the person sees the window.
    pub fn sight(&self) -> &Arc<Sight> {
        &self.sight
    }

    /// Ends what runs and waits for it, then what the pages are told with.
    pub async fn shut_down(&self) {
        if !self.toolroom.shut_down().await {
            eprintln!("toolroom: a job did not stop in time and was left behind.");
        }
        self.frontend.close();
    }
}
