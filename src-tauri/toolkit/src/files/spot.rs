//! Where something is: an open folder, and the way from there, on which no link is followed.

use std::{
    ffi::OsStr,
    fs::File,
    io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use cap_std::fs::Dir;

use super::{
    metadata::{FileKind, FileMetadata},
    sys::{self, Want},
};

/// A folder that is held open, and where it was when it was opened.
#[derive(Debug)]
pub(crate) struct Held {
    pub dir: Dir,
    /// Free of links and of `..`.
    pub path: PathBuf,
}

/// A place below a folder that is held open. Cheap to clone; opens nothing by itself.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub base: Arc<Held>,
    /// Plain names only; empty for the folder itself.
    pub way: PathBuf,
}

impl Spot {
    pub(crate) fn new(base: Arc<Held>, way: PathBuf) -> Self {
        Self { base, way }
    }

    /// Without links and `..`.
    pub(crate) fn resolved(&self) -> PathBuf {
        if self.way.as_os_str().is_empty() {
            self.base.path.clone()
        } else {
            self.base.path.join(&self.way)
        }
    }

    pub(crate) fn name(&self) -> &OsStr {
        self.way
            .file_name()
            .or_else(|| self.base.path.file_name())
            .unwrap_or_default()
    }

    /// The way, or what stands for the folder itself.
    fn target(&self) -> &Path {
        if self.way.as_os_str().is_empty() {
            Path::new(".")
        } else {
            &self.way
        }
    }

    pub(crate) fn metadata(&self) -> io::Result<FileMetadata> {
        sys::metadata(&self.base.dir, self.target())
    }

    /// A regular file, to be read.
    pub(crate) fn open(&self) -> io::Result<File> {
        self.open_known().map(|(file, _)| file)
    }

    /// The same with what is known of it.
    pub(crate) fn open_known(&self) -> io::Result<(File, FileMetadata)> {
        regular(sys::open(&self.base.dir, self.target(), Want::File)?)
    }

    /// A folder, to reach what is in it.
    pub(crate) fn hold(&self) -> io::Result<Arc<Held>> {
        if self.way.as_os_str().is_empty() {
            return Ok(self.base.clone());
        }
        let dir = sys::open(&self.base.dir, self.target(), Want::Folder)?;
        Ok(Arc::new(Held {
            dir: Dir::from_std_file(dir),
            path: self.resolved(),
        }))
    }

    /// A folder, to read its names.
    pub(crate) fn open_to_list(&self) -> io::Result<File> {
        sys::open(&self.base.dir, self.target(), Want::FolderToList)
    }

    pub(crate) fn read_link(&self) -> io::Result<PathBuf> {
        sys::read_link(&self.base.dir, self.target())
    }
}

/// The regular file of that name in an open folder, to be read.
pub(crate) fn open_regular_in(folder: &File, name: &OsStr) -> io::Result<(File, FileMetadata)> {
    regular(sys::open_in(folder, name, Want::File)?)
}

fn regular(file: File) -> io::Result<(File, FileMetadata)> {
    let metadata = FileMetadata::of(&file)?;
    match metadata.kind {
        FileKind::File => Ok((file, metadata)),
        FileKind::Folder => Err(io::ErrorKind::IsADirectory.into()),
        FileKind::Link | FileKind::Special => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is neither a file nor a folder",
        )),
    }
}

/// Whether a way consists of plain names: nothing leads up, out or anywhere else.
pub(crate) fn is_plain(way: &Path) -> bool {
    way.components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// A way without the dots in it.
pub(crate) fn tidied(way: &Path) -> PathBuf {
    way.components()
        .filter(|part| !matches!(part, Component::CurDir))
        .collect()
}
