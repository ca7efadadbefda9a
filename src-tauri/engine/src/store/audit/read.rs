//! The trail, for reading: as it stands at one moment, from any process.

use std::{
    fs::File,
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, Row};

use super::state;
use crate::{
    audit::{
        chain::{Head, Page},
        file::{BUFFER_BYTES, FileReader, name},
    },
    store::error::StoreError,
};

/// The trail at one moment, while it may be written on.
pub struct TrailSnapshot<'c> {
    connection: &'c Connection,
    folder: PathBuf,
    /// Where it ends; none where nobody has written that down.
    pub head: Option<Head>,
    /// The last entry that stands in a file.
    pub moved: Head,
    /// How many files there are.
    pub files: u64,
}

impl<'c> TrailSnapshot<'c> {
    /// Reads the trail of the data folder, within a transaction of the connection's.
    pub(in crate::store) fn take(
        connection: &'c Connection,
        data_folder: &Path,
    ) -> Result<Self, StoreError> {
        let state = state::read(connection)?;
        Ok(Self {
            connection,
            folder: state::folder(data_folder),
            head: state.head,
            moved: state.moved,
            files: state.files,
        })
    }

    /// Gives each page in the table to `each`, oldest first.
    pub fn pages(
        &self,
        each: impl FnMut(&Page<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.select(
            "SELECT first, last, page FROM audit ORDER BY first",
            i64::MAX,
            each,
        )
    }

    /// Gives each page in the table that has entries before this one to `each`, newest first.
    pub fn pages_back(
        &self,
        before: u64,
        each: impl FnMut(&Page<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT first, last, page FROM audit WHERE first < ?1 ORDER BY first DESC";
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        self.select(sql, before, each)
    }

    /// What people call the file of this number.
    pub fn file_name(number: u64) -> String {
        format!("{}/{}", crate::audit::file::FOLDER, name(number))
    }

    /// Opens the file of this number.
    pub fn file(&self, number: u64) -> std::io::Result<FileReader<BufReader<File>>> {
        let file = File::open(self.path(number))?;
        Ok(FileReader::new(BufReader::with_capacity(
            BUFFER_BYTES,
            file,
        )))
    }

    /// Where the file of this number is.
    pub fn path(&self, number: u64) -> PathBuf {
        self.folder.join(name(number))
    }

    fn select(
        &self,
        sql: &str,
        before: i64,
        mut each: impl FnMut(&Page<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(sql)?;
        if select.parameter_count() > 0 {
            select.raw_bind_parameter(1, before)?;
        }
        let mut rows = select.raw_query();
        while let Some(row) = rows.next()? {
            if each(&page(row)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn page<'r>(row: &'r Row<'_>) -> Result<Page<'r>, StoreError> {
    Ok(Page {
        first: row.get::<_, i64>(0)?.cast_unsigned(),
        last: row.get::<_, i64>(1)?.cast_unsigned(),
        // What is no page is found by who checks it.
        bytes: row.get_ref(2)?.as_bytes().unwrap_or_default(),
    })
}
