//! Large outputs: one file of JSON text each, beside the history.
//!
//! Which job has one is written in the history; a file that no job knows is removed.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use fail::fail_point;
use uuid::Uuid;

/// The folder of large outputs, inside that of the history.
pub(super) const FOLDER: &str = "artifacts";
const ENDING: &str = "json";

/// The folder of large outputs.
#[derive(Clone, Debug)]
pub struct Artifacts {
    folder: PathBuf,
}

impl Artifacts {
    /// The large outputs of the history in the data folder `folder`. Nothing is made.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.join(FOLDER),
        }
    }

    /// Makes the folder, for its owner's eyes only.
    pub(super) fn create_folder(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        #[cfg(unix)]
        fs::set_permissions(
            &self.folder,
            std::os::unix::fs::PermissionsExt::from_mode(0o700),
        )?;
        Ok(())
    }

    /// Writes a job's output, whole and safely or not at all. Returns how many bytes it has.
    pub fn write(&self, id: Uuid, text: &str) -> io::Result<u64> {
        let path = self.path(id);
        let unfinished = path.with_extension("tmp");
        let written = write_safely(&unfinished, text)
            .and_then(|()| {
                fail_point!("artifact-written");
                fs::rename(&unfinished, &path)?;
                fail_point!("artifact-renamed");
                Ok(())
            })
            .and_then(|()| self.sync_folder());
        if let Err(error) = written {
            // It is in the way of nobody and is removed at the next start otherwise.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        Ok(text.len() as u64)
    }

    /// Reads at most `max_bytes` from `offset` on, in whole characters, but at least one. Returns
    /// them, where the next ones begin, and how many bytes there are in all.
    pub fn read(
        &self,
        id: Uuid,
        offset: u64,
        max_bytes: usize,
    ) -> io::Result<(String, Option<u64>, u64)> {
        let mut file = File::open(self.path(id))?;
        let total = file.metadata()?.len();
        if offset > total {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the output has {total} bytes, and byte {offset} was asked for"),
            ));
        }
        file.seek(SeekFrom::Start(offset))?;
        // No character has more than four bytes.
        let wanted = (total - offset).min(max_bytes.max(4) as u64);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(usize::MAX));
        file.take(wanted).read_to_end(&mut bytes)?;
        if bytes.first().is_some_and(|byte| byte & 0xC0 == 0x80) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("byte {offset} is inside a character"),
            ));
        }
        let whole = match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.len(),
            // The last character is cut, unless the file ends here.
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                error.valid_up_to()
            }
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        };
        bytes.truncate(whole);
        let text = String::from_utf8(bytes)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let next = offset + text.len() as u64;
        Ok((text, (next < total).then_some(next), total))
    }

    /// Removes a job's output, if there is one.
    pub fn remove(&self, id: Uuid) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes what isn't the output of a job that is `known`, and what was never finished. Files
    /// of other names stay.
    pub fn remove_orphans(&self, known: impl Fn(Uuid) -> bool) -> io::Result<()> {
        for path in self.files()? {
            let id = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .and_then(|stem| Uuid::parse_str(stem).ok());
            let ending = path.extension().and_then(|ending| ending.to_str());
            let orphan = match (id, ending) {
                (Some(_), Some("tmp")) => true,
                (Some(id), Some(ENDING)) => !known(id),
                _ => false,
            };
            if orphan {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// How many bytes all files have together.
    #[cfg(test)]
    pub(super) fn total_bytes(&self) -> io::Result<u64> {
        let mut total = 0;
        for path in self.files()? {
            match path.metadata() {
                Ok(about) => total += about.len(),
                // It was removed meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(total)
    }

    fn path(&self, id: Uuid) -> PathBuf {
        self.folder.join(format!("{id}.{ENDING}"))
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.push(entry.path());
            }
        }
        Ok(files)
    }

    /// A new name is safe when the folder is.
    fn sync_folder(&self) -> io::Result<()> {
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }
}

fn write_safely(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn artifacts() -> (tempfile::TempDir, Artifacts) {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts::in_folder(folder.path());
        artifacts.create_folder().unwrap();
        (folder, artifacts)
    }

    proptest! {
        #[test]
        fn pages_put_together_are_the_whole_text(text in "\\PC{0,200}", max in 0usize..50) {
            let (_folder, artifacts) = artifacts();
            let id = Uuid::now_v7();
            prop_assert_eq!(artifacts.write(id, &text).unwrap(), text.len() as u64);
            let (mut read, mut offset) = (String::new(), Some(0));
            while let Some(from) = offset {
                let (page, next, total) = artifacts.read(id, from, max).unwrap();
                prop_assert!(page.len() <= max.max(4));
                prop_assert_eq!(total, text.len() as u64);
                read.push_str(&page);
                offset = next;
            }
            prop_assert_eq!(read, text);
        }
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_refused() {
        let (_folder, artifacts) = artifacts();
        let id = Uuid::now_v7();
        artifacts.write(id, "aä").unwrap();
        for offset in [2, 4] {
            let error = artifacts.read(id, offset, 10).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{offset}");
        }
        assert_eq!(artifacts.read(id, 3, 10).unwrap(), (String::new(), None, 3));
    }

    #[test]
    fn what_no_job_knows_is_removed_and_other_files_stay() {
        let (_folder, artifacts) = artifacts();
        let (known, orphan) = (Uuid::now_v7(), Uuid::now_v7());
        artifacts.write(known, "[1]").unwrap();
        artifacts.write(orphan, "[2]").unwrap();
        fs::write(artifacts.path(known).with_extension("tmp"), "[").unwrap();
        fs::write(artifacts.folder.join("notes.txt"), "mine").unwrap();
        artifacts.remove_orphans(|id| id == known).unwrap();
        assert_eq!(artifacts.files().unwrap().len(), 2);
        assert_eq!(artifacts.total_bytes().unwrap(), 7);
        artifacts.remove(known).unwrap();
        artifacts.remove(known).unwrap();
        assert_eq!(artifacts.total_bytes().unwrap(), 4);
    }

    #[cfg(unix)]
    #[test]
    fn outputs_are_for_their_owners_eyes_only() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, artifacts) = artifacts();
        let id = Uuid::now_v7();
        artifacts.write(id, "1").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&artifacts.folder), 0o700);
        assert_eq!(mode(&artifacts.path(id)), 0o600);
    }
}
