//! A folder for tests to fill and to look at.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::files::is_partial;

/// A folder for tests. Gone when dropped.
#[derive(Debug)]
pub struct TestFolder {
    folder: TempDir,
}

/// What is in a folder: of each path below it, the content of a file or the target of a link.
pub type Content = BTreeMap<PathBuf, Vec<u8>>;

impl Default for TestFolder {
    fn default() -> Self {
        Self::new()
    }
}

impl TestFolder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The whole path of something in it.
    #[must_use]
    pub fn join(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.path().join(relative)
    }

    /// Writes a file in it, with the folders on the way. Its path.
    pub fn write(&self, relative: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// What a file in it holds, as text.
    #[must_use]
    pub fn read(&self, relative: impl AsRef<Path>) -> String {
        fs::read_to_string(self.join(relative)).unwrap()
    }

    /// Whether there is anything of that name.
    #[must_use]
    pub fn has(&self, relative: impl AsRef<Path>) -> bool {
        fs::symlink_metadata(self.join(relative)).is_ok()
    }

    /// Everything in it.
    #[must_use]
    pub fn content(&self) -> Content {
        let mut content = Content::new();
        gather(self.path(), Path::new(""), &mut content);
        content
    }

    /// Removes everything in it.
    pub fn clear(&self) {
        for entry in fs::read_dir(self.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }
    }

    /// A folder that nothing can be written into, not even by root.
    #[cfg(unix)]
    #[must_use]
    pub fn read_only(&self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.join("read-only");
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o555)).unwrap();
        let probe = path.join("probe");
        if fs::write(&probe, "").is_err() {
            return path;
        }
        fs::remove_file(probe).unwrap();
        // Root writes there; but nobody makes files in the kernel's own file system.
        PathBuf::from("/sys")
    }

    /// # Panics
    /// If a file is left in it that somebody began to write and neither finished nor removed.
    pub fn assert_nothing_is_half_written(&self) {
        let content = self.content();
        let left = content
            .keys()
            .find(|path| path.file_name().is_some_and(is_partial));
        assert_eq!(left, None, "a partial file was left behind");
    }
}

fn gather(root: &Path, inside: &Path, content: &mut Content) {
    let Ok(entries) = fs::read_dir(root.join(inside)) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let path = inside.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            gather(root, &path, content);
        } else if kind.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            content.insert(path, target.into_os_string().into_encoded_bytes());
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            content.insert(path, bytes);
        }
    }
}
