//! How the engine of a data folder is, whichever process runs it.

use std::path::PathBuf;

use serde::Serialize;
use toolroom_engine::{StoredHealth, read_stored_health};
use toolroom_shared::{AppError, HealthSnapshot};

use crate::{EngineLock, data_folder};

/// How an engine is, and how that is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HealthReport {
    /// How it is, or was.
    #[serde(flatten)]
    pub health: HealthSnapshot,
    /// Who has looked.
    pub source: HealthSource,
    /// Seconds since then.
    pub age_seconds: u64,
    /// It should have been looked at anew since: the engine hangs, or has just ended.
    pub is_stale: bool,
}

/// Who has looked at an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthSource {
    /// This process, which runs it.
    ThisProcess,
    /// Another process, which wrote it down.
    OtherProcess,
}

impl HealthReport {
    /// What this process has seen just now.
    #[must_use]
    pub const fn of_this_process(health: HealthSnapshot) -> Self {
        Self {
            health,
            source: HealthSource::ThisProcess,
            age_seconds: 0,
            is_stale: false,
        }
    }
}

impl From<StoredHealth> for HealthReport {
    fn from(stored: StoredHealth) -> Self {
        Self {
            health: stored.health,
            source: HealthSource::OtherProcess,
            age_seconds: stored.age_seconds,
            is_stale: stored.is_stale,
        }
    }
}

/// What the process that runs the engine of a data folder has last written of it; none if nobody
/// runs it, or it hasn't written anything yet. Makes and changes nothing.
///
/// # Errors
/// `data_folder`, when it isn't known which.
pub fn health_elsewhere(data_dir: Option<PathBuf>) -> Result<Option<HealthReport>, AppError> {
    let folder = data_folder::find(data_dir)?;
    if !EngineLock::is_held(&folder) {
        return Ok(None);
    }
    Ok(read_stored_health(&folder).map(HealthReport::from))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{EngineRole, Toolroom, registry};
    use toolroom_shared::{Caller, ServiceState};

    #[tokio::test]
    async fn what_runs_an_engine_tells_of_it_and_others_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = Some(folder.path().join("data"));
        assert_eq!(health_elsewhere(data.clone()).unwrap(), None);
        let toolroom =
            Toolroom::open(registry().unwrap(), data.clone(), EngineRole::Terminal).unwrap();
        toolroom.services().ready().await;
        let health = toolroom.health().health(Caller::App).await.unwrap();
        let names: Vec<_> = health
            .services
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let in_order = [
            "store-writer",
            "progress-sampler",
            "retry-timer",
            "outside-notes",
            "settings",
            "health",
        ];
        assert_eq!(names, in_order);
        assert!(
            health
                .services
                .iter()
                .all(|one| one.state == ServiceState::Running)
        );
        // It is written right after it was seen.
        let elsewhere = loop {
            if let Some(report) = health_elsewhere(data.clone()).unwrap() {
                break report;
            }
            tokio::time::sleep(Duration::from_millis(1)).await; // sleep: a file tells nobody
        };
        assert_eq!(elsewhere.source, HealthSource::OtherProcess);
        assert_eq!(elsewhere.health.pid, std::process::id());
        assert!(!elsewhere.is_stale);
        assert!(toolroom.shut_down().await);
        drop(toolroom);
        assert_eq!(health_elsewhere(data).unwrap(), None);
    }
}
