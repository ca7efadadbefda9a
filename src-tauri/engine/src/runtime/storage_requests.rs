//! What may be asked of all that is kept, and by whom. How jobs stand in a file is `history_file`'s business.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use async_trait::async_trait;
use toolroom_shared::{
    AppError, AuditDecision, AuditOperation, Caller, CleanUp, ErrorCode, HistoryCopy, StorageReport,
};

use super::{
    history_file::{self, Line},
    job_manager::JobManager,
    scheduler::Scheduler,
    settling::Ticket,
};
use crate::{
    AuditLog, AuditNote, JobReader, StorageApi,
    clock::Timestamp,
    store::{Store, StoreError},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many jobs are taken in by one commit.
const TAKEN_AT_ONCE: usize = 100;

/// What such work needs.
struct Kept {
    scheduler: Arc<Scheduler>,
    store: Arc<Store<Ticket>>,
    reader: JobReader,
}

impl JobManager {
    /// Does `work` with what is kept where that may take its time, if the caller is a person.
    async fn with_kept<R: Send + 'static>(
        &self,
        caller: &Caller,
        work: impl FnOnce(&Kept) -> Result<R, AppError> + Send + 'static,
    ) -> Result<R, AppError> {
        if !caller.is_person() {
            let refused = AppError::new(
                ErrorCode::PermissionDenied,
                "What is kept is for the person to look after. Nothing was changed.",
            );
            let operation = AuditOperation::History;
            let note = AuditNote::new(caller.clone(), operation, AuditDecision::Refused);
            self.scheduler.audit.note(note.code(&refused.code));
            return Err(refused);
        }
        let (Some(store), Some(reader)) = (&self.scheduler.store, &self.reader) else {
            let message = "This engine keeps nothing.";
            return Err(AppError::new(ErrorCode::WrongState, message));
        };
        let (scheduler, store) = (self.scheduler.clone(), store.clone());
        self.read(reader, move |reader| {
            work(&Kept {
                scheduler,
                store,
                reader: reader.clone(),
            })
        })
        .await
    }
}

#[async_trait]
impl StorageApi for JobManager {
    async fn storage(&self, caller: Caller) -> Result<StorageReport, AppError> {
        self.with_kept(&caller, |kept| {
            let folder = kept.store.history().folder().to_owned();
            let file = |name: &str| folder.join(name).metadata().map_or(0, |about| about.len());
            let history = kept.store.history();
            Ok(StorageReport {
                jobs: history.jobs().map_err(StoreError::into_app_error)?,
                database_bytes: file("toolroom.db") + file("toolroom.db-wal"),
                outputs_bytes: size_of(&folder.join("artifacts")),
                audit_bytes: size_of(&folder.join("audit")),
                window_bytes: size_of(&folder.join("window")),
                folder: folder.to_string_lossy().into_owned(),
            })
        })
        .await
    }

    async fn survey_clean_up(
        &self,
        caller: Caller,
        older_than_days: u32,
    ) -> Result<CleanUp, AppError> {
        self.with_kept(&caller, move |kept| {
            let before = kept.moment_before(older_than_days);
            let found = kept.store.history().survey_clean_up(before);
            found.map_err(StoreError::into_app_error)
        })
        .await
    }

    async fn clean_up(&self, caller: Caller, older_than_days: u32) -> Result<CleanUp, AppError> {
        let who = caller.clone();
        self.with_kept(&caller, move |kept| {
            let before = kept.moment_before(older_than_days);
            let removed = kept.store.clean_up(before);
            let removed = removed.map_err(StoreError::into_app_error)?;
            kept.note(who, format!("{} jobs removed", removed.jobs));
            Ok(removed)
        })
        .await
    }

    async fn export_history(&self, caller: Caller, path: String) -> Result<HistoryCopy, AppError> {
        let who = caller.clone();
        self.with_kept(&caller, move |kept| {
            let path = whole(path)?;
            let copied = history_file::write(&path, &kept.reader)?;
            kept.note(who, format!("{} jobs written into a file", copied.jobs));
            Ok(copied)
        })
        .await
    }

    async fn import_history(&self, caller: Caller, path: String) -> Result<HistoryCopy, AppError> {
        let who = caller.clone();
        self.with_kept(&caller, move |kept| {
            let path = whole(path)?;
            // Nothing is taken in before all of it was found to be well.
            history_file::read(&path, &mut |_| Ok(()))?;
            let (mut copied, mut lines) = (HistoryCopy::default(), Vec::new());
            history_file::read(&path, &mut |line| {
                lines.push(line);
                match lines.len() < TAKEN_AT_ONCE {
                    true => Ok(()),
                    false => kept.take_in(&mut lines, &mut copied),
                }
            })?;
            kept.take_in(&mut lines, &mut copied)?;
            kept.note(who, format!("{} jobs taken in from a file", copied.jobs));
            Ok(copied)
        })
        .await
    }
}

impl Kept {
    /// The moment before which a job must have ended to be so old.
    fn moment_before(&self, days: u32) -> Timestamp {
        let now = self.scheduler.clock.now();
        let age = i64::try_from((DAY * days).as_millis()).unwrap_or(i64::MAX);
        // With no days, what has ended in this very millisecond too.
        Timestamp(
            now.0
                .saturating_sub(age)
                .saturating_add(i64::from(days == 0)),
        )
    }

    fn take_in(&self, lines: &mut Vec<Line>, copied: &mut HistoryCopy) -> Result<(), AppError> {
        let number = || self.scheduler.next_seq.fetch_add(1, Ordering::Relaxed);
        let jobs: Vec<_> = lines
            .drain(..)
            .map(|line| line.numbered(number()))
            .collect();
        let offered = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
        let taken = self
            .store
            .import(jobs)
            .map_err(StoreError::into_app_error)?;
        copied.jobs += taken;
        copied.left_out += offered - taken;
        Ok(())
    }

    fn note(&self, caller: Caller, what: String) {
        let operation = AuditOperation::History;
        let note = AuditNote::new(caller, operation, AuditDecision::Allowed);
        self.scheduler.audit.note(note.subject(what));
    }
}

fn whole(path: String) -> Result<PathBuf, AppError> {
    let path = PathBuf::from(path);
    if path.is_absolute() {
        return Ok(path);
    }
    let message = "Write the whole path of the file, from its beginning. Nothing was done.";
    Err(AppError::new(ErrorCode::InvalidInput, message))
}

/// How many bytes all files below a folder have. What can't be looked at counts nothing.
fn size_of(folder: &Path) -> u64 {
    fn add(folder: &Path, sum: &mut u64) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // Links are not followed.
            let about = entry.metadata()?;
            if about.is_dir() {
                let _ = add(&entry.path(), sum);
            } else {
                *sum += about.len();
            }
        }
        Ok(())
    }
    let mut sum = 0;
    let _ = add(folder, &mut sum);
    sum
}
