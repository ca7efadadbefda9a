//! What is changed on Unix: names in an open folder, and the times and permissions of what has them.

use std::{ffi::OsStr, fs::File, io, path::Path, time::SystemTime};

use cap_std::fs::Dir;
use rustix::{
    fs::{Access, AtFlags, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT},
    io::Errno,
};

use super::{Want, open, told};

/// Makes an empty file to be written and read. It must not be there yet.
pub(crate) fn create_new(dir: &Dir, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let mode = Mode::from_raw_mode(0o666);
    Ok(rustix::fs::openat(dir, name, flags, mode)?.into())
}

/// Opens a file to be written and read, and makes it if it isn't there. Doesn't wait for the other end
/// of a pipe.
pub(crate) fn open_or_create(dir: &Dir, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::CREATE
        | OFlags::RDWR
        | OFlags::CLOEXEC
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::NOCTTY;
    let mode = Mode::from_raw_mode(0o666);
    rustix::fs::openat(dir, name, flags, mode)
        .map(File::from)
        .map_err(told)
}

/// Renames, in place of what has the new name.
pub(crate) fn rename(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::renameat(from, old, to, new)?)
}

/// Renames unless the new name is taken. `Unsupported` where that can't be asked in one call.
pub(crate) fn rename_new(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{RenameFlags, renameat_with};
        match renameat_with(from, old, to, new, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            other => return Ok(other?),
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    let _ = (from, old, to, new);
    Err(io::ErrorKind::Unsupported.into())
}

/// Gives a file another name, if that is free.
pub(crate) fn hard_link(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::linkat(from, old, to, new, AtFlags::empty())?)
}

pub(crate) fn symlink(target: &Path, dir: &Dir, name: &OsStr) -> io::Result<()> {
    Ok(rustix::fs::symlinkat(target, dir, name)?)
}

/// An error if new names can't be made in a folder.
pub(crate) fn check_writable(dir: &Dir) -> io::Result<()> {
    let wanted = Access::WRITE_OK | Access::EXEC_OK;
    Ok(rustix::fs::accessat(dir, ".", wanted, AtFlags::EACCESS)?)
}

/// Sets when the content of what has that name was changed; of a link, the link's own.
pub(crate) fn set_modified(dir: &Dir, name: &OsStr, time: SystemTime) -> io::Result<()> {
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: timespec(time)?,
    };
    Ok(rustix::fs::utimensat(
        dir,
        name,
        &times,
        AtFlags::SYMLINK_NOFOLLOW,
    )?)
}

fn timespec(time: SystemTime) -> io::Result<Timespec> {
    let too_far = |_| io::Error::from(io::ErrorKind::InvalidInput);
    // Seconds count downwards before 1970, nanoseconds always upwards.
    let (seconds, nanoseconds) = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => (i64::try_from(since.as_secs()), since.subsec_nanos()),
        Err(error) => {
            let before = error.duration();
            let seconds = i64::try_from(before.as_secs()).map(|seconds| -seconds);
            match before.subsec_nanos() {
                0 => (seconds, 0),
                nanoseconds => (
                    seconds.map(|seconds| seconds - 1),
                    1_000_000_000 - nanoseconds,
                ),
            }
        }
    };
    Ok(Timespec {
        tv_sec: seconds.map_err(too_far)?,
        tv_nsec: nanoseconds.into(),
    })
}

/// Sets the permission bits of an open file.
pub(crate) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode & 0o7777))
}

/// Puts on disk all that was written into the folder's file system.
pub(crate) fn sync_all(dir: &Dir) -> io::Result<()> {
    let folder = open(dir, Path::new("."), Want::FolderToList)?;
    #[cfg(target_os = "linux")]
    {
        Ok(rustix::fs::syncfs(&folder)?)
    }
    #[cfg(not(target_os = "linux"))]
    {
        rustix::fs::sync();
        folder.sync_all()
    }
}

/// Puts a folder's own names on disk, as far as its file system and our rights allow.
pub(crate) fn sync_names(dir: &Dir) -> io::Result<()> {
    match open(dir, Path::new("."), Want::FolderToList) {
        Ok(folder) => match folder.sync_all() {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            other => other,
        },
        // Whoever may only enter it can't ask for that.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(error),
    }
}
