//! Where settings are kept: one small file in the data folder, written whole, changed under a lock of its
//! own, so that the terminal can change it while another process runs the engine.
//!
//! What its values mean is `rules`' business. Every call may wait for the disk.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use toolroom_shared::{AppError, ErrorCode};

use super::rules::Document;

const FILE: &str = "settings.json";
const LOCK: &str = "settings.lock";
/// More than settings that people could have made.
const MOST_BYTES: u64 = 1024 * 1024;

/// What tells one version of the file from another; none if there is none.
pub type Signature = Option<(SystemTime, u64, u64)>;

/// The file of one data folder.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    folder: PathBuf,
}

impl SettingsFile {
    /// That in `folder`, which need not be there yet.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// What is kept. Nothing, if nothing was.
    ///
    /// # Errors
    /// `storage`, when it can't be read or is no JSON object.
    pub fn read(&self) -> Result<Document, AppError> {
        let path = self.path();
        let bytes = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Document::new()),
            Ok(about) if about.len() > MOST_BYTES => return Err(self.damaged("It is too long.")),
            _ => fs::read(&path).map_err(|error| self.failed(&error))?,
        };
        serde_json::from_slice(&bytes).map_err(|error| self.damaged(&format!("{error}.")))
    }

    /// Changes what is kept, and gives it with its signature.
    ///
    /// # Errors
    /// `storage`, and those of `change`.
    pub fn change(
        &self,
        change: impl FnOnce(&Document) -> Result<Document, AppError>,
    ) -> Result<(Document, Signature), AppError> {
        let _locked = self.lock()?;
        let before = self.read()?;
        let after = change(&before)?;
        if after != before {
            self.write(&after).map_err(|error| self.failed(&error))?;
        }
        Ok((after, self.signature()))
    }

    /// Puts the file aside if it can't be read, under a name that says so.
    ///
    /// # Errors
    /// `storage`.
    pub fn set_aside(&self) -> Result<Option<PathBuf>, AppError> {
        let _locked = self.lock()?;
        if self.read().is_ok() {
            return Ok(None);
        }
        for number in 1u32.. {
            let to = self.folder.join(format!("settings.damaged-{number}.json"));
            if !to.exists() {
                fs::rename(self.path(), &to).map_err(|error| self.failed(&error))?;
                return Ok(Some(to));
            }
        }
        Ok(None)
    }

    /// Which version it is.
    pub fn signature(&self) -> Signature {
        let about = fs::metadata(self.path()).ok()?;
        #[cfg(unix)]
        let id = std::os::unix::fs::MetadataExt::ino(&about);
        #[cfg(not(unix))]
        let id = 0;
        Some((about.modified().ok()?, about.len(), id))
    }

    fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Temporary file, sync, rename: what is read is the old or the new. For its owner only.
    fn write(&self, document: &Document) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer_pretty(&mut file, document)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(self.path())?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Given back when the file is dropped, or its process ends.
    fn lock(&self) -> Result<File, AppError> {
        let locked = || -> io::Result<File> {
            fs::create_dir_all(&self.folder)?;
            let mut options = File::options();
            options.create(true).truncate(false).write(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(self.folder.join(LOCK))?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> AppError {
        let path = self.path();
        let message = format!(
            "{} can't be used: {error}. Nothing was changed.",
            show(&path)
        );
        AppError::new(ErrorCode::Storage, message)
    }

    fn damaged(&self, problem: &str) -> AppError {
        let path = self.path();
        let message = format!(
            "{} can't be understood, so the defaults hold. {problem} Mend or remove it.",
            show(&path)
        );
        AppError::new(ErrorCode::Storage, message)
    }
}

fn show(path: &Path) -> String {
    path.display().to_string()
}
