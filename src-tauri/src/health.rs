//! Tells the window when there is something else to worry about. The figures themselves it asks
//! for (`get_health`).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;
use toolroom_engine::{HealthApi, Service};
use toolroom_shared::{self as shared, Caller, HealthSnapshot, ServiceState, WarningCode};

/// Warnings have come or gone, or a service stands differently.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct HealthChanged(pub shared::HealthSnapshot);

/// The service that tells.
pub fn service<R: Runtime>(app: AppHandle<R>, health: Arc<dyn HealthApi>) -> Service {
    Service::new("health-events", move |context| {
        let (app, mut seen) = (app.clone(), health.watch_health(Caller::Window));
        async move {
            context.ready();
            let mut told = worries(&HealthSnapshot::default());
            loop {
                tokio::select! {
                    () = context.stopped() => return Ok(()),
                    changed = seen.changed() => {
                        if changed.is_err() {
                            // What looks has ended, and this is about to be stopped.
                            context.stopped().await;
                            return Ok(());
                        }
                    }
                }
                let snapshot = seen.borrow_and_update().clone();
                let now = worries(&snapshot);
                if now != told {
                    told = now;
                    let event = HealthChanged((*snapshot).clone());
                    event.emit(&app).map_err(|error| error.to_string())?;
                }
            }
        }
    })
}

/// What the window is told the changes of.
fn worries(of: &HealthSnapshot) -> (Vec<WarningCode>, Vec<ServiceState>) {
    (
        of.warnings.iter().map(|warning| warning.code).collect(),
        of.services.iter().map(|service| service.state).collect(),
    )
}
