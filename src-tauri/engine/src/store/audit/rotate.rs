//! Moves the oldest entries out of the table into files, so that the history stays small.
//!
//! A file is written, synced and named before its entries leave the table, which they do in one
//! transaction with the note that they are in the file: a kill before that leaves a file that
//! nobody reads and that is written again.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter},
    path::Path,
};

use fail::fail_point;

use super::{append::Trail, state};
use crate::{
    audit::{
        chain::{Head, Page},
        file::{BUFFER_BYTES, FileWriter, Header, name},
    },
    store::{batch::transaction, error::StoreError},
};

/// How much of the audit trail stands in the database. None of it is ever removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditRotation {
    /// How many entries may stand in the database before old ones are moved into a file.
    pub max_entries: u64,
    /// How many are moved into each file, or a few more.
    pub file_entries: u64,
}

impl Default for AuditRotation {
    fn default() -> Self {
        Self {
            max_entries: 200_000,
            file_entries: 20_000,
        }
    }
}

impl Trail<'_> {
    /// Whether there is more in the table than should be.
    pub(in crate::store) const fn is_over(&self, rotation: &AuditRotation) -> bool {
        !self.stuck && self.head.number.saturating_sub(self.moved.number) > rotation.max_entries
    }

    /// Moves the oldest entries into a file.
    pub(in crate::store) fn rotate(&mut self, rotation: &AuditRotation) -> Result<(), StoreError> {
        let wanted = self.moved.number + rotation.file_entries.max(1);
        let Some(end) = state::end_of_page(self.connection, wanted.cast_signed())? else {
            self.stuck = true;
            return Ok(());
        };
        let number = self.files + 1;
        create_folder(&self.folder)?;
        let path = self.folder.join(name(number));
        let unfinished = path.with_extension("tmp");
        if !self.write_file(&unfinished, &end)? {
            self.stuck = true;
            fs::remove_file(&unfinished)?;
            return Ok(());
        }
        fail_point!("audit-file-written");
        fs::rename(&unfinished, &path)?;
        sync_folder(&self.folder)?;
        fail_point!("audit-file-renamed");
        transaction(self.connection, || {
            state::write_moved(self.connection, &end, number)?;
            self.connection
                .prepare_cached("DELETE FROM audit WHERE last <= ?1")?
                .execute([end.number.cast_signed()])?;
            Ok(())
        })?;
        (self.moved, self.files) = (end, number);
        Ok(())
    }

    /// Writes the entries up to `end` into a file, safely. False if they aren't as they were
    /// written: then they stay where they are, for who looks into it.
    fn write_file(&self, path: &Path, end: &Head) -> Result<bool, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let header = Header {
            after: self.moved,
            end: *end,
        };
        let into = BufWriter::with_capacity(BUFFER_BYTES, options.open(path)?);
        let mut file = FileWriter::begin(into, &header)?;
        let mut select = self.connection.prepare_cached(
            "SELECT first, last, page FROM audit WHERE last <= ?1 ORDER BY first",
        )?;
        let mut rows = select.query([end.number.cast_signed()])?;
        let mut head = self.moved;
        while let Some(row) = rows.next()? {
            let page = Page {
                first: row.get::<_, i64>(0)?.cast_unsigned(),
                last: row.get::<_, i64>(1)?.cast_unsigned(),
                bytes: row.get_ref(2)?.as_bytes().unwrap_or_default(),
            };
            let mut written = Ok(());
            let checked = page.check(&mut head, |entry, hash| {
                if written.is_ok() {
                    written = file.entry(entry, hash);
                }
            });
            written?;
            if checked.is_err() {
                return Ok(false);
            }
        }
        let file = file.into_inner().into_inner();
        file.map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(head == *end)
    }
}

/// Makes the folder, for its owner's eyes only.
fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// A new name is safe when the folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
