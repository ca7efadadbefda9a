//! Finds the regular files that a list of paths stands for, and says what was left out and why.

use std::{
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{InputPath, ToolError, ToolExecutionContext};
use walkdir::WalkDir;

/// Why a file or folder was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SkipReason {
    /// There is nothing of that name, or not any more.
    #[schemars(title = "Not found")]
    NotFound,
    /// Reading it is not permitted.
    #[schemars(title = "Not permitted")]
    PermissionDenied,
    /// A symbolic link inside a folder, and links are not followed.
    #[schemars(title = "Link")]
    SymbolicLink,
    /// A symbolic link that points to nothing.
    #[schemars(title = "Dangling link")]
    DanglingLink,
    /// A symbolic link that leads back to a folder that it is in, or to itself.
    #[schemars(title = "Link loop")]
    LinkLoop,
    /// Neither a file nor a folder: a socket, a pipe, a device.
    #[schemars(title = "Special file")]
    SpecialFile,
    /// It could not be read to its end.
    #[schemars(title = "Read error")]
    ReadError,
    /// It is the manifest that is being written.
    #[schemars(title = "Manifest")]
    IsManifest,
    /// It was hashed, but its name is not text, and the manifest can hold only text.
    #[schemars(title = "Name is not text")]
    NameNotText,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Skipped {
    /// The file or folder; bytes that are not text are shown as �.
    #[schemars(title = "Path", extend("format" = "path"))]
    pub path: String,
    /// Why it was left out.
    #[schemars(title = "Reason")]
    pub reason: SkipReason,
    /// The same in words.
    #[schemars(title = "What happened")]
    pub message: String,
}

impl Skipped {
    /// `path` was left out because of `error`.
    pub fn from_io(path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound if is_link(path) => SkipReason::DanglingLink,
            io::ErrorKind::NotFound => SkipReason::NotFound,
            io::ErrorKind::PermissionDenied => SkipReason::PermissionDenied,
            // ELOOP: a link that points to itself, by whatever way round.
            _ if is_link(path) && fs::metadata(path).is_err() => SkipReason::LinkLoop,
            _ => SkipReason::ReadError,
        };
        let message = match reason {
            SkipReason::ReadError => format!("Could not be read: {error}."),
            other => other.sentence().to_owned(),
        };
        Self {
            path: path.to_string_lossy().into_owned(),
            reason,
            message,
        }
    }

    /// `path` was left out for a reason that says it all.
    pub fn new(path: &Path, reason: SkipReason) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            reason,
            message: reason.sentence().to_owned(),
        }
    }
}

impl SkipReason {
    const fn sentence(self) -> &'static str {
        match self {
            Self::NotFound => "There is nothing of that name.",
            Self::PermissionDenied => "Reading it is not permitted.",
            Self::SymbolicLink => "A symbolic link, and links are not followed.",
            Self::DanglingLink => "A symbolic link that points to nothing.",
            Self::LinkLoop => "A symbolic link that leads back to itself.",
            Self::SpecialFile => "Neither a file nor a folder.",
            Self::ReadError => "Could not be read.",
            Self::IsManifest => "It is the manifest that is being written.",
            Self::NameNotText => {
                "It was hashed, but left out of the manifest: its name is not UTF-8 text, which b3sum can't check."
            }
        }
    }
}

/// A regular file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it is, beginning with the path that it was found under.
    pub path: PathBuf,
    /// Its length when it was found, in bytes.
    pub bytes: u64,
}

/// What a list of paths stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileList {
    /// The files: in the order of the paths, within a folder by name.
    pub files: Vec<FoundFile>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// How many of the paths themselves could be read.
    pub roots_read: usize,
}

/// Finds every file. A path that is itself a symbolic link is followed; links inside folders
/// only if `follow_links`. Counts the files into the current phase.
///
/// # Errors
/// [`ToolError::Canceled`].
pub fn find_files(
    ctx: &ToolExecutionContext,
    paths: &[InputPath],
    follow_links: bool,
) -> Result<FileList, ToolError> {
    let mut list = FileList::default();
    for root in paths {
        let root = root.as_path();
        match fs::metadata(root) {
            Ok(_) => list.roots_read += 1,
            Err(error) => {
                list.skipped.push(Skipped::from_io(root, &error));
                continue;
            }
        }
        let entries = WalkDir::new(root)
            .follow_links(follow_links)
            .sort_by_file_name();
        for entry in entries {
            ctx.check_canceled()?;
            match entry {
                Ok(entry) => list.take(entry.path(), entry.metadata()),
                Err(error) => list.skipped.push(from_walk(root, &error)),
            }
            ctx.progress.advance(1);
        }
    }
    Ok(list)
}

impl FileList {
    fn take(&mut self, path: &Path, metadata: walkdir::Result<Metadata>) {
        match metadata {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) if metadata.is_file() => self.files.push(FoundFile {
                path: path.to_owned(),
                bytes: metadata.len(),
            }),
            Ok(metadata) if metadata.is_symlink() => self.skipped.push(unfollowed(path)),
            Ok(_) => self
                .skipped
                .push(Skipped::new(path, SkipReason::SpecialFile)),
            Err(error) => self.skipped.push(from_walk(path, &error)),
        }
    }
}

/// A link that is not followed; whether it points anywhere is worth saying.
fn unfollowed(link: &Path) -> Skipped {
    match fs::metadata(link) {
        Ok(_) => Skipped::new(link, SkipReason::SymbolicLink),
        Err(error) => Skipped::from_io(link, &error),
    }
}

fn from_walk(root: &Path, error: &walkdir::Error) -> Skipped {
    let path = error.path().unwrap_or(root);
    match error.io_error() {
        Some(io) => Skipped::from_io(path, io),
        None => Skipped::new(path, SkipReason::LinkLoop),
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}
