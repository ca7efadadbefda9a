//! Decides what becomes of a job: (job, change) -> (job, what is told, what is to be done). Pure,
//! and the only writer of a status.
//!
//! Storing, telling and doing it is `scheduler`'s business.

use std::sync::Arc;

use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode, JobPriority, JobStatus, TransitionKind};

use crate::{
    clock::Timestamp,
    record::{JobRecord, Output, ProgressReport},
};

/// Something that happened to a job, or that somebody wants of it.
#[derive(Clone, Debug, PartialEq)]
pub enum JobChange {
    /// Its turn has come.
    Started,
    /// It is further, its tool said something, or wrote this many lines to its log.
    Progressed {
        /// How far it is; none if only the log has grown.
        report: Option<Arc<ProgressReport>>,
        /// How many lines there are in all.
        log_lines: u32,
    },
    /// Somebody asked for it to end.
    CancelRequested,
    /// Somebody asked for it to be held back.
    PauseRequested,
    /// Somebody asked for it to go on.
    Resumed,
    /// It gets another place in the queue.
    Moved {
        /// Among those of this priority.
        priority: JobPriority,
        /// The lowest goes first.
        rank: i64,
    },
    /// Its work has stopped.
    Ended(JobOutcome),
    /// Its attempt failed, and another is to be made.
    RetryScheduled {
        /// Why it failed.
        error: Arc<AppError>,
        /// Where the other goes on.
        checkpoint: Option<Arc<Value>>,
        /// When the other is to begin.
        at: Timestamp,
    },
    /// Its work has stopped because its engine has.
    Interrupted {
        /// Its tool says that it can begin again.
        starts_again: bool,
        /// Where it goes on then.
        checkpoint: Option<Arc<Value>>,
        /// What was done by then.
        partial: Option<Output>,
    },
}

/// How a job's work stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum JobOutcome {
    /// With an output.
    Succeeded(Output),
    /// With an error, and what was done by then.
    Failed(Arc<AppError>, Option<Output>),
    /// Because it was asked to, and what was done by then.
    Canceled(Option<Output>),
    /// Because it was asked to pause, and from where it can go on.
    Paused(Option<Arc<Value>>),
}

/// A job after a change, and what follows from it.
#[derive(Debug)]
pub struct Applied {
    /// The job after it.
    pub job: JobRecord,
    /// What is told of it.
    pub kind: TransitionKind,
    /// What is to be done because of it.
    pub effect: Effect,
}

/// What is to be done because of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing more.
    Nothing,
    /// It waits for its turn from now on, at its rank.
    EnterQueue,
    /// It no longer waits for its turn.
    LeaveQueue,
    /// If it waits for its turn, then at its new rank.
    ChangePlace,
    /// Its work is to stop.
    StopWork,
    /// Its work is to stop at its next checkpoint.
    PauseWork,
}

/// Applies a change. None if it doesn't fit the job's state: then nothing has happened.
pub fn apply(before: &JobRecord, change: JobChange, now: Timestamp) -> Option<Applied> {
    let mut job = before.clone();
    let (kind, effect) = match change {
        JobChange::Started => start(&mut job, now)?,
        JobChange::Progressed { report, log_lines } => progress(&mut job, report, log_lines)?,
        JobChange::CancelRequested => request_cancel(&mut job, now)?,
        JobChange::PauseRequested => request_pause(&mut job)?,
        JobChange::Resumed => resume(&mut job)?,
        JobChange::Moved { priority, rank } => move_to(&mut job, priority, rank)?,
        JobChange::Ended(outcome) => end(&mut job, outcome, now)?,
        JobChange::RetryScheduled {
            error,
            checkpoint,
            at,
        } => schedule_retry(&mut job, error, checkpoint, at, now)?,
        JobChange::Interrupted {
            starts_again,
            checkpoint,
            partial,
        } => interrupt(&mut job, starts_again, checkpoint, partial, now)?,
    };
    job.revision = job.revision.saturating_add(1);
    Some(Applied { job, kind, effect })
}

type Told = Option<(TransitionKind, Effect)>;

fn become_status(job: &mut JobRecord, next: JobStatus) -> Option<()> {
    job.status.can_become(next).then(|| job.status = next)
}

fn start(job: &mut JobRecord, now: Timestamp) -> Told {
    if job.paused {
        return None;
    }
    become_status(job, JobStatus::Running)?;
    job.attempt += 1;
    job.percent = 0;
    job.report = None;
    job.error = None;
    job.next_attempt_at = None;
    job.started_at.get_or_insert(now);
    Some((TransitionKind::Started, Effect::Nothing))
}

fn progress(job: &mut JobRecord, report: Option<Arc<ProgressReport>>, log_lines: u32) -> Told {
    if job.status != JobStatus::Running {
        return None;
    }
    job.log_lines = job.log_lines.max(log_lines);
    if let Some(report) = report {
        job.percent = job.percent.max(report.percent.min(100));
        job.report = Some(report);
    }
    Some((TransitionKind::Progress, Effect::Nothing))
}

fn request_cancel(job: &mut JobRecord, now: Timestamp) -> Told {
    match job.status {
        JobStatus::Queued => {
            job.cancel_requested = true;
            cancel(job, None, now)?;
            Some((TransitionKind::Canceled, Effect::LeaveQueue))
        }
        JobStatus::Running if !job.cancel_requested => {
            job.cancel_requested = true;
            Some((TransitionKind::CancelRequested, Effect::StopWork))
        }
        _ => None,
    }
}

fn request_pause(job: &mut JobRecord) -> Told {
    if job.paused || job.cancel_requested {
        return None;
    }
    match job.status {
        JobStatus::Queued => {
            job.paused = true;
            job.next_attempt_at = None;
            Some((TransitionKind::Paused, Effect::LeaveQueue))
        }
        JobStatus::Running => {
            job.paused = true;
            Some((TransitionKind::PauseRequested, Effect::PauseWork))
        }
        _ => None,
    }
}

fn resume(job: &mut JobRecord) -> Told {
    if !job.paused || job.status.is_terminal() {
        return None;
    }
    job.paused = false;
    match job.status {
        JobStatus::Queued => Some((TransitionKind::Resumed, Effect::EnterQueue)),
        // It is on its way to a checkpoint, and goes on from there.
        _ => Some((TransitionKind::Resumed, Effect::Nothing)),
    }
}

fn move_to(job: &mut JobRecord, priority: JobPriority, rank: i64) -> Told {
    if job.status != JobStatus::Queued {
        return None;
    }
    job.priority = priority;
    job.rank = rank;
    Some((TransitionKind::Moved, Effect::ChangePlace))
}

fn end(job: &mut JobRecord, outcome: JobOutcome, now: Timestamp) -> Told {
    match outcome {
        JobOutcome::Succeeded(output) => {
            become_status(job, JobStatus::Succeeded)?;
            job.output = Some(output);
            job.percent = 100;
            close(job, now);
            Some((TransitionKind::Succeeded, Effect::Nothing))
        }
        JobOutcome::Failed(error, partial) => fail(job, error, partial, now),
        JobOutcome::Canceled(partial) if job.cancel_requested => {
            cancel(job, partial, now)?;
            Some((TransitionKind::Canceled, Effect::Nothing))
        }
        // A tool that gives up although nobody asked it to has failed.
        JobOutcome::Canceled(partial) => fail(job, Arc::new(gave_up()), partial, now),
        JobOutcome::Paused(_) if job.cancel_requested => {
            cancel(job, None, now)?;
            Some((TransitionKind::Canceled, Effect::Nothing))
        }
        JobOutcome::Paused(checkpoint) => {
            become_status(job, JobStatus::Queued)?;
            job.checkpoint = checkpoint;
            Some(if job.paused {
                (TransitionKind::Paused, Effect::Nothing)
            } else {
                (TransitionKind::Requeued, Effect::EnterQueue)
            })
        }
    }
}

fn schedule_retry(
    job: &mut JobRecord,
    error: Arc<AppError>,
    checkpoint: Option<Arc<Value>>,
    at: Timestamp,
    now: Timestamp,
) -> Told {
    if job.cancel_requested {
        cancel(job, None, now)?;
        return Some((TransitionKind::Canceled, Effect::Nothing));
    }
    become_status(job, JobStatus::Queued)?;
    job.failures += 1;
    job.error = Some(error);
    job.checkpoint = checkpoint;
    // One that is held back has no date.
    job.next_attempt_at = (!job.paused).then_some(at);
    Some((TransitionKind::RetryScheduled, Effect::Nothing))
}

fn interrupt(
    job: &mut JobRecord,
    starts_again: bool,
    checkpoint: Option<Arc<Value>>,
    partial: Option<Output>,
    now: Timestamp,
) -> Told {
    if job.status != JobStatus::Running {
        return None;
    }
    if job.cancel_requested {
        cancel(job, partial, now)?;
        return Some((TransitionKind::Canceled, Effect::Nothing));
    }
    if !starts_again {
        return fail(job, Arc::new(interrupted(partial.is_some())), partial, now);
    }
    become_status(job, JobStatus::Queued)?;
    job.checkpoint = checkpoint;
    let effect = if job.paused {
        Effect::Nothing
    } else {
        Effect::EnterQueue
    };
    Some((TransitionKind::Requeued, effect))
}

fn fail(
    job: &mut JobRecord,
    error: Arc<AppError>,
    partial: Option<Output>,
    now: Timestamp,
) -> Told {
    let was_running = job.status == JobStatus::Running;
    become_status(job, JobStatus::Failed)?;
    job.failures += u32::from(was_running);
    job.error = Some(error);
    keep_partial(job, partial);
    close(job, now);
    Some((TransitionKind::Failed, Effect::Nothing))
}

fn cancel(job: &mut JobRecord, partial: Option<Output>, now: Timestamp) -> Option<()> {
    become_status(job, JobStatus::Canceled)?;
    job.error = None;
    keep_partial(job, partial);
    close(job, now);
    Some(())
}

fn keep_partial(job: &mut JobRecord, partial: Option<Output>) {
    job.partial = partial.is_some();
    job.output = partial;
}

/// What every job that has ended has in common.
fn close(job: &mut JobRecord, now: Timestamp) {
    job.finished_at = Some(now);
    job.next_attempt_at = None;
    job.paused = false;
    job.checkpoint = None;
}

fn gave_up() -> AppError {
    AppError::new(
        ErrorCode::Internal,
        "The tool stopped by itself before it was done. What it had done is kept.",
    )
}

fn interrupted(has_partial: bool) -> AppError {
    let kept = if has_partial {
        " What was done by then is kept."
    } else {
        ""
    };
    AppError::new(
        ErrorCode::Interrupted,
        format!(
            "Toolroom ended while this job ran.{kept} It was not begun again by itself, because doing its work twice might do harm. Check what it has done, and retry it if you want it again."
        ),
    )
}

#[cfg(test)]
#[path = "job_table_tests.rs"]
mod tests;
