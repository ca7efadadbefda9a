//! Shows, checks and exports a trail, also while another process runs the engine that writes it.
//!
//! Every call may wait for the disk.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    ops::ControlFlow,
    path::Path,
};

use toolroom_shared::{AppError, AuditPage, AuditQuery, AuditRecord, AuditReport, ErrorCode};

use super::{
    chain::Head,
    file::{BUFFER_BYTES, FileWriter, Header},
    line,
    query::Wanted,
    record::{Entry, Hash},
    verify,
};
use crate::store::{History, StoreError, TrailSnapshot};

/// How many entries one page looks through at the most.
const SCANNED_AT_ONCE: usize = 50_000;

/// Reads the audit trail of a data folder.
#[derive(Clone, Debug)]
pub struct AuditReader {
    history: History,
}

impl AuditReader {
    /// A reader of the trail in `folder`; none if there has never been a history. Writes nothing.
    ///
    /// # Errors
    /// `storage`.
    pub fn open(folder: &Path) -> Result<Option<Self>, AppError> {
        let history = History::open(folder).map_err(StoreError::into_app_error)?;
        Ok(history.map(Self::new))
    }

    pub(crate) const fn new(history: History) -> Self {
        Self { history }
    }

    /// One page of entries, newest first.
    ///
    /// # Errors
    /// `invalid_query`, `storage`.
    pub fn page(&self, query: &AuditQuery) -> Result<AuditPage, AppError> {
        let wanted = Wanted::parse(query)?;
        let found = self.history.audit(|trail| {
            let mut search = Search::new(&wanted);
            search.table(trail)?;
            search.files(trail)?;
            Ok(search.page())
        });
        found.map_err(StoreError::into_app_error)
    }

    /// Checks the whole trail. `progress` is told how many entries were checked, of how many.
    ///
    /// # Errors
    /// `storage`. A trail that isn't whole is no error: it is what the report says.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<AuditReport, AppError> {
        self.history
            .audit(|trail| verify::trail(trail, progress))
            .map_err(StoreError::into_app_error)
    }

    /// Checks a file that was exported, or that is one of a trail's own, by itself.
    ///
    /// # Errors
    /// `io_error`.
    pub fn verify_file(
        path: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<AuditReport, AppError> {
        verify::file(path, progress).map_err(|error| {
            let message = format!("{} can't be read: {error}.", path.display());
            AppError::new(ErrorCode::Io, message)
        })
    }

    /// Writes the whole trail into a new file, as JSON lines with hashes. How many entries it has.
    ///
    /// # Errors
    /// `already_exists`, `io_error`, `storage`.
    pub fn export(&self, path: &Path) -> Result<u64, AppError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(path)
            .map_err(|error| not_exported(path, &error))?;
        let written = self.history.audit(|trail| Ok(export(trail, file)));
        match written.map_err(StoreError::into_app_error) {
            Ok(Ok(entries)) => Ok(entries),
            failed => {
                // A part of it would pass for all of it.
                let _ = fs::remove_file(path);
                match failed? {
                    Err(Trouble::Io(error)) => Err(not_exported(path, &error)),
                    Err(Trouble::Store(error)) => Err(error.into_app_error()),
                    Ok(entries) => Ok(entries),
                }
            }
        }
    }
}

fn not_exported(path: &Path, error: &io::Error) -> AppError {
    let path = path.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        let message = format!("{path} is there already and was left alone. Name another file.");
        return AppError::new(ErrorCode::AlreadyExists, message);
    }
    let message = format!(
        "The audit trail can't be written to {path}: {error}. Nothing was kept of it there."
    );
    AppError::new(ErrorCode::Io, message)
}

enum Trouble {
    Io(io::Error),
    Store(StoreError),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes everything as it stands, whether it is whole or not: that is for who checks it.
fn export(trail: &TrailSnapshot<'_>, into: File) -> Result<u64, Trouble> {
    let end = trail.head.unwrap_or(trail.moved);
    let header = Header {
        after: Head::START,
        end,
    };
    let into = BufWriter::with_capacity(BUFFER_BYTES, into);
    let mut into = FileWriter::begin(into, &header)?.into_inner();
    for number in 1..=trail.files {
        let mut file = trail.file(number)?;
        let skipped = file.header()?.map_or(0, |header| header.line().len());
        let mut file = File::open(trail.path(number))?;
        file.seek(SeekFrom::Start(skipped as u64))?;
        io::copy(&mut file, &mut into)?;
    }
    let mut lines = FileWriter::on(into);
    let mut failed = Ok(0);
    trail
        .pages(|page| {
            failed = lines.page(page);
            Ok(match failed {
                Ok(_) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            })
        })
        .map_err(Trouble::Store)?;
    failed?;
    let mut into = lines.into_inner();
    into.flush()?;
    into.get_ref().sync_all()?;
    Ok(end.number)
}

/// A search for a page, from the newest entry to the oldest.
struct Search<'w> {
    wanted: &'w Wanted,
    found: Vec<AuditRecord>,
    looked_at: usize,
    /// The last that was looked at.
    last: u64,
}

impl<'w> Search<'w> {
    const fn new(wanted: &'w Wanted) -> Self {
        Self {
            wanted,
            found: Vec::new(),
            looked_at: 0,
            last: wanted.before,
        }
    }

    const fn is_done(&self) -> bool {
        self.found.len() >= self.wanted.limit || self.looked_at >= SCANNED_AT_ONCE
    }

    fn look_at(&mut self, entry: &Entry<'_>, hash: &Hash) -> ControlFlow<()> {
        if entry.number >= self.last {
            return ControlFlow::Continue(());
        }
        if self.is_done() {
            return ControlFlow::Break(());
        }
        self.last = entry.number;
        self.looked_at += 1;
        if self.wanted.matches(entry) {
            self.found.push(line::record(entry, hash));
        }
        ControlFlow::Continue(())
    }

    fn table(&mut self, trail: &TrailSnapshot<'_>) -> Result<(), StoreError> {
        trail.pages_back(self.wanted.before, |page| {
            let entries: Vec<_> = page.entries().collect();
            let mut back = entries.iter().rev();
            Ok(back.try_for_each(|(entry, hash)| self.look_at(entry, hash)))
        })
    }

    fn files(&mut self, trail: &TrailSnapshot<'_>) -> Result<(), StoreError> {
        let (mut text, mut again) = (Vec::new(), Vec::new());
        for number in (1..=trail.files).rev() {
            if self.is_done() {
                break;
            }
            // What is missing or damaged is for `verify` to tell; the rest is shown.
            let Ok(header) = trail.file(number).and_then(|mut file| file.header()) else {
                continue;
            };
            if header.is_some_and(|header| header.after.number + 1 >= self.last) {
                continue;
            }
            text.clear();
            File::open(trail.path(number))?.read_to_end(&mut text)?;
            for one in text.split(|byte| *byte == b'\n').rev() {
                let looked = line::read(one, &mut again, |entry, hash| self.look_at(entry, hash));
                if looked.is_some_and(|looked| looked.is_break()) {
                    break;
                }
            }
        }
        Ok(())
    }

    fn page(self) -> AuditPage {
        let more = self.is_done() && self.last > 1;
        AuditPage {
            entries: self.found,
            next_cursor: more.then(|| self.last.to_string()),
        }
    }
}
