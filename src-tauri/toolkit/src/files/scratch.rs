//! Space for what is needed only while a job runs.

use std::{
    env,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use cap_std::{ambient_authority, fs::Dir};
use tempfile::TempDir;

use super::{
    error::PathError,
    folder::Folder,
    spot::{Bounds, Held},
};
use crate::ToolExecutionContext;

/// A job's scratch space: a folder that is made when it is first asked for, and removed with all
/// that is in it when the last clone of this goes.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Where it is made; in the system's folder for such if nowhere is said.
    beneath: Option<PathBuf>,
    /// The folder first: it is let go of before it is removed.
    made: Mutex<Option<(Folder, TempDir)>>,
}

impl Scratch {
    /// One that is made in the folder `beneath`.
    #[must_use]
    pub fn beneath(beneath: PathBuf) -> Self {
        let shared = Shared {
            beneath: Some(beneath),
            ..Shared::default()
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    fn folder(&self) -> Result<Folder, PathError> {
        let mut made = self
            .shared
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((folder, _)) = &*made {
            return Ok(folder.clone());
        }
        let beneath = self.shared.beneath.clone().unwrap_or_else(env::temp_dir);
        let failed = |error| PathError::io("make temporary space in", &*beneath, error);
        let temp = tempfile::Builder::new()
            .prefix("toolroom-")
            .tempdir_in(&beneath)
            .map_err(failed)?;
        let path = temp.path().canonicalize().map_err(failed)?;
        let dir = Dir::open_ambient_dir(&path, ambient_authority()).map_err(failed)?;
        let folder = Folder::new(
            Arc::new(Held {
                dir: Arc::new(dir),
                path: path.clone(),
                // Its own: whatever else the job may do.
                bounds: Arc::new(Bounds::NONE),
            }),
            &path,
        );
        *made = Some((folder.clone(), temp));
        Ok(folder)
    }
}

impl ToolExecutionContext {
    /// Space for what is needed only while this job runs: a folder of its own, the same each time, which
    /// goes with the job.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn temp_dir(&self) -> Result<Folder, PathError> {
        self.scratch.folder()
    }
}
