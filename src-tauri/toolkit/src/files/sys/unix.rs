//! The questions on Unix. On Linux one call sees a whole way through; elsewhere, and where that call
//! is missing, the way is gone step by step.

mod changing;

use std::{
    ffi::OsStr,
    fs::File,
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::{ffi::OsStrExt, fs::MetadataExt},
    },
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use cap_std::fs::Dir;
use rustix::{
    fs::{AtFlags, FileType, Mode, OFlags, Stat},
    io::Errno,
};

pub(crate) use self::changing::*;
use super::Want;
use crate::files::{
    metadata::{FileId, FileKind, FileMetadata},
    open_files::within_bound,
};

/// Opens what stands at the end of `way`. A link anywhere on it, the end included, is an error.
pub(crate) fn open(dir: impl AsFd, way: &Path, want: Want) -> io::Result<File> {
    let dir = dir.as_fd();
    let result = match open_at_once(dir, way, flags(want)) {
        // Not known here, or forbidden by a filter of system calls.
        Err(Errno::NOSYS | Errno::PERM) => open_by_steps(dir, way, flags(want)),
        other => other,
    };
    result.and_then(within_bound).map(File::from).map_err(told)
}

/// The same for what has that name in an open folder.
pub(crate) fn open_in(folder: &File, name: &OsStr, want: Want) -> io::Result<File> {
    open(folder, Path::new(name), want)
}

fn flags(want: Want) -> OFlags {
    let common = OFlags::CLOEXEC | OFlags::NOFOLLOW;
    match want {
        Want::File => common | OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY,
        Want::Folder => common | ONLY_TO_PASS | OFlags::DIRECTORY,
        Want::FolderToList => common | OFlags::RDONLY | OFlags::DIRECTORY,
    }
}

/// A folder may be passed through without the right to read its names.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
const ONLY_TO_PASS: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
const ONLY_TO_PASS: OFlags = OFlags::RDONLY;

#[cfg(target_os = "linux")]
fn open_at_once(dir: BorrowedFd<'_>, way: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    loop {
        match openat2(dir, way, flags, Mode::empty(), resolve) {
            Err(Errno::INTR) => {}
            other => return other,
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn open_at_once(_: BorrowedFd<'_>, _: &Path, _: OFlags) -> Result<OwnedFd, Errno> {
    Err(Errno::NOSYS)
}

fn open_by_steps(dir: BorrowedFd<'_>, way: &Path, last: OFlags) -> Result<OwnedFd, Errno> {
    let mut here: Option<OwnedFd> = None;
    let mut names = way.iter().peekable();
    while let Some(name) = names.next() {
        // A way of plain names is promised by whoever builds it; here it is made sure of.
        if name == ".." || name == "/" {
            return Err(Errno::XDEV);
        }
        let flags = match names.peek() {
            Some(_) => flags(Want::Folder),
            None => last,
        };
        let from = here.as_ref().map_or(dir, AsFd::as_fd);
        let next = rustix::fs::openat(from, name, flags, Mode::empty())?;
        here = Some(next);
    }
    here.ok_or(Errno::NOENT)
}

/// A link where there was none is worth better words than the system has.
fn told(error: Errno) -> io::Error {
    match error {
        Errno::LOOP => io::Error::other("there is a symbolic link where none was expected"),
        Errno::XDEV => io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the way leads out of its folder",
        ),
        other => other.into(),
    }
}

/// The folder that the last name of `way` is in, and that name.
fn with_parent<T>(
    dir: &Dir,
    way: &Path,
    ask: impl FnOnce(&dyn AsFd, &OsStr) -> io::Result<T>,
) -> io::Result<T> {
    match (way.parent(), way.file_name()) {
        (Some(parent), Some(name)) if !parent.as_os_str().is_empty() => {
            ask(&open(dir, parent, Want::Folder)?, name)
        }
        _ => ask(dir, way.as_os_str()),
    }
}

/// Of what stands at the end of `way`; of a link, the link's own.
pub(crate) fn metadata(dir: &Dir, way: &Path) -> io::Result<FileMetadata> {
    with_parent(dir, way, |parent, name| metadata_at(parent, name))
}

/// Of what has that name in an open folder.
pub(crate) fn metadata_at(folder: impl AsFd, name: &OsStr) -> io::Result<FileMetadata> {
    let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(from_stat(&stat))
}

/// Of an open file.
pub(crate) fn metadata_of(file: &File) -> io::Result<FileMetadata> {
    let metadata = file.metadata()?;
    let kind = metadata.file_type();
    Ok(FileMetadata {
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
        modified: metadata.modified().ok(),
        mode: Some(metadata.mode() & 0o7777),
        id: Some(FileId {
            device: metadata.dev(),
            inode: metadata.ino(),
        }),
        links: metadata.nlink(),
    })
}

// The fields have other types on other systems.
#[allow(
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    clippy::cast_sign_loss
)]
fn from_stat(stat: &Stat) -> FileMetadata {
    let nanoseconds = Duration::from_nanos(stat.st_mtime_nsec as u64);
    let seconds = Duration::from_secs((stat.st_mtime as i64).unsigned_abs());
    let modified = if (stat.st_mtime as i64) < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(seconds)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(seconds)
    };
    FileMetadata {
        kind: kind_of(FileType::from_raw_mode(stat.st_mode)).unwrap_or(FileKind::Special),
        bytes: stat.st_size as u64,
        modified: modified.and_then(|time| time.checked_add(nanoseconds)),
        mode: Some(Mode::from_raw_mode(stat.st_mode).bits() as u32 & 0o7777),
        id: Some(FileId {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
        }),
        links: stat.st_nlink as u64,
    }
}

fn kind_of(file_type: FileType) -> Option<FileKind> {
    match file_type {
        FileType::RegularFile => Some(FileKind::File),
        FileType::Directory => Some(FileKind::Folder),
        FileType::Symlink => Some(FileKind::Link),
        FileType::Unknown => None,
        _ => Some(FileKind::Special),
    }
}

/// Names and kinds in a folder that was opened to be listed. No kind: the folder doesn't tell.
pub(crate) fn each_name(
    folder: &File,
    mut each: impl FnMut(&OsStr, Option<FileKind>),
) -> io::Result<()> {
    let mut take = |name: &[u8], file_type| {
        if name != b"." && name != b".." {
            each(OsStr::from_bytes(name), kind_of(file_type));
        }
    };
    #[cfg(target_os = "linux")]
    {
        use std::{cell::RefCell, mem::MaybeUninit};
        /// Hundreds of names at once, and room for the longest that there can be.
        const NAMES_BYTES: usize = 32 << 10;
        thread_local! {
            static NAMES: RefCell<Vec<MaybeUninit<u8>>> =
                RefCell::new(vec![MaybeUninit::uninit(); NAMES_BYTES]);
        }
        NAMES.with_borrow_mut(|buffer| {
            let mut names = rustix::fs::RawDir::new(folder, buffer);
            while let Some(entry) = names.next() {
                let entry = entry?;
                take(entry.file_name().to_bytes(), entry.file_type());
            }
            Ok(())
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        for entry in rustix::fs::Dir::read_from(folder)? {
            let entry = entry?;
            take(entry.file_name().to_bytes(), entry.file_type());
        }
        Ok(())
    }
}

pub(crate) fn read_link(dir: &Dir, way: &Path) -> io::Result<PathBuf> {
    with_parent(dir, way, |parent, name| {
        let text = rustix::fs::readlinkat(parent.as_fd(), name, Vec::new())?;
        Ok(OsStr::from_bytes(text.as_bytes()).into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cap_std::ambient_authority;
    use proptest::prelude::*;
    use std::{fs, os::unix::fs::symlink};

    proptest! {
        #[cfg(target_os = "linux")]
        #[test]
        fn gone_step_by_step_a_way_leads_where_it_leads_at_once(
            parts in proptest::collection::vec("[abcf]", 1..5),
            want in proptest::sample::select(vec![Want::File, Want::Folder, Want::FolderToList]),
        ) {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join("a/a/a")).unwrap();
            fs::write(folder.path().join("a/f"), "").unwrap();
            fs::write(folder.path().join("a/a/f"), "").unwrap();
            symlink("a", folder.path().join("b")).unwrap();
            symlink("/", folder.path().join("a/b")).unwrap();
            symlink("f", folder.path().join("a/c")).unwrap();
            let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
            let way: PathBuf = parts.iter().collect();
            let id = |opened: Result<OwnedFd, Errno>| {
                opened.map(|file| metadata_of(&file.into()).unwrap().id)
            };
            let flags = flags(want);
            let at_once = id(open_at_once(dir.as_fd(), &way, flags));
            let by_steps = id(open_by_steps(dir.as_fd(), &way, flags));
            // A link where a folder is asked for is a link to one and no folder to the other.
            match (at_once, by_steps) {
                (Err(Errno::LOOP), Err(Errno::LOOP | Errno::NOTDIR)) => {}
                (at_once, by_steps) => prop_assert_eq!(at_once, by_steps),
            }
        }
    }

    #[test]
    fn no_way_leads_up_or_out_step_by_step() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        for way in ["..", "a/..", "a/../..", "/", "/etc"] {
            let opened = open_by_steps(dir.as_fd(), Path::new(way), flags(Want::Folder));
            assert_eq!(opened.err(), Some(Errno::XDEV), "{way}");
        }
    }
}
