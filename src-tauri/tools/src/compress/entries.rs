//! What goes into an archive, and how each kind of archive takes it.

use std::{
    borrow::Cow,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use toolroom_toolkit::NewFile;

/// What is told of an entry.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name in the archive: relative, and plain.
    pub name: PathBuf,
    pub modified: Option<SystemTime>,
    pub mode: u32,
}

impl Item {
    /// Whole seconds since 1970, rounded down as systems do.
    pub fn seconds(&self) -> i64 {
        let Some(modified) = self.modified else {
            return 0;
        };
        match modified.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                let whole = before.as_secs() + u64::from(before.subsec_nanos() > 0);
                i64::try_from(whole).map_or(i64::MIN, |whole| -whole)
            }
        }
    }
}

/// A path with slashes between its parts: the very bytes on Unix, elsewhere text.
pub fn slashed(path: &Path) -> Cow<'_, [u8]> {
    match cfg!(windows) {
        true => Cow::Owned(path.to_string_lossy().replace('\\', "/").into_bytes()),
        false => Cow::Borrowed(path.as_os_str().as_encoded_bytes()),
    }
}

/// An archive that is being written. A file is begun, given its bytes, and ended.
pub trait Archive {
    /// A folder.
    fn folder(&mut self, item: &Item) -> io::Result<()>;
    /// A symbolic link that says `target`.
    fn link(&mut self, item: &Item, target: &Path) -> io::Result<()>;
    /// A file that is in the archive already, under the name `first`; false if archives of this kind
    /// can't say so.
    fn again(&mut self, item: &Item, first: &Path) -> io::Result<bool>;
    /// A file of so many bytes.
    fn begin(&mut self, item: &Item, bytes: u64) -> io::Result<()>;
    /// More of it, together never more than was said.
    fn data(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// The file is over; if that is too soon, the rest is made up for as the format needs it.
    fn end(&mut self) -> io::Result<()>;
    /// All is in; it is still to get its final name.
    fn finish(self: Box<Self>) -> io::Result<NewFile>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_rounded_down_on_both_sides_of_1970() {
        let seconds = |modified| {
            let item = Item {
                name: PathBuf::new(),
                modified,
                mode: 0,
            };
            item.seconds()
        };
        let epoch = SystemTime::UNIX_EPOCH;
        assert_eq!(seconds(None), 0);
        assert_eq!(seconds(Some(epoch + Duration::from_millis(1900))), 1);
        assert_eq!(seconds(Some(epoch - Duration::from_millis(1900))), -2);
        assert_eq!(seconds(Some(epoch - Duration::from_secs(7))), -7);
    }
}
