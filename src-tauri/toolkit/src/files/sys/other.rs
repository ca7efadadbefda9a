//! The questions where there is no Unix, through cap-std, which goes each way step by step.

use std::{
    ffi::OsStr,
    fs::File,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use cap_fs_ext::{DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt, SystemTimeSpec};
use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::Want;
use crate::files::metadata::{FileId, FileKind, FileMetadata};

/// Opens what stands at the end of `way`. A link anywhere on it, the end included, is an error.
pub(crate) fn open(dir: &Dir, way: &Path, want: Want) -> io::Result<File> {
    with_parent(dir, way, |parent, name| match want {
        Want::File => {
            let mut options = OpenOptions::new();
            options.read(true).follow(FollowSymlinks::No);
            Ok(parent.open_with(name, &options)?.into_std())
        }
        Want::Folder | Want::FolderToList => Ok(parent.open_dir_nofollow(name)?.into_std_file()),
    })
}

/// The same for what has that name in an open folder.
pub(crate) fn open_in(folder: &File, name: &OsStr, want: Want) -> io::Result<File> {
    open(
        &Dir::from_std_file(folder.try_clone()?),
        Path::new(name),
        want,
    )
}

/// The folder that the last name of `way` is in, and that name.
fn with_parent<T>(
    dir: &Dir,
    way: &Path,
    ask: impl FnOnce(&Dir, &OsStr) -> io::Result<T>,
) -> io::Result<T> {
    let mut here: Option<Dir> = None;
    let mut names = way.iter().peekable();
    while let Some(name) = names.next() {
        let from = here.as_ref().unwrap_or(dir);
        if names.peek().is_none() {
            return ask(from, name);
        }
        let next = from.open_dir_nofollow(name)?;
        here = Some(next);
    }
    Err(io::ErrorKind::NotFound.into())
}

/// Of what stands at the end of `way`; of a link, the link's own.
pub(crate) fn metadata(dir: &Dir, way: &Path) -> io::Result<FileMetadata> {
    with_parent(dir, way, |parent, name| {
        let told = from_cap(&parent.symlink_metadata(name)?, false);
        if told.kind != FileKind::File {
            return Ok(told);
        }
        // Only an open file tells which one it is.
        match open(parent, Path::new(name), Want::File) {
            Ok(file) => metadata_of(&file),
            Err(_) => Ok(told),
        }
    })
}

/// Of what has that name in an open folder.
pub(crate) fn metadata_at(folder: &File, name: &OsStr) -> io::Result<FileMetadata> {
    metadata(&Dir::from_std_file(folder.try_clone()?), Path::new(name))
}

/// Of an open file.
pub(crate) fn metadata_of(file: &File) -> io::Result<FileMetadata> {
    Ok(from_cap(&Metadata::from_file(file)?, true))
}

fn from_cap(metadata: &Metadata, is_open: bool) -> FileMetadata {
    let kind = metadata.file_type();
    FileMetadata {
        kind: if kind.is_file() {
            FileKind::File
        } else if kind.is_dir() {
            FileKind::Folder
        } else if kind.is_symlink() {
            FileKind::Link
        } else {
            FileKind::Special
        },
        bytes: metadata.len(),
        modified: metadata.modified().ok().map(|time| time.into_std()),
        mode: None,
        id: is_open.then(|| FileId {
            device: metadata.dev(),
            inode: metadata.ino(),
        }),
        links: if is_open { metadata.nlink() } else { 1 },
    }
}

/// Names and kinds in a folder that was opened to be listed.
pub(crate) fn each_name(
    folder: &File,
    mut each: impl FnMut(&OsStr, Option<FileKind>),
) -> io::Result<()> {
    for entry in Dir::from_std_file(folder.try_clone()?).entries()? {
        let entry = entry?;
        let kind = entry
            .metadata()
            .ok()
            .map(|told| from_cap(&told, false).kind);
        each(&entry.file_name(), kind);
    }
    Ok(())
}

pub(crate) fn read_link(dir: &Dir, way: &Path) -> io::Result<PathBuf> {
    with_parent(dir, way, |parent, name| parent.read_link_contents(name))
}

/// Makes an empty file to be written and read. It must not be there yet.
pub(crate) fn create_new(dir: &Dir, name: &OsStr) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    Ok(dir.open_with(name, &options)?.into_std())
}

/// Opens a file to be written and read, and makes it if it isn't there.
pub(crate) fn open_or_create(dir: &Dir, name: &OsStr) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .follow(FollowSymlinks::No);
    Ok(dir.open_with(name, &options)?.into_std())
}

/// Renames, in place of what has the new name.
pub(crate) fn rename(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    from.rename(old, to, new)
}

/// Renames unless the new name is taken: not in one call here.
pub(crate) fn rename_new(_: &Dir, _: &OsStr, _: &Dir, _: &OsStr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Gives a file another name, if that is free.
pub(crate) fn hard_link(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    from.hard_link(old, to, new)
}

pub(crate) fn symlink(target: &Path, dir: &Dir, name: &OsStr) -> io::Result<()> {
    DirExt::symlink_file(dir, target, Path::new(name))
}

/// Whether new names can be made is found out when it is done.
pub(crate) fn check_writable(_: &Dir) -> io::Result<()> {
    Ok(())
}

/// Sets when the content of what has that name was changed; of a link, the link's own.
pub(crate) fn set_modified(dir: &Dir, name: &OsStr, time: SystemTime) -> io::Result<()> {
    if time < SystemTime::UNIX_EPOCH {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let time = SystemTimeSpec::from(cap_std::time::SystemTime::from_std(time));
    dir.set_symlink_times(name, None, Some(time))
}

/// Here a file can only be made read-only.
pub(crate) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(mode & 0o222 == 0);
    file.set_permissions(permissions)
}

/// There is no such call here: what matters was synced file by file.
pub(crate) fn sync_all(_: &Dir) -> io::Result<()> {
    Ok(())
}

/// Names are kept by the file system's journal.
pub(crate) fn sync_names(_: &Dir) -> io::Result<()> {
    Ok(())
}
