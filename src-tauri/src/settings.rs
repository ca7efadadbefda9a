//! Tells the window what is set whenever that changes, here or in another process.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;
use toolroom_engine::{Service, SettingsApi};
use toolroom_shared::{self as shared, Caller};

/// Something was set.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct SettingsChanged(pub shared::SettingsState);

/// The service that tells.
pub fn service<R: Runtime>(app: AppHandle<R>, settings: Arc<dyn SettingsApi>) -> Service {
    Service::new("settings-events", move |context| {
        let (app, mut state) = (app.clone(), settings.watch_settings(Caller::Window));
        async move {
            context.ready();
            loop {
                tokio::select! {
                    () = context.stopped() => return Ok(()),
                    changed = state.changed() => {
                        if changed.is_err() {
                            // Nothing can be set any more, and this is about to be stopped.
                            context.stopped().await;
                            return Ok(());
                        }
                    }
                }
                let now = state.borrow_and_update().clone();
                let event = SettingsChanged((*now).clone());
                event.emit(&app).map_err(|error| error.to_string())?;
            }
        }
    })
}
