//! Something that a walk came across.

use std::{
    cmp::Ordering,
    ffi::{OsStr, OsString},
    fs::File,
    path::PathBuf,
    sync::Arc,
};

use super::branch::Branch;
use crate::{FileId, FileKind, FileMetadata, Folder, PathError, Place, files::Spot};

/// Something that a walk came across. It holds nothing open, so that any number may be kept; each
/// access goes the way from the folder that the walk began at, and follows no link but one that was
/// followed before.
///
/// In order: by the paths that the walk began at, then by their names, a folder before what is in it.
#[derive(Clone, Debug)]
pub struct Entry {
    branch: Arc<Branch>,
    /// Its name in the branch; empty if it is the branch itself.
    name: OsString,
    kind: FileKind,
    metadata: Option<FileMetadata>,
    /// Where it is, if it is a link that was followed.
    followed: Option<Arc<Spot>>,
}

impl Entry {
    pub(super) fn new(branch: Arc<Branch>, name: OsString, kind: FileKind) -> Self {
        Self {
            branch,
            name,
            kind,
            metadata: None,
            followed: None,
        }
    }

    /// The path itself that a walk began at.
    pub(super) fn start(branch: Arc<Branch>, metadata: FileMetadata) -> Self {
        Self {
            metadata: Some(metadata),
            ..Self::new(branch, OsString::new(), metadata.kind)
        }
    }

    /// The same, as what the link leads to.
    pub(super) fn following(self, spot: Spot, metadata: FileMetadata) -> Self {
        Self {
            kind: metadata.kind,
            metadata: Some(metadata),
            followed: Some(Arc::new(spot)),
            ..self
        }
    }

    pub(super) fn learn(&mut self, metadata: FileMetadata) {
        self.kind = metadata.kind;
        self.metadata = Some(metadata);
    }

    /// Whether its metadata is known.
    pub(super) fn is_known(&self) -> bool {
        self.metadata.is_some()
    }

    /// Whether it is what a link leads to.
    pub(super) fn is_followed(&self) -> bool {
        self.followed.is_some()
    }

    pub(super) fn spot(&self) -> Spot {
        match &self.followed {
            Some(spot) => Spot::clone(spot),
            None if self.name.is_empty() => self.branch.spot.clone(),
            None => Spot::new(
                self.branch.spot.base.clone(),
                self.branch.spot.way.join(&self.name),
            ),
        }
    }

    /// The branch that it is, if it is a folder, which goes by `id`.
    pub(super) fn to_branch(&self, id: Option<FileId>) -> Branch {
        Branch {
            start: self.branch.start.clone(),
            inside: self.relative(),
            spot: self.spot(),
            // Whom it is in is asked only where links are followed.
            parent: id.map(|_| self.branch.clone()),
            id,
        }
        .shortened()
    }

    pub(super) fn branch(&self) -> &Branch {
        &self.branch
    }

    /// Where it seems to be, followed links not seen through.
    pub(super) fn logical(&self) -> PathBuf {
        let mut path = self.branch.logical();
        if !self.name.is_empty() {
            path.push(&self.name);
        }
        path
    }

    /// The path, beginning with the one that it was found under: for people.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        let mut path = self.branch.path();
        if !self.name.is_empty() {
            path.push(&self.name);
        }
        path
    }

    /// The path below the one that it was found under; empty for that one itself.
    #[must_use]
    pub fn relative(&self) -> PathBuf {
        if self.name.is_empty() {
            self.branch.inside.clone()
        } else {
            self.branch.inside.join(&self.name)
        }
    }

    /// The path with all links and `..` seen through.
    #[must_use]
    pub fn resolved(&self) -> PathBuf {
        self.spot().resolved()
    }

    /// Which of the paths of the walk it was found under, from 0.
    #[must_use]
    pub fn path_index(&self) -> usize {
        self.branch.start.index
    }

    /// Its name in its folder.
    #[must_use]
    pub fn name(&self) -> &OsStr {
        if self.name.is_empty() {
            self.branch.start.path.file_name().unwrap_or_default()
        } else {
            &self.name
        }
    }

    /// What it is; of a link that was followed, what that leads to.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// What is known of it: what the walk has learnt if it was asked to, or else what is true now.
    ///
    /// # Errors
    /// If it is gone or can't be reached.
    pub fn metadata(&self) -> Result<FileMetadata, PathError> {
        match self.metadata {
            Some(metadata) => Ok(metadata),
            None => self.place().metadata(),
        }
    }

    /// Opens it to be read. It must be a regular file still.
    ///
    /// # Errors
    /// If it can't be opened or is anything else by now.
    pub fn open(&self) -> Result<File, PathError> {
        self.spot()
            .open()
            .map_err(|error| PathError::io("open", self.path(), error))
    }

    /// Opens it as a folder.
    ///
    /// # Errors
    /// If it can't be opened or isn't one.
    pub fn open_folder(&self) -> Result<Folder, PathError> {
        self.place().open_folder()
    }

    /// What it says, if it is a link.
    ///
    /// # Errors
    /// If it is none.
    pub fn read_link(&self) -> Result<PathBuf, PathError> {
        self.spot()
            .read_link()
            .map_err(|error| PathError::io("read the link", self.path(), error))
    }

    /// The same without the walk.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::new(self.path(), self.spot())
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.branch, &other.branch) {
            self.name.cmp(&other.name)
        } else {
            self.position().cmp(&other.position())
        }
    }
}

/// Where something stands in the order of a walk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    index: usize,
    /// The relative path, in which what divides names sorts before any of their bytes.
    way: Box<[u8]>,
}

impl Position {
    /// Of the path itself that a walk begins at.
    pub(super) fn of_start(index: usize) -> Self {
        Self {
            index,
            way: Box::default(),
        }
    }
}

impl Entry {
    pub(super) fn position(&self) -> Position {
        const BETWEEN: u8 = 0;
        let inside = self.branch.inside.as_os_str().as_encoded_bytes();
        let name = self.name.as_encoded_bytes();
        let mut way = Vec::with_capacity(inside.len() + 1 + name.len());
        way.extend(inside.iter().map(|byte| match byte {
            byte if std::path::is_separator(char::from(*byte)) => BETWEEN,
            byte => *byte,
        }));
        if !way.is_empty() && !name.is_empty() {
            way.push(BETWEEN);
        }
        way.extend(name);
        Position {
            index: self.branch.start.index,
            way: way.into(),
        }
    }
}
