//! Where in a walk something was found.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{FileId, Place, files::Spot};

/// How long a way gets before the folder at its end is held open, and the way begins anew. Systems
/// take about 4,000 bytes.
const LONG_WAY: usize = 1_024;

/// One of the paths that a walk begins at.
#[derive(Debug)]
pub(crate) struct Start {
    /// Which of them, from 0.
    pub index: usize,
    /// As it was given.
    pub path: PathBuf,
    /// With links and `..` seen through.
    pub resolved: PathBuf,
}

impl Start {
    pub(crate) fn new(index: usize, place: &Place) -> Self {
        Self {
            index,
            path: place.path().to_owned(),
            resolved: place.resolved(),
        }
    }
}

/// A folder that a walk has come to, or the path that it began at.
#[derive(Debug)]
pub(crate) struct Branch {
    pub start: Arc<Start>,
    /// Below the start; empty for the start itself.
    pub inside: PathBuf,
    pub spot: Spot,
    pub parent: Option<Arc<Branch>>,
    /// Known where links are followed.
    pub id: Option<FileId>,
}

impl Branch {
    /// As people know it.
    pub(crate) fn path(&self) -> PathBuf {
        joined(&self.start.path, &self.inside)
    }

    /// Where it seems to be: links on the way to the start are seen through, followed ones below it are
    /// not.
    pub(crate) fn logical(&self) -> PathBuf {
        joined(&self.start.resolved, &self.inside)
    }

    /// Begins its way anew if that has become long. Without success it stays as it is: whoever opens
    /// something below it will hear why.
    pub(crate) fn shortened(mut self) -> Self {
        if self.spot.way.as_os_str().len() > LONG_WAY
            && let Ok(held) = self.spot.hold()
        {
            self.spot = Spot::new(held, PathBuf::new());
        }
        self
    }

    /// Whether this folder, or one that it is in, is `id`.
    pub(crate) fn is_within(&self, id: FileId) -> bool {
        let mut here = Some(self);
        while let Some(branch) = here {
            if branch.id == Some(id) {
                return true;
            }
            here = branch.parent.as_deref();
        }
        false
    }
}

fn joined(path: &Path, inside: &Path) -> PathBuf {
    if inside.as_os_str().is_empty() {
        path.to_owned()
    } else {
        path.join(inside)
    }
}
