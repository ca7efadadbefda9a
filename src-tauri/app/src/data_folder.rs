//! Where everything is kept: which folder, and whether it can be used.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;
use toolroom_shared::{AppError, ErrorCode};

/// The environment variable that names the data folder.
pub const DATA_DIR_VARIABLE: &str = "TOOLROOM_DATA_DIR";

/// The folder, made if it wasn't there, for its owner only.
pub fn open(chosen: Option<PathBuf>) -> Result<PathBuf, AppError> {
    let folder = find(chosen)?;
    make_private(&folder)
        // A probe that is gone as soon as it is made: better to hear it now than at the first job.
        .and_then(|()| tempfile::tempfile_in(&folder).map(drop))
        .map_err(|error| unusable(&folder, &error))?;
    Ok(folder)
}

/// The folder, which need not be there.
pub fn find(chosen: Option<PathBuf>) -> Result<PathBuf, AppError> {
    chosen.map_or_else(default_folder, Ok)
}

fn default_folder() -> Result<PathBuf, AppError> {
    if let Some(folder) = env::var_os(DATA_DIR_VARIABLE).filter(|value| !value.is_empty()) {
        return Ok(folder.into());
    }
    ProjectDirs::from("", "", "Toolroom")
        .map(|dirs| dirs.data_local_dir().to_owned())
        .ok_or_else(|| {
            AppError::new(
                ErrorCode::DataFolder,
                format!("There is no home folder to keep anything in. Set {DATA_DIR_VARIABLE} to a folder."),
            )
        })
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unusable(folder: &Path, error: &io::Error) -> AppError {
    AppError::new(
        ErrorCode::DataFolder,
        format!(
            "The data folder {} can't be used: {error}. Nothing was started. Name another folder with --data-dir or {DATA_DIR_VARIABLE}.",
            folder.display()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_new_folder_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = open(Some(parent.path().join("a/b"))).unwrap();
        let mode = fs::metadata(folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_file_in_its_place_is_refused_by_name_and_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("taken");
        fs::write(&file, "mine").unwrap();
        let refused = open(Some(file.clone())).unwrap_err();
        assert_eq!(refused.code, ErrorCode::DataFolder);
        assert!(refused.message.contains("taken"), "{refused}");
        assert_eq!(fs::read_to_string(file).unwrap(), "mine");
    }
}
