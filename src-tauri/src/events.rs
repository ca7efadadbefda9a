//! Forwards the engine's events to the window.
//!
//! They are hints: the page reconciles with `get_job`, so one that is lost changes nothing in
//! the end.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, async_runtime::JoinHandle};
use tauri_specta::Event;
use toolroom_engine::{JobApi, StreamItem};
use toolroom_shared::{self as shared, Caller, JobEvent, TransitionKind};

/// A job is accepted, begun, further along, or asked to end.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobProgress(pub shared::ToolJobProgress);

/// A job ended with an output; `get_job` has it.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobCompleted(pub shared::ToolJobCompleted);

/// A job ended with an error.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobFailed(pub shared::ToolJobFailed);

/// A job ended because somebody asked for it.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct ToolJobCanceled(pub shared::ToolJobCanceled);

/// Forwards until the engine is gone or the task is aborted.
pub fn forward(app: AppHandle, api: Arc<dyn JobApi>) -> JoinHandle<()> {
    // joined: the handle is kept in the app's state and aborted when the app closes
    tauri::async_runtime::spawn(async move {
        let Ok(mut events) = api.subscribe(Caller::Window).await else {
            return;
        };
        while let Some(item) = events.next().await {
            match item {
                StreamItem::Event(event) => emit(&app, &event),
                // What was missed the page finds out by itself.
                StreamItem::Gap(_) => {}
            }
        }
    })
}

fn emit(app: &AppHandle, event: &JobEvent) {
    let job = event.job.clone();
    let emitted = match event.kind {
        TransitionKind::Queued
        | TransitionKind::Started
        | TransitionKind::Progress
        | TransitionKind::CancelRequested => {
            ToolJobProgress(shared::ToolJobProgress { job }).emit(app)
        }
        TransitionKind::Succeeded => ToolJobCompleted(shared::ToolJobCompleted { job }).emit(app),
        TransitionKind::Failed => ToolJobFailed(shared::ToolJobFailed { job }).emit(app),
        TransitionKind::Canceled => ToolJobCanceled(shared::ToolJobCanceled { job }).emit(app),
    };
    if let Err(error) = emitted {
        eprintln!("toolroom: an event did not reach the window: {error}");
    }
}
