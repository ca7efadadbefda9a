//! The file of the history: making it, checking it, setting a damaged one aside.
//!
//! What is damaged is renamed, never changed and never deleted: somebody may want to rescue it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    artifact::{self, Artifacts},
    error::{StoreError, StoreErrorKind},
    handle::{Durability, StoreOptions},
    schema,
};

/// The file of the history.
pub(super) const FILE: &str = "toolroom.db";
/// Says that damage was met, so that the next opening looks at every page.
const DAMAGE: &str = "toolroom.db.damaged";
/// What every SQLite file begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A file that was opened for writing.
pub(super) struct OpenedFile {
    pub(super) connection: Connection,
    pub(super) set_aside: Option<PathBuf>,
    pub(super) opens: u64,
    pub(super) next_seq: u64,
}

/// Opens the file of a folder for writing; makes it, or a new one in place of a damaged one.
pub(super) fn open(
    folder: &Path,
    artifacts: &Artifacts,
    options: &StoreOptions,
) -> Result<OpenedFile, StoreError> {
    fs::create_dir_all(folder)?;
    let mut set_aside = None;
    let opened = match check(folder, options).and_then(|()| prepare(folder, options)) {
        Err(error) if error.kind == StoreErrorKind::Corrupt => {
            set_aside = Some(move_aside(folder)?);
            prepare(folder, options)
        }
        opened => opened,
    };
    let (connection, opens, next_seq) = opened?;
    artifacts.create_folder()?;
    remove_orphans(&connection, artifacts);
    Ok(OpenedFile {
        connection,
        set_aside,
        opens,
        next_seq,
    })
}

/// Notes that damage was met, for the next opening.
pub(super) fn note_damage(folder: &Path) {
    // Without the note the next opening is as thorough as usual.
    let _ = File::create(folder.join(DAMAGE));
}

/// Looks for damage without changing a byte, quickly: at the header, the schema, and the first and
/// last row of each table; at every page only after damage was met.
fn check(folder: &Path, options: &StoreOptions) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    let mut header = Vec::new();
    match File::open(&path) {
        Ok(file) => file.take(16).read_to_end(&mut header)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error.into()),
    };
    if header.is_empty() {
        // SQLite would delete a log whose file has gone.
        let log = folder.join(format!("{FILE}-wal"));
        return match log.metadata() {
            Ok(about) if about.len() > 0 => Err(StoreError::corrupt("a log without its file")),
            _ => Ok(()),
        };
    }
    if header != MAGIC {
        return Err(StoreError::corrupt("the file isn't an SQLite database"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0))?;
    let version = schema::version(&connection)?;
    schema::refuse_newer(version)?;
    if version > 0 {
        check_ends(&connection, version)?;
    }
    let noted = folder.join(DAMAGE);
    if noted.exists() {
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found != "ok" {
            return Err(StoreError::corrupt(found));
        }
        fs::remove_file(noted)?;
    }
    Ok(())
}

fn check_ends(connection: &Connection, version: usize) -> Result<(), StoreError> {
    let tables = schema::TABLES
        .iter()
        .filter(|(.., since)| *since <= version);
    for (table, order, _) in tables {
        for direction in ["ASC", "DESC"] {
            let sql = format!("SELECT * FROM {table} ORDER BY {order} {direction} LIMIT 1");
            let mut select = connection.prepare(&sql).map_err(missing_table)?;
            let columns = select.column_count();
            let mut rows = select.query([])?;
            if let Some(row) = rows.next()? {
                // Reading every column follows long texts to their last page.
                for column in 0..columns {
                    row.get_ref(column)?;
                }
            }
        }
    }
    let mut select = connection
        .prepare("SELECT rowid FROM search('\"·s2\"') ORDER BY rowid DESC LIMIT 1")
        .map_err(missing_table)?;
    select.query([])?.next()?;
    Ok(())
}

/// A file of a known version has every table.
fn missing_table(error: rusqlite::Error) -> StoreError {
    let error = StoreError::from(error);
    match error.kind {
        StoreErrorKind::Other => StoreError::corrupt(error.message),
        _ => error,
    }
}

fn prepare(folder: &Path, options: &StoreOptions) -> Result<(Connection, u64, u64), StoreError> {
    let path = folder.join(FILE);
    create_private(&path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::new(
            StoreErrorKind::Other,
            format!("the disk can't hold a write-ahead log (journal mode {mode})"),
        ));
    }
    set_durability(&connection, options)?;
    // The cache is in KiB. A log of 4,000 pages is copied back at once: less often than by default,
    // since each time takes two more syncs.
    connection.execute_batch(
        "PRAGMA foreign_keys = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768;
         PRAGMA mmap_size = 0;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    schema::migrate(&mut connection)?;
    let opens = schema::count_opening(&connection)?;
    let next_seq = schema::next_seq(&connection)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok((connection, opens, next_seq))
}

/// From when on a change counts as safe.
pub(super) fn set_durability(
    connection: &Connection,
    options: &StoreOptions,
) -> Result<(), StoreError> {
    let synchronous = match options.durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    Ok(())
}

/// Makes the file, for its owner's eyes only. SQLite gives its other files the same mode.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

/// Renames the file with all that belongs to it. Returns its new name.
fn move_aside(folder: &Path) -> Result<PathBuf, StoreError> {
    let now = OffsetDateTime::now_utc();
    let ((year, month, day), (hour, minute, second)) = (now.to_calendar_date(), now.to_hms());
    let month = u8::from(month);
    let time = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
    let taken = |name: &str| {
        ["", "-wal", "-shm"]
            .iter()
            .any(|ending| folder.join(format!("{name}.db{ending}")).exists())
    };
    let mut name = format!("toolroom.corrupt-{time}");
    let mut number = 2;
    while taken(&name) {
        name = format!("toolroom.corrupt-{time}-{number}");
        number += 1;
    }
    let target = folder.join(format!("{name}.db"));
    for ending in ["", "-wal", "-shm"] {
        rename_if_there(
            &folder.join(format!("{FILE}{ending}")),
            &folder.join(format!("{name}.db{ending}")),
        )?;
    }
    // The new history doesn't know its outputs, and would remove them as nobody's.
    rename_if_there(
        &folder.join(artifact::FOLDER),
        &folder.join(format!("{name}.artifacts")),
    )?;
    // Its trail goes with it: the new history begins one of its own.
    rename_if_there(
        &folder.join(crate::audit::file::FOLDER),
        &folder.join(format!("{name}.audit")),
    )?;
    match fs::remove_file(folder.join(DAMAGE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(target),
    }
}

fn rename_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes outputs of jobs that never got as far as being stored with one.
fn remove_orphans(connection: &Connection, artifacts: &Artifacts) {
    let known = |id: Uuid| {
        connection
            .prepare_cached("SELECT 1 FROM jobs WHERE id = ?1 AND output_bytes IS NOT NULL")
            .and_then(|mut select| select.exists([id.as_bytes().as_slice()]))
            // A file of which it can't be told whose it is stays.
            .unwrap_or(true)
    };
    // What can't be removed is in nobody's way, and is tried again at the next opening.
    let _ = artifacts.remove_orphans(known);
}
