//! From a path as an input names it to a place: links and `..` are seen through once, here, and what
//! comes out is checked against the roots. Whatever is swapped after that can't lead anywhere else,
//! since no link is followed any more.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use super::{
    error::PathError,
    folder::Folder,
    new_file::NewFile,
    overwrite::Overwrite,
    place::Place,
    roots::Roots,
    spot::{Spot, Use},
    target::Target,
};
use crate::{ErrorCode, InputPath, OutputDir, OutputPath, ToolError, ToolExecutionContext};

impl ToolExecutionContext {
    /// The file or folder that an input names, as the job may use it.
    ///
    /// # Errors
    /// If it isn't there, can't be reached, or is outside the job's roots.
    pub fn input(&self, path: &InputPath) -> Result<Place, PathError> {
        resolve(&self.roots, Use::Read, path.as_path())
    }

    /// Where a file is to be written that an input names. Whether it may be and probably can be is
    /// found out here, before the work; nothing is written yet.
    ///
    /// # Errors
    /// If its folder isn't there, can't be written or is outside the job's roots, or if the name is
    /// taken by what must not be replaced.
    pub fn output(&self, path: &OutputPath, overwrite: Overwrite) -> Result<Target, PathError> {
        Target::resolve(&self.roots, path.as_path(), overwrite)
    }

    /// A file to write that an input names.
    ///
    /// # Errors
    /// As [`output`](Self::output), and if it can't be made.
    pub fn create(&self, path: &OutputPath, overwrite: Overwrite) -> Result<NewFile, PathError> {
        self.output(path, overwrite)?.create()
    }

    /// Whether the job may change files where the system chooses the place, such as its trash: only
    /// one that may write everywhere. `what` names the place, at the beginning of a sentence.
    ///
    /// # Errors
    /// `permission_denied`.
    pub fn check_writes_anywhere(&self, what: &str) -> Result<(), ToolError> {
        if self.roots.tells_all(Use::Write) {
            return Ok(());
        }
        Err(ToolError::failed(
            ErrorCode::PermissionDenied,
            format!(
                "{what} is outside the folders that this job may use, so nothing was changed. Choose something else to do."
            ),
        ))
    }

    /// A folder to write into that an input names. It is made if it isn't there.
    ///
    /// # Errors
    /// If it can't be made, isn't a folder, or is outside the job's roots.
    pub fn output_dir(&self, path: &OutputDir) -> Result<Folder, PathError> {
        let path = path.as_path();
        let (there, missing) = deepest_that_is_there(path)?;
        let spot = self
            .roots
            .locate_above(Use::Write, &there, &there.join(&missing))
            .map_err(|error| PathError::io("open", path, error))?
            .ok_or_else(|| PathError::not_allowed(path))?;
        if missing
            .components()
            .any(|part| part == Component::ParentDir)
        {
            return Err(PathError::io("reach", path, io::ErrorKind::NotFound.into()));
        }
        let held = spot
            .hold()
            .map_err(|error| PathError::io("open the folder", path, error))?;
        Folder::new(held, &there)
            .create_dir_all(&missing)
            .map(|folder| folder.shown_as(path))
            .map_err(|error| error.at(path))
    }
}

/// The place that a whole path leads to.
pub(crate) fn resolve(roots: &Roots, wanted: Use, path: &Path) -> Result<Place, PathError> {
    match fs::canonicalize(path) {
        Ok(resolved) => Ok(Place::new(path, located(roots, wanted, path, &resolved)?)),
        Err(error) => Err(unresolved(roots, wanted, path, error)),
    }
}

fn located(roots: &Roots, wanted: Use, path: &Path, resolved: &Path) -> Result<Spot, PathError> {
    roots
        .locate(wanted, resolved)
        .map_err(|error| PathError::io("open", path, error))?
        .ok_or_else(|| PathError::not_allowed(path))
}

fn unresolved(roots: &Roots, wanted: Use, path: &Path, error: io::Error) -> PathError {
    // What is or isn't there outside the roots is not told.
    if !roots.tells_all(wanted)
        && !deepest_that_is_there(path).is_ok_and(|(there, _)| roots.allow(wanted, &there))
    {
        return PathError::not_allowed(path);
    }
    let is_link = fs::symlink_metadata(path).is_ok_and(|told| told.is_symlink());
    if is_link && error.kind() == io::ErrorKind::NotFound {
        PathError::dangling(path)
    } else {
        PathError::io("open", path, error)
    }
}

/// As much of a path as is there, seen through, and the rest as it stands.
fn deepest_that_is_there(path: &Path) -> Result<(PathBuf, PathBuf), PathError> {
    for there in path.ancestors() {
        match fs::canonicalize(there) {
            Ok(resolved) => {
                let missing = path.strip_prefix(there).unwrap_or(Path::new(""));
                return Ok((resolved, missing.to_owned()));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link to nothing is there, and nothing can be made in its place.
                if fs::symlink_metadata(there).is_ok() {
                    return Err(PathError::dangling(path));
                }
            }
            Err(error) => return Err(PathError::io("open", path, error)),
        }
    }
    Err(PathError::io("open", path, io::ErrorKind::NotFound.into()))
}
