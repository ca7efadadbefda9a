//! What becomes of a file that has the name already, and how a name is taken.

use std::{ffi::OsStr, io};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{metadata::FileKind, spot::Held, sys};

/// What becomes of a file that has the name already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Overwrite {
    /// It stays as it is, and the new one is not written.
    #[default]
    #[schemars(title = "Keep what is there")]
    Refuse,
    /// The new one takes its place.
    #[schemars(title = "Replace")]
    Replace,
    /// Both stay: the new one is called "name (2)", or whatever number is free.
    #[schemars(title = "Keep both")]
    KeepBoth,
}

/// Renames a file in place of another, but never of a pipe or a device.
pub(crate) fn replace(from: &Held, old: &OsStr, to: &Held, new: &OsStr) -> io::Result<()> {
    match sys::metadata(&to.dir, new.as_ref()) {
        Ok(told) if told.kind == FileKind::Special => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is neither a file nor a folder",
        )),
        _ => sys::rename(&from.dir, old, &to.dir, new),
    }
}

/// Renames a file unless the name is taken, whoever else tries to take it at the same time.
pub(crate) fn rename_if_free(from: &Held, old: &OsStr, to: &Held, new: &OsStr) -> io::Result<()> {
    match sys::rename_new(&from.dir, old, &to.dir, new) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        other => return other,
    }
    // A second name, which must be free, and the first is given up.
    match sys::hard_link(&from.dir, old, &to.dir, new) {
        Ok(()) => return from.dir.remove_file(old),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {}
    }
    // Without hard links either: an empty file keeps the place.
    drop(sys::create_new(&to.dir, new)?);
    sys::rename(&from.dir, old, &to.dir, new).inspect_err(|_| {
        let _ = to.dir.remove_file(new);
    })
}
