//! The copies of a group: found again, and read whole.

use std::{fs::File, path::PathBuf};

use toolroom_toolkit::{
    FileKind, FileMetadata, InputPath, Place, SkipReason, Skipped, ToolExecutionContext,
    walk::Entry,
};

use super::{GivenCopy, NotDone, Reason};
use crate::{find_duplicates::report, support::fill::fill};

/// A copy as it was found or given.
#[derive(Debug)]
pub(super) enum Named {
    /// By the search just before.
    Found(Entry, FileMetadata),
    /// By whoever asked.
    Given(GivenCopy),
}

impl Named {
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Found(entry, _) => entry.path(),
            Self::Given(given) => given.path.as_path().to_owned(),
        }
    }

    /// Where it is. It may hold a folder open: not to be kept of many.
    fn place(&self, ctx: &ToolExecutionContext) -> Result<Place, NotDone> {
        match self {
            Self::Found(entry, _) => Ok(entry.place()),
            Self::Given(given) => place(ctx, &given.path),
        }
    }

    /// Looks where it is and what it is now.
    pub(super) fn look(&self, ctx: &ToolExecutionContext) -> Result<Copy<'_>, NotDone> {
        let place = self.place(ctx)?;
        let metadata = place
            .metadata()
            .map_err(|error| Skipped::from(&error).with_reason())?;
        match metadata.kind {
            FileKind::File => {}
            FileKind::Link => {
                return Err(NotDone::new(&self.path(), SkipReason::SymbolicLink.into()));
            }
            FileKind::Folder | FileKind::Special => {
                return Err(NotDone::new(&self.path(), SkipReason::SpecialFile.into())
                    .saying("It is not a file."));
            }
        }
        let is_same = match self {
            Self::Found(_, found) => is_same(found, &metadata),
            Self::Given(given) => given
                .modified
                .as_ref()
                .is_none_or(|modified| report::modified(&metadata).as_ref() == Some(modified)),
        };
        if !is_same {
            return Err(NotDone::new(&self.path(), Reason::Changed));
        }
        Ok(Copy {
            named: self,
            path: self.path(),
            resolved: place.resolved(),
            metadata,
        })
    }
}

/// The place of that very name: a link in its stead is not seen through.
fn place(ctx: &ToolExecutionContext, path: &InputPath) -> Result<Place, NotDone> {
    let whole = path.as_path();
    let told = |skipped: Skipped| NotDone {
        path: whole.to_string_lossy().into_owned(),
        ..skipped.with_reason()
    };
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
        return Err(told(Skipped::new(whole, SkipReason::SpecialFile)));
    };
    let parent = InputPath::try_from(parent.to_owned())
        .map_err(|_| told(Skipped::new(whole, SkipReason::NotFound)))?;
    ctx.input(&parent)
        .and_then(|parent| parent.open_folder())
        .and_then(|folder| folder.place(name))
        .map_err(|error| told(Skipped::from(&error)))
}

/// Whether a file is the one that it was, as far as can be told without reading it.
pub(super) fn is_same(was: &FileMetadata, is: &FileMetadata) -> bool {
    (was.id, was.bytes, was.modified, was.kind) == (is.id, is.bytes, is.modified, is.kind)
}

/// A copy where it is now.
#[derive(Debug)]
pub(super) struct Copy<'a> {
    named: &'a Named,
    pub path: PathBuf,
    /// With all links seen through.
    pub resolved: PathBuf,
    pub metadata: FileMetadata,
}

/// A copy that was read whole, and is held open.
#[derive(Debug)]
pub(super) struct ReadCopy {
    pub path: PathBuf,
    pub place: Place,
    /// When the reading began.
    pub metadata: FileMetadata,
    pub digest: blake3::Hash,
    file: File,
}

impl Copy<'_> {
    /// Reads it; nothing if a cancel came first.
    pub(super) fn read(
        self,
        ctx: &ToolExecutionContext,
        buffer: &mut [u8],
    ) -> Result<Option<ReadCopy>, NotDone> {
        ctx.progress.message(self.path.to_string_lossy());
        let told = |error| Skipped::from_io(&self.path, &error).with_reason();
        let place = self.named.place(ctx)?;
        let mut file = place
            .open()
            .map_err(|error| Skipped::from(&error).with_reason())?;
        if !is_same(&self.metadata, &FileMetadata::of(&file).map_err(told)?) {
            return Err(NotDone::new(&self.path, Reason::Changed));
        }
        let mut hasher = blake3::Hasher::new();
        let mut length = 0;
        loop {
            if ctx.is_canceled() {
                return Ok(None);
            }
            let read = fill(&mut file, buffer).map_err(told)?;
            if read == 0 {
                break;
            }
            hasher.update_rayon(&buffer[..read]);
            length += read as u64;
            if length > self.metadata.bytes {
                break;
            }
            ctx.progress.advance(read as u64);
        }
        if length != self.metadata.bytes {
            return Err(NotDone::new(&self.path, Reason::Changed));
        }
        Ok(Some(ReadCopy {
            digest: hasher.finalize(),
            path: self.path,
            place,
            metadata: self.metadata,
            file,
        }))
    }
}

impl ReadCopy {
    /// Whether its name still leads to what was read, and that wasn't written to since.
    pub(super) fn is_there_unchanged(&self) -> bool {
        self.place
            .metadata()
            .is_ok_and(|now| is_same(&self.metadata, &now))
    }

    /// What is known of what was read, whatever its name leads to by now.
    pub(super) fn metadata_now(&self) -> Option<FileMetadata> {
        FileMetadata::of(&self.file).ok()
    }

    /// Whether both belong to the same user and group, with the same permissions.
    #[cfg(unix)]
    pub(super) fn has_rights_of(&self, other: &Self) -> bool {
        use std::os::unix::fs::MetadataExt;
        match (self.file.metadata(), other.file.metadata()) {
            (Ok(one), Ok(other)) => {
                (one.uid(), one.gid(), one.mode()) == (other.uid(), other.gid(), other.mode())
            }
            _ => false,
        }
    }

    /// Elsewhere that isn't told by numbers.
    #[cfg(not(unix))]
    pub(super) fn has_rights_of(&self, _: &Self) -> bool {
        true
    }

    /// Where the system says that what was read is by now, if it says so.
    pub(super) fn whereabouts(&self) -> Option<PathBuf> {
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            // beyond ctx: asks the system of a file that ctx has opened
            std::fs::read_link(format!("/proc/self/fd/{}", self.file.as_raw_fd())).ok()
        }
        #[cfg(not(target_os = "linux"))]
        {
            None
        }
    }
}
