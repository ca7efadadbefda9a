//! Texts that a person takes out of a result: new files among the downloads, whatever the page says.
//!
//! The page gives a name and no path, so that one that was taken over could add files there and nothing
//! else.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use directories::UserDirs;
use toolroom_shared::{AppError, ErrorCode};

use crate::{data_folder, off_thread::off_thread};

/// Where such texts go if the system knows no folder for downloads.
const OWN_FOLDER: &str = "exports";
/// How often a name is tried with another number.
const MOST_TRIES: u32 = 1_000;
/// Longer names are refused by most systems.
const LONGEST_NAME: usize = 120;

/// Saves texts among the downloads.
#[derive(Clone, Debug)]
pub struct Exports {
    folder: PathBuf,
}

impl Exports {
    /// Into the folder for downloads; if there is none, into one in the data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        let downloads = UserDirs::new()
            .and_then(|dirs| dirs.download_dir().map(Path::to_owned))
            .filter(|folder| folder.is_dir());
        Self {
            folder: downloads.unwrap_or_else(|| data_dir.join(OWN_FOLDER)),
        }
    }

    /// Saves a text as a new file and gives its path.
    ///
    /// # Errors
    /// `invalid_input`, `io_error`.
    pub async fn save(&self, file_name: String, text: String) -> Result<String, AppError> {
        let me = self.clone();
        off_thread(move || me.save_now(&file_name, &text)).await
    }

    fn save_now(&self, file_name: &str, text: &str) -> Result<String, AppError> {
        check(file_name)?;
        let failed = |error: io::Error| {
            AppError::new(
                ErrorCode::Io,
                format!(
                    "{file_name} could not be saved in {}: {error}. Nothing was written.",
                    self.folder.display()
                ),
            )
        };
        if !self.folder.is_dir() {
            data_folder::open(Some(self.folder.clone()))?;
        }
        let mut new = tempfile::NamedTempFile::new_in(&self.folder).map_err(failed)?;
        new.write_all(text.as_bytes()).map_err(failed)?;
        new.as_file().sync_all().map_err(failed)?;
        for number in 1..=MOST_TRIES {
            let path = self.folder.join(numbered(file_name, number));
            new = match new.persist_noclobber(&path) {
                Ok(file) => return Ok(told(&file, &path)),
                Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => taken.file,
                Err(other) => return Err(failed(other.error)),
            };
        }
        Err(failed(io::ErrorKind::AlreadyExists.into()))
    }
}

/// A file that a person saved is one like any other of theirs.
fn told(file: &File, path: &Path) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // It is saved either way.
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = file;
    path.display().to_string()
}

fn check(name: &str) -> Result<(), AppError> {
    let is_odd = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    if name.is_empty()
        || name.len() > LONGEST_NAME
        || name.starts_with('.')
        || name.contains(is_odd)
    {
        return Err(AppError::new(
            ErrorCode::InvalidInput,
            "That can't be the name of a file. Nothing was written.",
        ));
    }
    Ok(())
}

/// `groups.csv`, then `groups (2).csv`.
fn numbered(name: &str, number: u32) -> String {
    match (number, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (_, Some((stem, ending))) => format!("{stem} ({number}).{ending}"),
        (_, None) => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_text_is_saved_under_a_new_name_and_never_over_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let exports = Exports {
            folder: folder.path().join("deep"),
        };
        let save = |text: &str| exports.save("a.csv".into(), text.into());
        let first = save("one").await.unwrap();
        let second = save("two").await.unwrap();
        assert!(second.ends_with("a (2).csv"), "{second}");
        assert_eq!(std::fs::read_to_string(first).unwrap(), "one");
        assert_eq!(std::fs::read_to_string(second).unwrap(), "two");
        assert_eq!(
            std::fs::read_dir(folder.path().join("deep"))
                .unwrap()
                .count(),
            2
        );
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let exports = Exports {
            folder: folder.path().to_owned(),
        };
        for name in ["", "../a", "/a", "a/b", ".bashrc", "a\\b", "a\nb"] {
            let refused = exports.save(name.into(), "x".into()).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidInput, "{name:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
