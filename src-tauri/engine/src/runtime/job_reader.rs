//! Reads jobs that are on disk: for the engine, those that have ended; for another process, all.
//!
//! Every call may wait for the disk.

use std::{collections::VecDeque, path::Path};

use toolroom_shared::{
    AppError, ErrorCode, JobId, JobSnapshot, JobTransition, JobsPage, JobsQuery, LogLine, LogPage,
    OutputPage,
};
use toolroom_toolkit::{INLINE_BYTES, WrittenLine};
use uuid::Uuid;

use super::{
    job_list::{LivePart, Wanted},
    job_output,
};
use crate::{
    clock::Timestamp,
    record::{JobRecord, Output},
    store::{Artifacts, History, HistoryEntry, OUTPUT_REMOVED, StoreError},
};

/// How many lines of a log are given at once.
const LINES_A_PAGE: u32 = 1_000;

/// Reads the jobs in a data folder, also while another process runs its engine.
#[derive(Clone)]
pub struct JobReader {
    history: History,
}

impl JobReader {
    /// A reader of the history in `folder`; none if there has never been one. Writes nothing.
    ///
    /// # Errors
    /// `storage`.
    pub fn open(folder: &Path) -> Result<Option<Self>, AppError> {
        let history = History::open(folder).map_err(StoreError::into_app_error)?;
        Ok(history.map(Self::new))
    }

    pub(super) const fn new(history: History) -> Self {
        Self { history }
    }

    pub(super) const fn history(&self) -> &History {
        &self.history
    }

    /// A job as it was stored last.
    ///
    /// # Errors
    /// `unknown_job`, `storage`.
    pub fn get(&self, job_id: &JobId) -> Result<JobSnapshot, AppError> {
        Ok(self.find(job_id)?.snapshot())
    }

    /// One page of jobs, newest first.
    ///
    /// # Errors
    /// `invalid_query`, `storage`.
    pub fn list(&self, query: &JobsQuery) -> Result<JobsPage, AppError> {
        Wanted::parse(query)?
            .with_unfinished()
            .page(LivePart::default(), Some(&self.history))
            .map_err(StoreError::into_app_error)
    }

    /// What happened to a job, oldest first.
    ///
    /// # Errors
    /// `unknown_job`, `storage`.
    pub fn transitions(&self, job_id: &JobId) -> Result<Vec<JobTransition>, AppError> {
        let seq = self.find(job_id)?.seq();
        let entries = self
            .history
            .transitions(seq)
            .map_err(StoreError::into_app_error)?;
        Ok(entries.into_iter().map(transition).collect())
    }

    /// Up to `limit` lines of a job's log after the line `after`.
    ///
    /// # Errors
    /// `unknown_job`, `storage`.
    pub fn log(&self, job_id: &JobId, after: u32, limit: u32) -> Result<LogPage, AppError> {
        let job = self.find(job_id)?;
        self.log_of(job.seq(), after, limit, Some(job.log_lines))
    }

    /// The same for a job by its number; `written` is how many lines it has written, if it has
    /// ended.
    pub(super) fn log_of(
        &self,
        seq: u64,
        after: u32,
        limit: u32,
        written: Option<u32>,
    ) -> Result<LogPage, AppError> {
        let (lines, more, kept) = self
            .history
            .log(seq, after, limit.min(LINES_A_PAGE))
            .map_err(StoreError::into_app_error)?;
        let newest = lines.last().map_or(0, |line| line.number);
        Ok(LogPage {
            dropped: written.unwrap_or(newest).saturating_sub(kept),
            lines: lines.into_iter().map(log_line).collect(),
            more,
        })
    }

    /// A piece of the JSON text of an output from the byte `offset`.
    ///
    /// # Errors
    /// `unknown_job`, `wrong_state`, `invalid_query`, `io_error`, `storage`.
    pub fn read_output(&self, job_id: &JobId, offset: u64) -> Result<OutputPage, AppError> {
        let job = self.find(job_id)?;
        output_page(&job, offset, Some(self.history.artifacts()))
    }

    pub(super) fn find(&self, job_id: &JobId) -> Result<JobRecord, AppError> {
        self.history
            .job(parse(job_id)?)
            .map_err(StoreError::into_app_error)?
            .ok_or_else(|| unknown(job_id))
    }
}

/// A piece of an output, wherever it stands.
pub fn output_page(
    job: &JobRecord,
    offset: u64,
    artifacts: Option<&Artifacts>,
) -> Result<OutputPage, AppError> {
    let inline;
    let text: &str = match (&job.output, artifacts) {
        (Some(Output::Artifact { .. }), Some(artifacts)) => {
            let (text, next_offset, total_bytes) = artifacts
                .read(job.origin.id, offset, INLINE_BYTES)
                .map_err(|error| unreadable(job, &error))?;
            return Ok(OutputPage {
                text,
                next_offset,
                total_bytes,
            });
        }
        (Some(Output::Text(text)), _) => text,
        (Some(Output::Inline(value)), _) => {
            inline = value.to_string();
            &inline
        }
        (None, _) if job.summary().message.as_deref() == Some(OUTPUT_REMOVED) => {
            return Err(AppError::new(ErrorCode::OutputRemoved, OUTPUT_REMOVED));
        }
        _ => {
            let message = format!("Job {} has no output.", job.job_id());
            return Err(AppError::new(ErrorCode::WrongState, message));
        }
    };
    let total_bytes = text.len() as u64;
    let (text, next_offset) = job_output::piece(text, offset, INLINE_BYTES)?;
    Ok(OutputPage {
        text,
        next_offset,
        total_bytes,
    })
}

fn unreadable(job: &JobRecord, error: &std::io::Error) -> AppError {
    if error.kind() == std::io::ErrorKind::InvalidInput {
        return AppError::new(
            ErrorCode::InvalidQuery,
            "No piece of this output begins there. Go on from next_offset.",
        );
    }
    AppError::new(
        ErrorCode::Io,
        format!(
            "The file with the output of job {} can't be read: {error}. The rest of the job is kept.",
            job.job_id()
        ),
    )
}

/// An entry of the history as clients see it.
pub fn transition(entry: HistoryEntry) -> JobTransition {
    JobTransition {
        revision: entry.revision,
        kind: entry.kind,
        status: entry.status,
        attempt: entry.attempt,
        caller: entry.caller,
        cause: entry.cause.into_owned(),
        at: entry.at.to_rfc3339(),
    }
}

/// A page of a log that is kept in memory.
pub fn log_in_memory(log: &VecDeque<WrittenLine>, after: u32, limit: u32) -> LogPage {
    let limit = limit.min(LINES_A_PAGE) as usize;
    let mut lines: Vec<_> = log
        .iter()
        .filter(|line| line.number > after)
        .take(limit + 1)
        .cloned()
        .map(log_line)
        .collect();
    let more = lines.len() > limit;
    lines.truncate(limit);
    let written = log.back().map_or(0, |line| line.number);
    let kept = u32::try_from(log.len()).unwrap_or(u32::MAX);
    LogPage {
        lines,
        dropped: written.saturating_sub(kept),
        more,
    }
}

/// A line as clients see it.
pub fn log_line(line: WrittenLine) -> LogLine {
    LogLine {
        number: line.number,
        at: Timestamp::from(line.at).to_rfc3339(),
        text: line.text,
    }
}

/// The id that stands in a text.
///
/// # Errors
/// `unknown_job`.
pub fn parse(job_id: &JobId) -> Result<Uuid, AppError> {
    Uuid::parse_str(job_id.as_str()).map_err(|_| unknown(job_id))
}

/// There is no such job.
pub fn unknown(job_id: &JobId) -> AppError {
    AppError::new(
        ErrorCode::UnknownJob,
        format!("There is no job {job_id}. The oldest jobs are forgotten when there are too many."),
    )
}
