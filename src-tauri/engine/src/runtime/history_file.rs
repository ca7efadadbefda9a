//! A file with jobs that have ended: one JSON object a line, each with all that is kept of a job.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write},
    path::Path,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_shared::{
    AppError, ErrorCode, HistoryCopy, JobProgress, JobSnapshot, JobTransition, LogLine,
};
use toolroom_toolkit::{INLINE_BYTES, WrittenLine};
use uuid::Uuid;

use super::job_reader::{JobReader, log_line, transition};
use crate::{
    clock::Timestamp,
    record::{JobOrigin, JobRecord, Output, ProgressReport},
    store::{HistoryEntry, ImportedJob, StoreError},
};

/// Which form the lines have.
const FORMAT: u32 = 1;
/// How many jobs are read at once.
const READ_AT_ONCE: u32 = 100;
/// How many lines of a log there can be.
const MOST_LOG_LINES: u32 = 1_000_000;

/// A line as it stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    /// The job, with its whole output.
    job: JobSnapshot,
    transitions: Vec<JobTransition>,
    log: Vec<LogLine>,
}

/// A job from such a file, still without a number of its own.
pub struct Line {
    record: JobRecord,
    output: Option<String>,
    entries: Vec<HistoryEntry>,
    log: Vec<WrittenLine>,
}

impl Line {
    /// The job with its number.
    pub fn numbered(self, seq: u64) -> ImportedJob {
        let mut record = self.record;
        let origin = JobOrigin {
            seq,
            ..JobOrigin::clone(&record.origin)
        };
        record.origin = Arc::new(origin);
        ImportedJob {
            record,
            output: self.output,
            entries: self.entries,
            log: self.log,
        }
    }
}

/// Writes all jobs that have ended into a new file, whole or not at all.
///
/// # Errors
/// `already_exists`, `io_error`, `storage`.
pub fn write(path: &Path, reader: &JobReader) -> Result<HistoryCopy, AppError> {
    let failed = |error: &io::Error| {
        let code = match error.kind() {
            ErrorKind::AlreadyExists => ErrorCode::AlreadyExists,
            _ => ErrorCode::Io,
        };
        let message = format!(
            "{} can't be written: {error}. Nothing was kept there.",
            path.display()
        );
        AppError::new(code, message)
    };
    if path.exists() {
        return Err(failed(&ErrorKind::AlreadyExists.into()));
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("/"));
    // For its owner only: what jobs were given and gave may be nobody else's business.
    let new = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let mut out = BufWriter::new(new);
    let (mut copied, mut last) = (HistoryCopy::default(), 0);
    loop {
        let jobs = reader.history().ended_after(last, READ_AT_ONCE);
        let jobs = jobs.map_err(StoreError::into_app_error)?;
        let Some(newest) = jobs.last() else {
            break;
        };
        last = newest.seq();
        for job in jobs {
            let line = written(&job, reader)?;
            let text = serde_json::to_writer(&mut out, &line).map_err(io::Error::from);
            text.and_then(|()| out.write_all(b"\n"))
                .map_err(|error| failed(&error))?;
            copied.jobs += 1;
        }
    }
    let all = reader
        .history()
        .jobs()
        .map_err(StoreError::into_app_error)?;
    copied.left_out = all.saturating_sub(copied.jobs);
    let finish = || -> io::Result<()> {
        let new = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        new.as_file().sync_all()?;
        new.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    };
    finish().map_err(|error| failed(&error))?;
    Ok(copied)
}

/// Gives each line of a file to `take`.
///
/// # Errors
/// `invalid_input`, at the first line that isn't a job that has ended; `io_error`; those of `take`.
pub fn read(
    path: &Path,
    take: &mut dyn FnMut(Line) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let failed = |error: &io::Error| {
        let message = format!(
            "{} can't be read: {error}. Nothing was taken in.",
            path.display()
        );
        AppError::new(ErrorCode::Io, message)
    };
    let file = File::open(path).map_err(|error| failed(&error))?;
    for (number, text) in (1u64..).zip(BufReader::new(file).split(b'\n')) {
        let text = text.map_err(|error| failed(&error))?;
        if text.is_empty() {
            continue;
        }
        let line = understood(&text).map_err(|why| {
            let message = format!(
                "Line {number} of {} is no job that can be taken in: {why}. Nothing was taken in.",
                path.display()
            );
            AppError::new(ErrorCode::InvalidInput, message)
        })?;
        take(line)?;
    }
    Ok(())
}

fn written(record: &JobRecord, reader: &JobReader) -> Result<Written, AppError> {
    let history = reader.history();
    let mut job = record.snapshot();
    if let Some(Output::Artifact { bytes }) = record.output {
        let size = usize::try_from(bytes).unwrap_or(usize::MAX);
        // One whose file is gone is told without it, as its job is.
        if let Ok((text, None, _)) = history.artifacts().read(record.origin.id, 0, size) {
            job.output = serde_json::from_str(&text).ok();
        }
    }
    let entries = history
        .transitions(record.seq())
        .map_err(StoreError::into_app_error)?;
    let (log, ..) = history
        .log(record.seq(), 0, MOST_LOG_LINES)
        .map_err(StoreError::into_app_error)?;
    Ok(Written {
        format: FORMAT,
        job,
        transitions: entries.into_iter().map(transition).collect(),
        log: log.into_iter().map(log_line).collect(),
    })
}

/// What a line says, or why it can't be a job. Nothing of what it holds is repeated.
fn understood(text: &[u8]) -> Result<Line, String> {
    let line: Written = serde_json::from_slice(text).map_err(|error| {
        format!(
            "it can't be understood from its column {} on",
            error.column()
        )
    })?;
    if line.format != FORMAT {
        return Err(format!(
            "its format is {}, and {FORMAT} is known here",
            line.format
        ));
    }
    if !line.job.status.is_terminal() {
        return Err("it has not ended".to_owned());
    }
    if !in_order(line.transitions.iter().map(|entry| entry.revision))
        || !in_order(line.log.iter().map(|line| line.number))
    {
        return Err("what happened to it isn't in order".to_owned());
    }
    let (record, output) = record(line.job)?;
    let entries: Result<_, String> = line.transitions.into_iter().map(entry).collect();
    let log: Result<_, String> = line.log.into_iter().map(logged).collect();
    Ok(Line {
        record,
        output,
        entries: entries?,
        log: log?,
    })
}

fn in_order(mut numbers: impl Iterator<Item = u32>) -> bool {
    let mut last = 0;
    numbers.all(|number| std::mem::replace(&mut last, number) < number)
}

fn record(job: JobSnapshot) -> Result<(JobRecord, Option<String>), String> {
    let id = |text: &str| Uuid::try_parse(text).map_err(|_| "its id is none".to_owned());
    let text = job.output.as_ref().map(Value::to_string);
    let output = match (job.output, &text) {
        (Some(_), Some(text)) if text.len() > INLINE_BYTES => Some(Output::Artifact {
            bytes: text.len() as u64,
        }),
        (Some(value), _) => Some(Output::Inline(Arc::new(value))),
        (None, _) => None,
    };
    let has_report =
        !job.stage.is_empty() || job.message.is_some() || job.progress != JobProgress::default();
    let report = has_report.then(|| {
        Arc::new(ProgressReport {
            stage: job.stage,
            message: job.message,
            percent: job.progress_pct,
            progress: job.progress,
        })
    });
    let origin = JobOrigin {
        seq: 0,
        id: id(job.job_id.as_str())?,
        tool: job.tool_name.into(),
        caller: job.caller,
        idempotency_key: None,
        timeout_seconds: None,
        max_attempts: None,
        retry_of: job
            .retry_of
            .as_ref()
            .map(|of| id(of.as_str()))
            .transpose()?,
        created_at: moment(&job.created_at)?,
    };
    let some_moment = |text: Option<String>| text.map(|text| moment(&text)).transpose();
    let finished_at = some_moment(job.finished_at)?;
    let record = JobRecord {
        origin: Arc::new(origin),
        input: Some(Arc::new(job.input)),
        status: job.status,
        priority: job.priority,
        rank: 0,
        revision: job.revision,
        attempt: job.attempt,
        failures: 0,
        cancel_requested: job.cancel_requested,
        paused: job.paused,
        partial: job.partial,
        percent: job.progress_pct,
        log_lines: job.log_lines,
        report,
        output,
        error: job.error.map(Arc::new),
        checkpoint: None,
        next_attempt_at: None,
        started_at: some_moment(job.started_at)?,
        finished_at: Some(finished_at.ok_or("it doesn't say when it ended")?),
    };
    Ok((record, text))
}

fn entry(of: JobTransition) -> Result<HistoryEntry, String> {
    Ok(HistoryEntry {
        revision: of.revision,
        kind: of.kind,
        status: of.status,
        attempt: of.attempt,
        caller: of.caller,
        cause: Cow::Owned(of.cause),
        at: moment(&of.at)?,
    })
}

fn logged(line: LogLine) -> Result<WrittenLine, String> {
    Ok(WrittenLine {
        number: line.number,
        at: date(&line.at)?,
        text: line.text,
    })
}

fn moment(text: &str) -> Result<Timestamp, String> {
    date(text).map(Timestamp::from)
}

fn date(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| "one of its times is none".to_owned())
}
