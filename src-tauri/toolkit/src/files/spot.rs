//! Where something is: an open folder, and the way from there, on which no link is followed.

use std::{
    error::Error,
    ffi::OsStr,
    fmt,
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
use crate::Reach;

/// What a file or folder is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

/// In which bounds a job moves that holds a folder open.
#[derive(Debug)]
pub(crate) struct Bounds {
    pub read: Reach,
    pub write: Reach,
}

impl Bounds {
    pub(crate) const NONE: Self = Self {
        read: Reach::Everywhere,
        write: Reach::Everywhere,
    };

    pub(crate) const fn reach(&self, wanted: Use) -> &Reach {
        match wanted {
            Use::Read => &self.read,
            Use::Write => &self.write,
        }
    }
}

/// Why a job may not do something with a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its tool doesn't declare that it does such a thing at all.
    Undeclared(Use),
    /// It is outside of where the job may do it.
    Outside,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Undeclared(Use::Read) => "the tool doesn't declare that it reads files",
            Self::Undeclared(Use::Write) => "the tool doesn't declare that it writes files",
            Self::Outside => "it is outside the folders that this job may use",
        })
    }
}

impl Error for Refusal {}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, refusal)
    }
}

/// A folder that is held open, and where it was when it was opened.
#[derive(Debug)]
pub(crate) struct Held {
    pub dir: Arc<Dir>,
    /// Free of links and of `..`.
    pub path: PathBuf,
    /// What the job that holds it may do with what is in it. Since no link is followed from here on,
    /// a path tells where something is.
    pub bounds: Arc<Bounds>,
}

impl Held {
    /// Whether something in it may be used so.
    pub(crate) fn check(&self, wanted: Use, way: &Path) -> io::Result<()> {
        let reach = self.bounds.reach(wanted);
        match reach {
            Reach::Everywhere => Ok(()),
            Reach::Nowhere => Err(Refusal::Undeclared(wanted).into()),
            Reach::Within(_) if reach.covers(&self.path) || reach.covers(&self.path.join(way)) => {
                Ok(())
            }
            Reach::Within(_) => Err(Refusal::Outside.into()),
        }
    }

    /// Whether it may be asked what something in it is, or passed through.
    fn check_either(&self, way: &Path) -> io::Result<()> {
        let bounds = &*self.bounds;
        if matches!(
            (&bounds.read, &bounds.write),
            (Reach::Everywhere, _) | (_, Reach::Everywhere)
        ) {
            return Ok(());
        }
        let path = self.path.join(way);
        match bounds.read.leads_through(&path) || bounds.write.leads_through(&path) {
            true => Ok(()),
            false => Err(Refusal::Outside.into()),
        }
    }
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
        self.base.check_either(&self.way)?;
        sys::metadata(&self.base.dir, self.target())
    }

    /// A regular file, to be read.
    pub(crate) fn open(&self) -> io::Result<File> {
        self.open_known().map(|(file, _)| file)
    }

    /// The same, for who has checked it otherwise.
    pub(crate) fn open_unchecked(&self) -> io::Result<File> {
        regular(sys::open(&self.base.dir, self.target(), Want::File)?).map(|(file, _)| file)
    }

    /// The same with what is known of it.
    pub(crate) fn open_known(&self) -> io::Result<(File, FileMetadata)> {
        self.base.check(Use::Read, &self.way)?;
        regular(sys::open(&self.base.dir, self.target(), Want::File)?)
    }

    /// A folder, to reach what is in it.
    pub(crate) fn hold(&self) -> io::Result<Arc<Held>> {
        if self.way.as_os_str().is_empty() {
            return Ok(self.base.clone());
        }
        self.base.check_either(&self.way)?;
        let dir = sys::open(&self.base.dir, self.target(), Want::Folder)?;
        Ok(Arc::new(Held {
            dir: Arc::new(Dir::from_std_file(dir)),
            path: self.resolved(),
            bounds: self.base.bounds.clone(),
        }))
    }

    /// A folder, to read its names.
    pub(crate) fn open_to_list(&self) -> io::Result<File> {
        self.base.check(Use::Read, &self.way)?;
        sys::open(&self.base.dir, self.target(), Want::FolderToList)
    }

    pub(crate) fn read_link(&self) -> io::Result<PathBuf> {
        self.base.check(Use::Read, &self.way)?;
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
