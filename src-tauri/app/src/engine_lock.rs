//! One engine a data folder: whoever runs it holds a lock, and says who it is.
//!
//! The lock is the system's own on an open file, so that it ends with its process, however that
//! ends. Who holds it stands in a second file, which anyone may read while the first is locked.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use toolroom_shared::{AppError, ErrorCode};

const LOCK: &str = "engine.lock";
const HOLDER: &str = "engine.json";

/// How often a lock that is held is looked at again before it counts as held.
const LOOKS: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Who runs the engine of a data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// What it is to people, as in "held by the window".
    pub role: EngineRole,
    /// Its process.
    pub pid: u32,
}

/// What kind of process runs an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineRole {
    /// The window.
    Window,
    /// A command in a terminal, for its own job.
    Terminal,
}

impl EngineRole {
    const fn words(self) -> &'static str {
        match self {
            Self::Window => "the window",
            Self::Terminal => "a command in a terminal",
        }
    }
}

/// The right to run the engine of a data folder; given back when dropped.
#[derive(Debug)]
pub struct EngineLock {
    _locked: File,
    holder: PathBuf,
}

impl EngineLock {
    /// Takes the lock of `folder`.
    ///
    /// # Errors
    /// `engine_busy`, when another process holds it; `data_folder`, when there can't be one.
    pub fn take(folder: &Path, role: EngineRole) -> Result<Self, AppError> {
        let file = open(folder).map_err(|error| unusable(folder, &error))?;
        let mut looks = 0;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if looks < LOOKS => {
                    looks += 1;
                    // sleep: who only asks whether it is held holds it for a moment
                    std::thread::sleep(BETWEEN_LOOKS);
                }
                Err(TryLockError::WouldBlock) => return Err(busy(holder(folder))),
                Err(TryLockError::Error(error)) => return Err(unusable(folder, &error)),
            }
        }
        let me = Holder {
            role,
            pid: std::process::id(),
        };
        let holder = folder.join(HOLDER);
        let text = serde_json::to_vec(&me).map_err(io::Error::other);
        text.and_then(|text| fs::write(&holder, text))
            .map_err(|error| unusable(folder, &error))?;
        Ok(Self {
            _locked: file,
            holder,
        })
    }

    /// Whether a process holds the lock of `folder`.
    #[must_use]
    pub fn is_held(folder: &Path) -> bool {
        let Ok(file) = File::open(folder.join(LOCK)) else {
            return false;
        };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Takes back who holds it, while it is held: where a process ends without dropping anything.
    pub(crate) fn sign_off(&self) {
        // A leftover misleads nobody: it is read only while the lock is held.
        let _ = fs::remove_file(&self.holder);
    }
}

impl Drop for EngineLock {
    fn drop(&mut self) {
        self.sign_off();
    }
}

fn open(folder: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(LOCK))
}

fn holder(folder: &Path) -> Option<Holder> {
    serde_json::from_slice(&fs::read(folder.join(HOLDER)).ok()?).ok()
}

fn busy(holder: Option<Holder>) -> AppError {
    let who = holder.as_ref().map_or_else(
        || "another process".to_owned(),
        |holder| format!("{} (process {})", holder.role.words(), holder.pid),
    );
    let mut error = AppError::new(
        ErrorCode::EngineBusy,
        format!(
            "The jobs in this data folder are run by {who}. Nothing was changed. Do it there, wait until it has ended, or name another folder with --data-dir."
        ),
    )
    .retryable();
    error.details = serde_json::json!({ "holder": holder });
    error
}

fn unusable(folder: &Path, error: &io::Error) -> AppError {
    AppError::new(
        ErrorCode::DataFolder,
        format!(
            "The data folder {} can't be locked: {error}. Nothing was started.",
            folder.display()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_engine_and_the_second_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!EngineLock::is_held(folder.path()));
        let first = EngineLock::take(folder.path(), EngineRole::Window).unwrap();
        assert!(EngineLock::is_held(folder.path()));
        let refused = EngineLock::take(folder.path(), EngineRole::Terminal).unwrap_err();
        assert_eq!(refused.code, ErrorCode::EngineBusy);
        let pid = std::process::id().to_string();
        assert!(refused.message.contains("the window"), "{refused}");
        assert!(refused.message.contains(&pid), "{refused}");
        drop(first);
        assert!(!EngineLock::is_held(folder.path()));
        EngineLock::take(folder.path(), EngineRole::Terminal).unwrap();
    }

    #[test]
    fn what_a_killed_process_has_left_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(LOCK), "").unwrap();
        fs::write(folder.path().join(HOLDER), r#"{"role":"window","pid":1}"#).unwrap();
        assert!(!EngineLock::is_held(folder.path()));
        EngineLock::take(folder.path(), EngineRole::Window).unwrap();
    }
}
