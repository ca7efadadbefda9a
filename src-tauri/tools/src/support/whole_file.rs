//! Writes a file so that it appears under its name whole or not at all.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use tempfile::{NamedTempFile, PersistError};

/// Writes the file at `path` with `fill`: beside it first, synced, then renamed.
///
/// # Errors
/// `AlreadyExists` when there is a file and `overwrite` is false; otherwise what the disk says.
/// Nothing is left behind, and what stood under the name stays.
pub fn write_whole(
    path: &Path,
    overwrite: bool,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = new_beside(folder)?;
    let mut writer = BufWriter::new(&mut file);
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    file.as_file().sync_all()?;
    let persisted = if overwrite {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    persisted
        .map(drop)
        .map_err(|PersistError { error, .. }| error)
}

/// A file with the permissions that any new file of the user has, and not only the owner's.
fn new_beside(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".toolroom-")
        .suffix(".partial")
        .make_in(folder, |path| std::fs::File::create_new(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_that_could_not_be_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let result = write_whole(&path, false, |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn what_stands_there_is_overwritten_only_when_asked_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "old").unwrap();
        let refused = write_whole(&path, false, |out| out.write_all(b"new"));
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        write_whole(&path, true, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["out"]);
    }
}
