//! An engine for the length of one command: opened with its data folder's lock, and closed in
//! order however the command ends.

use std::{path::PathBuf, sync::Arc};

use toolroom_app::{EngineRole, Toolroom};
use toolroom_engine::{JobApi, Registry};
use toolroom_shared::{AppError, ErrorCode};

use crate::render;

/// Does `work` with an engine for `data_dir`.
///
/// # Errors
/// Those of opening it, among them `engine_busy` when another process runs that folder's engine;
/// and those of `work`.
pub fn with_engine<T>(
    registry: Registry,
    data_dir: Option<PathBuf>,
    work: impl AsyncFnOnce(Arc<dyn JobApi>) -> Result<T, AppError>,
) -> Result<T, AppError> {
    with_toolroom(registry, data_dir, async |toolroom| {
        work(toolroom.api()).await
    })
}

/// The same for work that needs more than the jobs.
///
/// # Errors
/// The same.
pub fn with_toolroom<T>(
    registry: Registry,
    data_dir: Option<PathBuf>,
    work: impl AsyncFnOnce(&Toolroom) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            AppError::new(
                ErrorCode::Io,
                format!("The system gave no threads to work on: {error}. Nothing was started."),
            )
        })?;
    runtime.block_on(async {
        let toolroom = Toolroom::open(registry, data_dir, EngineRole::Terminal)?;
        if let Some(notice) = toolroom.notice() {
            render::say(&notice);
        }
        let done = work(&toolroom).await;
        if !toolroom.shut_down().await {
            render::say(
                "Not everything had ended and was stored in time. `toolroom jobs` lists what was.",
            );
        }
        done
    })
}

/// Sees to it that what was changed past an engine stands in the audit trail. Where another process runs
/// the engine, that one takes it over.
pub fn note_changes(registry: Registry, data_dir: Option<PathBuf>) {
    if !toolroom_app::notes_wait(data_dir.clone()).unwrap_or(true) {
        return;
    }
    // An engine takes over what waits before it has closed.
    match with_toolroom(registry, data_dir, async |_| Ok(())) {
        Ok(()) => {}
        Err(error) if error.code == ErrorCode::EngineBusy => {}
        Err(error) => render::say(&format!(
            "It is done, and will be in the audit trail once an engine can be opened. {}",
            error.message
        )),
    }
}
