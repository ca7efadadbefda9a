//! A job as a row, and back.
//!
//! What stands for a status on disk is left to `codes`; which rows are read, to `history`.

use std::sync::Arc;

use rusqlite::{Row, Statement, types::ValueRef};
use serde_json::Value;
use toolroom_shared::{AppError, JobProgress};
use uuid::Uuid;

use super::{
    codes::{caller, caller_code, priority, priority_code, status, status_code},
    error::{StoreError, StoreErrorKind},
};
use crate::{
    clock::Timestamp,
    record::{JobOrigin, JobRecord, Output, ProgressReport},
};

/// What changes in a job's life, in the order in which [`bind_state`] binds it after `seq`.
const STATE: &[&str] = &[
    "status",
    "priority",
    "rank",
    "revision",
    "attempt",
    "failures",
    "cancel_requested",
    "paused",
    "partial",
    "percent",
    "log_lines",
    "stage",
    "message",
    "report_percent",
    "done",
    "total",
    "unit",
    "rate",
    "output_bytes",
    "error",
    "next_attempt_at",
    "started_at",
    "finished_at",
];
/// What a job is from the beginning, in the order in which [`bind_origin`] binds it.
const ORIGIN: &[&str] = &[
    "ended",
    "id",
    "tool",
    "caller",
    "caller_name",
    "idempotency_key",
    "timeout_seconds",
    "max_attempts",
    "retry_of",
    "created_at",
];

/// The columns that [`record`] reads, in their order; three of other tables may follow.
pub(super) fn columns() -> String {
    format!("jobs.seq, {}, {}", STATE.join(", "), ORIGIN.join(", "))
}

/// Adds a job: [`bind_state`] and [`bind_origin`].
pub(super) fn insert_sql() -> String {
    let columns = 1 + STATE.len() + ORIGIN.len();
    let places = vec!["?"; columns].join(", ");
    format!(
        "INSERT INTO jobs(seq, {}, {}) VALUES({places})",
        STATE.join(", "),
        ORIGIN.join(", ")
    )
}

/// Changes a job: [`bind_state`].
pub(super) fn update_sql(ends: bool) -> String {
    let mut sql = "UPDATE jobs SET ".to_owned();
    for (place, column) in STATE.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        sql.push_str(&format!("{comma}{column} = ?{}", place + 2));
    }
    if ends {
        sql.push_str(", ended = 1");
    }
    sql.push_str(" WHERE seq = ?1");
    sql
}

/// Binds the job's number and what changes in its life.
pub(super) fn bind_state(
    statement: &mut Statement<'_>,
    record: &JobRecord,
) -> Result<(), StoreError> {
    let report = record.report.as_deref();
    let progress = report.map(|report| &report.progress);
    let error = record
        .error
        .as_deref()
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))?;
    let artifact = match record.output {
        Some(Output::Artifact { bytes }) => Some(bytes.cast_signed()),
        _ => None,
    };
    let mut bind = Binder::from(statement, 1);
    bind.next(record.seq().cast_signed())?;
    bind.next(status_code(record.status))?;
    bind.next(priority_code(record.priority))?;
    bind.next(record.rank)?;
    bind.next(record.revision)?;
    bind.next(record.attempt)?;
    bind.next(record.failures)?;
    bind.next(record.cancel_requested)?;
    bind.next(record.paused)?;
    bind.next(record.partial)?;
    bind.next(record.percent)?;
    bind.next(record.log_lines)?;
    bind.next(report.map(|report| report.stage.as_str()))?;
    bind.next(report.and_then(|report| report.message.as_deref()))?;
    bind.next(report.map(|report| report.percent))?;
    bind.next(progress.map(|progress| progress.done.cast_signed()))?;
    bind.next(progress.and_then(|progress| progress.total.map(u64::cast_signed)))?;
    bind.next(progress.map(|progress| progress.unit.as_str()))?;
    bind.next(progress.and_then(|progress| progress.rate))?;
    bind.next(artifact)?;
    bind.next(error)?;
    bind.next(record.next_attempt_at.map(|at| at.0))?;
    bind.next(record.started_at.map(|at| at.0))?;
    bind.next(record.finished_at.map(|at| at.0))
}

/// Binds what the job is from the beginning, after [`bind_state`].
pub(super) fn bind_origin(
    statement: &mut Statement<'_>,
    record: &JobRecord,
) -> Result<(), StoreError> {
    let origin = &record.origin;
    let mut bind = Binder::from(statement, 2 + STATE.len());
    bind.next(record.status.is_terminal())?;
    bind.next(origin.id.as_bytes().as_slice())?;
    bind.next(origin.tool.as_ref())?;
    let (caller, caller_name) = caller_code(&origin.caller);
    bind.next(caller)?;
    bind.next(caller_name)?;
    bind.next(origin.idempotency_key.as_deref())?;
    bind.next(origin.timeout_seconds)?;
    bind.next(origin.max_attempts)?;
    bind.next(origin.retry_of.as_ref().map(|id| id.as_bytes().as_slice()))?;
    bind.next(origin.created_at.0)
}

struct Binder<'s, 'c> {
    statement: &'s mut Statement<'c>,
    place: usize,
}

impl<'s, 'c> Binder<'s, 'c> {
    const fn from(statement: &'s mut Statement<'c>, place: usize) -> Self {
        Self { statement, place }
    }

    fn next(&mut self, value: impl rusqlite::ToSql) -> Result<(), StoreError> {
        self.statement.raw_bind_parameter(self.place, value)?;
        self.place += 1;
        Ok(())
    }
}

/// What follows [`columns`] in a row that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    /// Nothing: the job without its input, inline output and checkpoint.
    None,
    /// The JSON texts of the input, the output and the checkpoint.
    All,
}

/// Reads a job from the [`columns`].
pub(super) fn record(row: &Row<'_>, parts: Parts) -> Result<JobRecord, StoreError> {
    let mut read = Reader { row, place: 0 };
    let seq = read.next::<i64>()?.cast_unsigned();
    let mut record = JobRecord {
        status: status(read.next()?)?,
        priority: priority(read.next()?)?,
        rank: read.next()?,
        revision: read.next()?,
        attempt: read.next()?,
        failures: read.next()?,
        cancel_requested: read.next()?,
        paused: read.next()?,
        partial: read.next()?,
        percent: read.next()?,
        log_lines: read.next()?,
        report: report(&mut read)?.map(Arc::new),
        output: read.next::<Option<i64>>()?.map(|bytes| Output::Artifact {
            bytes: bytes.cast_unsigned(),
        }),
        error: error(&mut read)?.map(Arc::new),
        checkpoint: None,
        input: None,
        next_attempt_at: read.next::<Option<_>>()?.map(Timestamp),
        started_at: read.next::<Option<_>>()?.map(Timestamp),
        finished_at: read.next::<Option<_>>()?.map(Timestamp),
        origin: Arc::new(origin(&mut read, seq)?),
    };
    if parts == Parts::All {
        record.input = Some(Arc::new(read.json()?.unwrap_or(Value::Null)));
        if let Some(output) = read.json()? {
            record.output = Some(Output::Inline(Arc::new(output)));
        }
        record.checkpoint = read.json()?.map(Arc::new);
    }
    Ok(record)
}

fn report(read: &mut Reader<'_, '_>) -> Result<Option<ProgressReport>, StoreError> {
    let stage: Option<String> = read.next()?;
    let message = read.next()?;
    let percent: Option<u8> = read.next()?;
    let done: Option<i64> = read.next()?;
    let total: Option<i64> = read.next()?;
    let unit: Option<String> = read.next()?;
    let rate = read.next()?;
    Ok(stage.map(|stage| ProgressReport {
        stage,
        message,
        percent: percent.unwrap_or(0),
        progress: JobProgress {
            done: done.unwrap_or(0).cast_unsigned(),
            total: total.map(i64::cast_unsigned),
            unit: unit.unwrap_or_default(),
            rate,
        },
    }))
}

fn error(read: &mut Reader<'_, '_>) -> Result<Option<AppError>, StoreError> {
    let error = read.text()?.map(serde_json::from_slice).transpose();
    error.map_err(damaged_json)
}

fn damaged_json(error: serde_json::Error) -> StoreError {
    StoreError::corrupt(format!("JSON in the history: {error}"))
}

fn origin(read: &mut Reader<'_, '_>, seq: u64) -> Result<JobOrigin, StoreError> {
    let _ended: bool = read.next()?;
    Ok(JobOrigin {
        seq,
        id: read.next::<[u8; 16]>().map(Uuid::from_bytes)?,
        tool: read.next::<Arc<str>>()?,
        caller: caller(read.next()?, &read.next::<Box<str>>()?)?,
        idempotency_key: read.next::<Option<Box<str>>>()?,
        timeout_seconds: read.next()?,
        max_attempts: read.next()?,
        retry_of: read.next::<Option<[u8; 16]>>()?.map(Uuid::from_bytes),
        created_at: Timestamp(read.next()?),
    })
}

struct Reader<'r, 'c> {
    row: &'r Row<'c>,
    place: usize,
}

impl Reader<'_, '_> {
    fn next<T: rusqlite::types::FromSql>(&mut self) -> Result<T, StoreError> {
        let value = self.row.get(self.place)?;
        self.place += 1;
        Ok(value)
    }

    fn json(&mut self) -> Result<Option<Value>, StoreError> {
        let value = self.text()?.map(serde_json::from_slice).transpose();
        value.map_err(damaged_json)
    }

    fn text(&mut self) -> Result<Option<&[u8]>, StoreError> {
        let text = self.row.get_ref(self.place)?;
        self.place += 1;
        match text {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => Ok(Some(text)),
            _ => Err(StoreError::corrupt("a text in the history is no text")),
        }
    }
}
