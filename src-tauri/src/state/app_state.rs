//! What commands share: the open Toolroom, and the task that forwards its events.

use std::sync::Arc;

use tauri::async_runtime::JoinHandle;
use toolroom_app::Toolroom;
use toolroom_engine::JobApi;

/// Managed by Tauri, one an app.
pub struct AppState {
    toolroom: Toolroom,
    api: Arc<dyn JobApi>,
    forwarder: JoinHandle<()>,
}

impl AppState {
    /// The state of an app that runs.
    pub fn new(toolroom: Toolroom, forwarder: JoinHandle<()>) -> Self {
        Self {
            api: toolroom.api(),
            toolroom,
            forwarder,
        }
    }

    /// What every command speaks to.
    pub fn api(&self) -> &dyn JobApi {
        &*self.api
    }

    /// Ends what runs and waits for it, then stops forwarding.
    pub async fn shut_down(&self) {
        if !self.toolroom.shut_down().await {
            eprintln!("toolroom: a job did not stop in time and was left behind.");
        }
        self.forwarder.abort();
    }
}
