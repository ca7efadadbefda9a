//! Decides what becomes of a job: (state, change) -> (state, effects). Pure, and the only writer
//! of a status.
//!
//! Carrying out the effects is `job_manager`'s business.

use serde_json::Value;
use toolroom_shared::{
    AppError, Caller, ErrorCode, JobId, JobPriority, JobProgress, JobSnapshot, JobStatus,
    TransitionKind,
};

/// Something that happened to a job, or that somebody wants of it.
#[derive(Clone, Debug, PartialEq)]
pub enum JobChange {
    /// Its turn has come.
    Started,
    /// It is further, or its tool said something.
    Progressed(ProgressReport),
    /// Somebody asked for it to end.
    CancelRequested,
    /// Its work has stopped.
    Ended(JobOutcome),
}

/// How far a running job is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgressReport {
    /// The phase, in words.
    pub stage: String,
    /// The latest thing that the tool had to say.
    pub message: Option<String>,
    /// 0 to 100.
    pub percent: u8,
    /// In the tool's own unit.
    pub progress: JobProgress,
}

/// How a job's work stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum JobOutcome {
    /// With an output.
    Succeeded(Value),
    /// With an error, and what was done by then.
    Failed(AppError, Option<Value>),
    /// Because it was asked to, and what was done by then.
    Canceled(Option<Value>),
}

/// What is to be done because of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Tell everyone.
    Publish(TransitionKind),
    /// It no longer waits for its turn.
    LeaveQueue,
    /// Its work is to stop.
    StopWork,
}

/// A job that has just been accepted.
#[must_use]
pub fn accepted(
    job_id: JobId,
    tool_name: &str,
    input: Value,
    priority: JobPriority,
    caller: Caller,
    now: String,
) -> JobSnapshot {
    JobSnapshot {
        job_id,
        tool_name: tool_name.to_owned(),
        status: JobStatus::Queued,
        progress_pct: 0,
        stage: String::new(),
        message: None,
        input,
        output: None,
        error: None,
        revision: 1,
        attempt: 0,
        cancel_requested: false,
        paused: false,
        partial: false,
        priority,
        caller,
        progress: JobProgress::default(),
        next_attempt_at: None,
        created_at: now,
        started_at: None,
        finished_at: None,
    }
}

/// Applies a change. A change that doesn't fit the job's state changes nothing and has no effects.
pub fn apply(job: &mut JobSnapshot, change: JobChange, now: &str) -> Vec<Effect> {
    let effects = match change {
        JobChange::Started => start(job, now),
        JobChange::Progressed(report) => progress(job, report),
        JobChange::CancelRequested => request_cancel(job, now),
        JobChange::Ended(outcome) => end(job, outcome, now),
    };
    if !effects.is_empty() {
        job.revision += 1;
    }
    effects
}

fn set_status(job: &mut JobSnapshot, next: JobStatus) -> bool {
    let allowed = job.status.can_become(next);
    if allowed {
        job.status = next;
    }
    allowed
}

fn start(job: &mut JobSnapshot, now: &str) -> Vec<Effect> {
    if !set_status(job, JobStatus::Running) {
        return Vec::new();
    }
    job.attempt += 1;
    job.progress_pct = 0;
    job.started_at.get_or_insert_with(|| now.to_owned());
    vec![Effect::Publish(TransitionKind::Started)]
}

fn progress(job: &mut JobSnapshot, report: ProgressReport) -> Vec<Effect> {
    if job.status != JobStatus::Running {
        return Vec::new();
    }
    job.stage = report.stage;
    job.message = report.message;
    job.progress = report.progress;
    job.progress_pct = job.progress_pct.max(report.percent.min(100));
    vec![Effect::Publish(TransitionKind::Progress)]
}

fn request_cancel(job: &mut JobSnapshot, now: &str) -> Vec<Effect> {
    match job.status {
        JobStatus::Queued => {
            set_status(job, JobStatus::Canceled);
            job.cancel_requested = true;
            job.finished_at = Some(now.to_owned());
            vec![
                Effect::LeaveQueue,
                Effect::Publish(TransitionKind::Canceled),
            ]
        }
        JobStatus::Running if !job.cancel_requested => {
            job.cancel_requested = true;
            vec![
                Effect::StopWork,
                Effect::Publish(TransitionKind::CancelRequested),
            ]
        }
        _ => Vec::new(),
    }
}

fn end(job: &mut JobSnapshot, outcome: JobOutcome, now: &str) -> Vec<Effect> {
    let outcome = match outcome {
        // A tool that gives up although nobody asked it to has failed.
        JobOutcome::Canceled(partial) if !job.cancel_requested => JobOutcome::Failed(
            AppError::new(
                ErrorCode::Internal,
                "The tool stopped by itself before it was done. What it had done is kept.",
            ),
            partial,
        ),
        other => other,
    };
    let (status, kind) = match &outcome {
        JobOutcome::Succeeded(_) => (JobStatus::Succeeded, TransitionKind::Succeeded),
        JobOutcome::Failed(..) => (JobStatus::Failed, TransitionKind::Failed),
        JobOutcome::Canceled(_) => (JobStatus::Canceled, TransitionKind::Canceled),
    };
    if !set_status(job, status) {
        return Vec::new();
    }
    job.finished_at = Some(now.to_owned());
    match outcome {
        JobOutcome::Succeeded(output) => {
            job.output = Some(output);
            job.progress_pct = 100;
        }
        JobOutcome::Failed(error, partial) => {
            job.error = Some(error);
            job.partial = partial.is_some();
            job.output = partial;
        }
        JobOutcome::Canceled(partial) => {
            job.partial = partial.is_some();
            job.output = partial;
        }
    }
    vec![Effect::Publish(kind)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn any_change() -> impl Strategy<Value = JobChange> {
        let partial = proptest::option::of(Just(json!({"done": 1})));
        prop_oneof![
            Just(JobChange::Started),
            (0u8..=255).prop_map(|percent| JobChange::Progressed(ProgressReport {
                percent,
                ..ProgressReport::default()
            })),
            Just(JobChange::CancelRequested),
            Just(JobChange::Ended(JobOutcome::Succeeded(json!(1)))),
            partial
                .clone()
                .prop_map(|kept| JobChange::Ended(JobOutcome::Failed(
                    AppError::new(ErrorCode::Io, "no"),
                    kept
                ))),
            partial.prop_map(|kept| JobChange::Ended(JobOutcome::Canceled(kept))),
        ]
    }

    fn job() -> JobSnapshot {
        accepted(
            JobId("j".into()),
            "t",
            json!({}),
            JobPriority::Normal,
            Caller::App,
            "then".into(),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn whatever_happens_the_rules_hold(changes in proptest::collection::vec(any_change(), 0..30)) {
            let mut job = job();
            for change in changes {
                let before = job.clone();
                let effects = apply(&mut job, change, "now");

                // A change without effects changes nothing; one with effects is one revision more.
                if effects.is_empty() {
                    prop_assert_eq!(&job, &before);
                    continue;
                }
                prop_assert_eq!(job.revision, before.revision + 1);
                // Every visible change is told, once.
                let told = effects.iter().filter(|e| matches!(e, Effect::Publish(_))).count();
                prop_assert_eq!(told, 1);
                // A status follows the one rule, and a terminal one is final.
                prop_assert!(!before.status.is_terminal());
                prop_assert!(job.status == before.status || before.status.can_become(job.status));
                // Percent never falls within an attempt, and is whole on success only.
                if job.attempt == before.attempt {
                    prop_assert!(job.progress_pct >= before.progress_pct);
                }
                prop_assert!(job.progress_pct <= 100);
                // A job ends with a time, and nobody is reported as canceled who wasn't asked to.
                prop_assert_eq!(job.status.is_terminal(), job.finished_at.is_some());
                prop_assert!(job.status != JobStatus::Canceled || job.cancel_requested);
                prop_assert_eq!(job.status == JobStatus::Failed, job.error.is_some());
                prop_assert!(!job.partial || job.output.is_some());
            }
        }
    }

    #[test]
    fn a_queued_job_is_canceled_at_once() {
        let mut job = job();
        let effects = apply(&mut job, JobChange::CancelRequested, "now");
        assert_eq!(job.status, JobStatus::Canceled);
        assert!(effects.contains(&Effect::LeaveQueue));
    }

    #[test]
    fn a_running_job_is_canceled_when_its_work_has_stopped() {
        let mut job = job();
        apply(&mut job, JobChange::Started, "now");
        let effects = apply(&mut job, JobChange::CancelRequested, "now");
        assert!(effects.contains(&Effect::StopWork));
        assert_eq!(job.status, JobStatus::Running);
        assert!(job.cancel_requested);
        let end = JobChange::Ended(JobOutcome::Canceled(Some(json!([]))));
        apply(&mut job, end, "later");
        assert_eq!(job.status, JobStatus::Canceled);
        assert!(job.partial);
    }

    #[test]
    fn work_that_is_done_before_it_hears_of_the_cancel_has_succeeded() {
        let mut job = job();
        apply(&mut job, JobChange::Started, "now");
        apply(&mut job, JobChange::CancelRequested, "now");
        apply(
            &mut job,
            JobChange::Ended(JobOutcome::Succeeded(json!(1))),
            "later",
        );
        assert_eq!(job.status, JobStatus::Succeeded);
        assert!(apply(&mut job, JobChange::CancelRequested, "later").is_empty());
    }
}
