//! Tells the window when something else is granted or asked.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;
use toolroom_engine::{PermissionApi, Service};
use toolroom_shared::{self as shared, AppError, Caller};

/// What is granted, or which questions are open, has changed.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct PermissionsChanged(pub shared::PermissionsState);

/// What is granted, and which questions are open.
///
/// # Errors
/// `storage`.
pub async fn now(permissions: &dyn PermissionApi) -> Result<shared::PermissionsState, AppError> {
    Ok(shared::PermissionsState {
        policy: permissions.policy(Caller::Window).await?,
        questions: permissions.questions(Caller::Window).await?,
    })
}

/// The service that tells.
pub fn service<R: Runtime>(app: AppHandle<R>, permissions: Arc<dyn PermissionApi>) -> Service {
    Service::new("permission-events", move |context| {
        let (app, permissions) = (app.clone(), permissions.clone());
        async move {
            let sentence = |error: AppError| error.message;
            let changes = permissions.permission_changes(Caller::Window).await;
            let mut changes = changes.map_err(sentence)?;
            let mut told = now(&*permissions).await.map_err(sentence)?;
            context.ready();
            loop {
                tokio::select! {
                    () = context.stopped() => return Ok(()),
                    is_there = changes.next() => if !is_there {
                        // The engine has ended, and this is about to be stopped.
                        context.stopped().await;
                        return Ok(());
                    }
                }
                let state = now(&*permissions).await.map_err(sentence)?;
                if state != told {
                    told = state.clone();
                    let event = PermissionsChanged(state);
                    event.emit(&app).map_err(|error| error.to_string())?;
                }
            }
        }
    })
}
