//! The composition root: opens the data folder, takes its lock, builds the registry and the engine,
//! and hands out a [`JobApi`]. The window and the terminal both begin here.
//!
//! The one place where engine and tools meet. What a door does with the `JobApi` is its own
//! business.

mod audit;
mod data_folder;
mod engine_lock;
mod exports;
mod health;
mod off_thread;
mod open_files;
mod presets;
mod secrets;
pub mod thumbnails;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use toolroom_engine::{
    AuditApi, AuditJournal, ClosingLimits, EngineConfig, HealthApi, HealthConfig, HistoryConfig,
    JobApi, JobManager, JobReader, LocalSecrets, LocalSettings, PermissionApi, PermissionConfig,
    PermissionFiles, Registry, SecretApi, SettingsApi, StorageApi, Supervisor,
};
use toolroom_shared::{AppError, Caller, ErrorCode, SettingsState, ToolDefinition};

pub use audit::audit_trail;
pub use data_folder::DATA_DIR_VARIABLE;
pub use engine_lock::{EngineLock, EngineRole, Holder};
pub use exports::Exports;
pub use health::{HealthReport, HealthSource, health_elsewhere};
pub use presets::Presets;
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
    settings: LocalSettings,
    presets: Presets,
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
        let secrets = Arc::new(KeptSecrets::new(&data_dir));
        let settings = LocalSettings::open(&data_dir)?;
        let config = EngineConfig {
            settings: Some(settings.clone()),
            history: Some(history),
            health: Some(HealthConfig::default()),
            secrets: Some(secrets.clone()),
            permissions: PermissionConfig {
                files: Some(PermissionFiles::in_folder(&data_dir)),
                ..PermissionConfig::default()
            },
            ..EngineConfig::default()
        };
        let presets = Presets::new(&data_dir, &registry.definitions());
        let opened = JobManager::open(registry, config)?;
        Ok(Self {
            secrets: LocalSecrets::new(secrets, opened.manager.audit_log()),
            manager: opened.manager,
            settings,
            presets,
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

    /// The inputs that are kept by name.
    #[must_use]
    pub fn presets(&self) -> Presets {
        self.presets.clone()
    }

    /// Where texts are saved that a person takes out of a result.
    #[must_use]
    pub fn exports(&self) -> Exports {
        Exports::new(&self.data_dir)
    }

    /// Who may do what: the policy, and the questions to the person.
    #[must_use]
    pub fn permissions(&self) -> Arc<dyn PermissionApi> {
        Arc::new(self.manager.permissions())
    }

    /// What every door asks of all that is kept.
    #[must_use]
    pub fn storage(&self) -> Arc<dyn StorageApi> {
        Arc::new(self.manager.clone())
    }

    /// What a person has set, which is in force already.
    #[must_use]
    pub fn settings(&self) -> Arc<dyn SettingsApi> {
        Arc::new(self.settings.clone())
    }

    /// What is set just now.
    #[must_use]
    pub fn settings_now(&self) -> Arc<SettingsState> {
        self.settings.now()
    }

    /// The audit trail.
    #[must_use]
    pub fn audit(&self) -> Arc<dyn AuditApi> {
        Arc::new(self.manager.clone())
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

/// The secrets of a data folder, also while another process runs its engine. Makes nothing before the
/// first is kept. What is changed is noted for the audit trail: see [`notes_wait`].
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn secrets(data_dir: Option<PathBuf>) -> Result<Arc<dyn SecretApi>, AppError> {
    let folder = data_folder::find(data_dir)?;
    let kept = Arc::new(KeptSecrets::new(&folder));
    let journal = Arc::new(AuditJournal::in_folder(&folder));
    Ok(Arc::new(LocalSecrets::new(kept, journal)))
}

/// The settings of the data folder that [`Toolroom::open`] would open, to be read and changed by a person,
/// also while another process runs its engine, which notices within a second. Makes nothing until something
/// is changed.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn settings_elsewhere(data_dir: Option<PathBuf>) -> Result<LocalSettings, AppError> {
    LocalSettings::open(&data_folder::find(data_dir)?)
}

/// Which data folder [`Toolroom::open`] would open. Makes nothing.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn find_data_folder(data_dir: Option<PathBuf>) -> Result<PathBuf, AppError> {
    data_folder::find(data_dir)
}

/// The inputs that are kept by name in the data folder that [`Toolroom::open`] would open, also while
/// another process runs its engine. Makes nothing before the first is kept.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn presets(data_dir: Option<PathBuf>, tools: &[ToolDefinition]) -> Result<Presets, AppError> {
    data_folder::find(data_dir).map(|folder| Presets::new(&folder, tools))
}

/// Policy and questions of the data folder that [`Toolroom::open`] would open, to be read and changed
/// by the person `caller`, also while another process runs its engine. Makes nothing until something is
/// changed, which is noted for the audit trail: see [`notes_wait`].
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn permission_files(
    data_dir: Option<PathBuf>,
    caller: Caller,
) -> Result<PermissionFiles, AppError> {
    let folder = data_folder::find(data_dir)?;
    Ok(PermissionFiles::in_folder(folder).told_as(caller))
}

/// Whether something was changed past an engine that isn't in the audit trail yet. Whoever runs the
/// engine takes it over within a second; where nobody does, opening one is enough.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn notes_wait(data_dir: Option<PathBuf>) -> Result<bool, AppError> {
    let folder = data_folder::find(data_dir)?;
    Ok(!AuditJournal::in_folder(&folder).is_empty())
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
    use toolroom_shared::{JobStatus, StartOptions};

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
