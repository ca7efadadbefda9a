//! What can be done to a job as it stands.

use leptos::prelude::*;
use toolroom_shared::JobStatus;

use super::JobReading;

/// What can be done to a job.
#[derive(Clone, Copy)]
pub struct Can {
    /// It hasn't ended, and nobody asked for its end.
    pub cancel: Memo<bool>,
    /// It can be held back, at once or at its next checkpoint.
    pub pause: Memo<bool>,
    /// It is held back, or is about to be.
    pub resume: Memo<bool>,
    /// It waits for its turn and could have it sooner.
    pub move_up: Memo<bool>,
    /// It has ended, and can be run once more.
    pub run_again: Memo<bool>,
}

impl Can {
    /// What can be done to the job in `reading`.
    #[must_use]
    pub fn of(reading: &JobReading) -> Self {
        let tool = reading.tool;
        let checkpoints = Memo::new(move |_| {
            tool.with(|tool| tool.as_ref().is_some_and(|tool| tool.behavior.checkpoints))
        });
        let pausable = reading.summary(|job| match job.status {
            JobStatus::Queued if !job.paused && !job.cancel_requested => Some(false),
            JobStatus::Running if !job.paused && !job.cancel_requested => Some(true),
            _ => None,
        });
        Self {
            cancel: reading.summary(|job| !job.status.is_terminal() && !job.cancel_requested),
            // A job at work stops only where it can go on again.
            pause: Memo::new(move |_| match pausable.get() {
                Some(at_work) => !at_work || checkpoints.get(),
                None => false,
            }),
            resume: reading
                .summary(|job| job.paused && !job.status.is_terminal() && !job.cancel_requested),
            move_up: reading.summary(|job| {
                job.status == JobStatus::Queued
                    && !job.paused
                    && !job.cancel_requested
                    && job.next_attempt_at.is_none()
            }),
            run_again: reading.summary(|job| job.status.is_terminal()),
        }
    }
}
