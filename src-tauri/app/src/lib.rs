//! The composition root: opens the data folder, builds the registry and the engine, and hands out
//! a [`JobApi`]. The window and the terminal both begin here.
//!
//! The one place where engine and tools meet. What a door does with the `JobApi` is its own
//! business.

mod data_folder;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use toolroom_engine::{EngineLimits, JobApi, JobManager, Registry};
use toolroom_shared::{AppError, ErrorCode};

pub use data_folder::DATA_DIR_VARIABLE;

/// How long what runs is waited for when the app closes.
const CLOSING_LIMIT: Duration = Duration::from_secs(10);

/// The registry with every tool of the catalogue.
///
/// # Errors
/// `internal`, when a tool can't be used: a fault in the tool, found at the first start.
pub fn registry() -> Result<Registry, AppError> {
    let mut registry = Registry::default();
    for tool in toolroom_tools::all() {
        registry
            .add(tool)
            .map_err(|error| AppError::new(ErrorCode::Internal, error.to_string()))?;
    }
    Ok(registry)
}

/// An open Toolroom: its data folder and its engine.
pub struct Toolroom {
    manager: JobManager,
    data_dir: PathBuf,
}

impl Toolroom {
    /// Opens the data folder (`data_dir`, else what the variable [`DATA_DIR_VARIABLE`] says,
    /// else the user's own) and starts an engine for `registry` on the current Tokio runtime.
    ///
    /// # Errors
    /// `data_folder`, when the folder can't be made or written to.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn open(registry: Registry, data_dir: Option<PathBuf>) -> Result<Self, AppError> {
        let data_dir = data_folder::open(data_dir)?;
        Ok(Self {
            manager: JobManager::new(registry, EngineLimits::default()),
            data_dir,
        })
    }

    /// What every door speaks to.
    #[must_use]
    pub fn api(&self) -> Arc<dyn JobApi> {
        Arc::new(self.manager.clone())
    }

    /// Where everything is kept.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Asks what runs to stop and waits for it, up to 10 s. Whether everything has stopped.
    pub async fn shut_down(&self) -> bool {
        self.manager.shut_down(CLOSING_LIMIT).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use toolroom_shared::{Caller, JobStatus, StartOptions};

    #[test]
    fn every_tool_of_the_catalogue_is_accepted_and_documents_every_field() {
        let definitions = registry().unwrap().definitions();
        assert!(!definitions.is_empty());
        for tool in definitions {
            assert!(!tool.description.is_empty(), "{}", tool.name);
            let fields = tool.input_schema["properties"].as_object().unwrap();
            for (field, schema) in fields {
                for key in ["title", "description"] {
                    let text = schema[key].as_str().unwrap_or_default();
                    assert!(!text.is_empty(), "{} of {} has no {key}", field, tool.name);
                }
            }
        }
    }

    #[tokio::test]
    async fn a_job_runs_from_the_root_and_closing_leaves_nothing_running() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        std::fs::write(&file, "x").unwrap();
        let data = folder.path().join("deep/data");
        let toolroom = Toolroom::open(registry().unwrap(), Some(data.clone())).unwrap();
        assert_eq!(toolroom.data_dir(), data);
        let api = toolroom.api();
        let mut events = api.subscribe(Caller::App).await.unwrap();
        let job_id = api
            .start(
                Caller::App,
                "hash-files",
                json!({ "paths": [file] }),
                StartOptions::default(),
            )
            .await
            .unwrap()
            .job_id;
        while !api
            .get(Caller::App, &job_id)
            .await
            .unwrap()
            .status
            .is_terminal()
        {
            events.next().await.unwrap();
        }
        let job = api.get(Caller::App, &job_id).await.unwrap();
        assert_eq!(job.status, JobStatus::Succeeded);
        assert!(toolroom.shut_down().await);
    }
}
