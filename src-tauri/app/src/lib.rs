//! The composition root: opens the data folder, takes its lock, builds the registry and the engine,
//! and hands out a [`JobApi`]. The window and the terminal both begin here.
//!
//! The one place where engine and tools meet. What a door does with the `JobApi` is its own
//! business.

mod audit;
mod data_folder;
mod engine_lock;
mod health;
mod open_files;
mod secrets;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use toolroom_engine::{
    ClosingLimits, EngineConfig, HealthApi, HealthConfig, HistoryConfig, JobApi, JobManager,
    JobReader, LocalSecrets, PermissionApi, PermissionConfig, PermissionFiles, Registry, SecretApi,
    Supervisor,
};
use toolroom_shared::{AppError, ErrorCode};

pub use audit::audit_trail;
pub use data_folder::DATA_DIR_VARIABLE;
pub use engine_lock::{EngineLock, EngineRole, Holder};
pub use health::{HealthReport, HealthSource, health_elsewhere};
pub use toolroom_engine::hide_what_panics_say;

use secrets::KeptSecrets;

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
    secrets: LocalSecrets,
    data_dir: PathBuf,
    set_aside: Option<PathBuf>,
    /// Given back after everything else.
    lock: EngineLock,
}

impl Toolroom {
    /// Opens the data folder (`data_dir`, else what the variable [`DATA_DIR_VARIABLE`] says,
    /// else the user's own), takes its lock, and starts an engine for `registry` on the current
    /// Tokio runtime. The window's engine also runs what an earlier one left waiting.
    ///
    /// # Errors
    /// `data_folder`, when the folder can't be made or written to; `engine_busy`, when another
    /// process runs its engine; `storage`, when the history can't be used.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn open(
        registry: Registry,
        data_dir: Option<PathBuf>,
        role: EngineRole,
    ) -> Result<Self, AppError> {
        let data_dir = data_folder::open(data_dir)?;
        let lock = EngineLock::take(&data_dir, role)?;
        open_files::allow_as_many_as_possible();
        let history = HistoryConfig {
            run_left_over: role == EngineRole::Window,
            ..HistoryConfig::new(&data_dir)
        };
        let secrets = Arc::new(KeptSecrets::new(&data_dir, false));
        let config = EngineConfig {
            history: Some(history),
            health: Some(HealthConfig::default()),
            secrets: Some(secrets.clone()),
            permissions: PermissionConfig {
                files: Some(PermissionFiles::in_folder(&data_dir)),
                ..PermissionConfig::default()
            },
            ..EngineConfig::default()
        };
        let opened = JobManager::open(registry, config)?;
        Ok(Self {
            manager: opened.manager,
            secrets: LocalSecrets::new(secrets),
            data_dir,
            set_aside: opened.set_aside,
            lock,
        })
    }

    /// What every door speaks to.
    #[must_use]
    pub fn api(&self) -> Arc<dyn JobApi> {
        Arc::new(self.manager.clone())
    }

    /// How the engine is.
    #[must_use]
    pub fn health(&self) -> Arc<dyn HealthApi> {
        Arc::new(self.manager.health().clone())
    }

    /// What lives as long as it does: a door adds its own, which are stopped first.
    #[must_use]
    pub fn services(&self) -> &Supervisor {
        self.manager.services()
    }

    /// What every door asks of secrets.
    #[must_use]
    pub fn secrets(&self) -> Arc<dyn SecretApi> {
        Arc::new(self.secrets.clone())
    }

    /// Who may do what: the policy, and the questions to the person.
    #[must_use]
    pub fn permissions(&self) -> Arc<dyn PermissionApi> {
        Arc::new(self.manager.permissions())
    }

    /// Where everything is kept.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// What to tell people if the history could not be read and was set aside.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let set_aside = self.set_aside.as_ref()?;
        Some(format!(
            "The history of jobs could not be read. It was set aside as {}, and a new one was begun.",
            set_aside.display()
        ))
    }

    /// Lets what runs end or stops it, and stores the last changes. Whether all of that was done
    /// in time.
    pub async fn shut_down(&self) -> bool {
        let in_time = self.manager.shut_down(ClosingLimits::default()).await;
        self.lock.sign_off();
        in_time
    }
}

/// The secrets of a data folder, also while another process runs its engine. With `allow_file` the person
/// agrees to a file where there is no keyring. Makes nothing before the first is kept.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn secrets(
    data_dir: Option<PathBuf>,
    allow_file: bool,
) -> Result<Arc<dyn SecretApi>, AppError> {
    let folder = data_folder::find(data_dir)?;
    let kept = KeptSecrets::new(&folder, allow_file);
    Ok(Arc::new(LocalSecrets::new(Arc::new(kept))))
}

/// Policy and questions of the data folder that [`Toolroom::open`] would open, to be read and changed
/// by a person, also while another process runs its engine. Makes nothing until something is changed.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn permission_files(data_dir: Option<PathBuf>) -> Result<PermissionFiles, AppError> {
    data_folder::find(data_dir).map(PermissionFiles::in_folder)
}

/// The jobs of a data folder, to be read only, also while another process runs its engine.
pub struct JobHistory {
    /// Reads them; none if there are none yet.
    pub reader: Option<JobReader>,
    /// Whether a process runs the engine of this folder just now.
    pub engine_is_alive: bool,
}

impl JobHistory {
    /// Reads the data folder that [`Toolroom::open`] would open. Makes and changes nothing.
    ///
    /// # Errors
    /// `data_folder`, when it isn't known which; `storage`, when the history can't be read.
    pub fn open(data_dir: Option<PathBuf>) -> Result<Self, AppError> {
        let folder = data_folder::find(data_dir)?;
        Ok(Self {
            reader: JobReader::open(&folder)?,
            engine_is_alive: EngineLock::is_held(&folder),
        })
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
    async fn a_job_runs_from_the_root_and_is_found_again_by_the_next_engine() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        std::fs::write(&file, "x").unwrap();
        let data = folder.path().join("deep/data");
        let open = || {
            Toolroom::open(
                registry().unwrap(),
                Some(data.clone()),
                EngineRole::Terminal,
            )
        };
        let toolroom = open().unwrap();
        assert_eq!(toolroom.data_dir(), data);
        let api = toolroom.api();
        let input = json!({ "paths": [file] });
        let options = StartOptions::default();
        let started = api.start(Caller::App, "hash-files", input, options).await;
        let job_id = started.unwrap().job_id;
        let job = api.wait(Caller::App, &job_id).await.unwrap();
        assert_eq!(job.status, JobStatus::Succeeded);
        // No step of it has held up a worker.
        let longest = toolroom.manager.gauges().longest_step;
        assert!(
            longest < std::time::Duration::from_millis(100),
            "{longest:?}"
        );
        assert_eq!(open().err().unwrap().code, ErrorCode::EngineBusy);
        assert!(toolroom.shut_down().await);
        drop((api, toolroom));

        let history = JobHistory::open(Some(data.clone())).unwrap();
        assert!(!history.engine_is_alive);
        assert_eq!(history.reader.unwrap().get(&job_id).unwrap(), job);
        let toolroom = open().unwrap();
        let found = toolroom.api().get(Caller::App, &job_id).await.unwrap();
        assert_eq!(found, job);
    }

    #[test]
    fn looking_at_a_folder_that_is_not_there_makes_none() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("none");
        let history = JobHistory::open(Some(folder.clone())).unwrap();
        assert!(history.reader.is_none());
        assert!(!folder.exists());
    }
}
