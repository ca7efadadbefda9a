//! What commands share: the open Toolroom, and what runs for its pages.

use std::sync::Arc;

use toolroom_app::Toolroom;
use toolroom_engine::{HealthApi, JobApi};

use crate::frontend::Frontend;

/// Managed by Tauri, one an app.
pub struct AppState {
    toolroom: Toolroom,
    api: Arc<dyn JobApi>,
    frontend: Frontend,
}

impl AppState {
    /// The state of an app that runs.
    pub fn new(toolroom: Toolroom, frontend: Frontend) -> Self {
        Self {
            api: toolroom.api(),
            toolroom,
            frontend,
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

    /// What belongs to the pages.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// Ends what runs and waits for it, then what the pages are told with.
    pub async fn shut_down(&self) {
        if !self.toolroom.shut_down().await {
            eprintln!("toolroom: a job did not stop in time and was left behind.");
        }
        self.frontend.close();
    }
}
