//! Where the trail stands, as `meta` says and as its last page says.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    audit::{chain::Head, record::HASH_BYTES},
    store::error::StoreError,
};

const NUMBER_BYTES: usize = 8;

/// Where the trail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TrailState {
    /// Where it ends, as `meta` says; none if nobody has ever said so.
    pub(super) head: Option<Head>,
    /// The last entry that was moved into a file.
    pub(super) moved: Head,
    /// How many files there are.
    pub(super) files: u64,
}

/// Reads where the trail stands.
pub(super) fn read(connection: &Connection) -> Result<TrailState, StoreError> {
    let mut select = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    let mut head = |key| -> Result<_, StoreError> {
        let bytes = select.query_row([key], |row| row.get::<_, Vec<u8>>(0));
        bytes.optional()?.map(|bytes| head_of(&bytes)).transpose()
    };
    let (end, moved) = (head("audit_head")?, head("audit_moved")?);
    let files = connection
        .prepare_cached("SELECT value FROM meta WHERE key = 'audit_files'")?
        .query_row([], |row| row.get::<_, u32>(0));
    Ok(TrailState {
        head: end,
        moved: moved.unwrap_or(Head::START),
        files: files.optional()?.unwrap_or(0).into(),
    })
}

/// Writes down that the trail up to `moved` stands in this many files.
pub(super) fn write_moved(
    connection: &Connection,
    moved: &Head,
    files: u64,
) -> Result<(), StoreError> {
    let mut write = connection.prepare_cached(
        "INSERT INTO meta(key, value) VALUES(?1, ?2)
         ON CONFLICT(key) DO UPDATE SET value = excluded.value",
    )?;
    write.execute(params!["audit_moved", head_bytes(moved)])?;
    write.execute(params!["audit_moved_to", moved.number.cast_signed()])?;
    write.execute(params!["audit_files", files.cast_signed()])?;
    Ok(())
}

/// The last entry of the last page, by its number and hash.
pub(super) fn last_in_table(connection: &Connection) -> Result<Option<Head>, StoreError> {
    end_of_page(connection, i64::MAX)
}

/// The last entry of the page that begins with this entry, or of the last one before it.
pub(super) fn end_of_page(connection: &Connection, first: i64) -> Result<Option<Head>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT last, substr(page, -32) FROM audit WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
    )?;
    let found = select.query_row([first], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
    });
    let Some((last, hash)) = found.optional()? else {
        return Ok(None);
    };
    Ok(Some(Head {
        number: last.cast_unsigned(),
        // A page that is too short is found by who reads it.
        hash: hash.try_into().unwrap_or([0; HASH_BYTES]),
    }))
}

/// How the end of the trail stands in `meta`.
pub(super) fn head_bytes(head: &Head) -> [u8; NUMBER_BYTES + HASH_BYTES] {
    let mut bytes = [0; NUMBER_BYTES + HASH_BYTES];
    bytes[..NUMBER_BYTES].copy_from_slice(&head.number.to_le_bytes());
    bytes[NUMBER_BYTES..].copy_from_slice(&head.hash);
    bytes
}

fn head_of(bytes: &[u8]) -> Result<Head, StoreError> {
    let parts = bytes.split_first_chunk::<NUMBER_BYTES>();
    parts
        .and_then(|(number, hash)| {
            Some(Head {
                number: u64::from_le_bytes(*number),
                hash: hash.try_into().ok()?,
            })
        })
        .ok_or_else(|| StoreError::corrupt("where the audit trail ends is damaged"))
}

/// The folder of the trail's files in a data folder.
pub(super) fn folder(data_folder: &std::path::Path) -> PathBuf {
    data_folder.join(crate::audit::file::FOLDER)
}
