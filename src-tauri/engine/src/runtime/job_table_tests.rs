//! Whatever happens to a job, in whatever order, the rules of its life hold.

use proptest::prelude::*;
use serde_json::json;
use toolroom_shared::Caller;
use uuid::Uuid;

use super::*;
use crate::record::JobOrigin;

fn output() -> Output {
    Output::Inline(Arc::new(json!({ "done": 1 })))
}

fn error() -> Arc<AppError> {
    Arc::new(AppError::new(ErrorCode::Io, "no"))
}

fn any_change() -> impl Strategy<Value = JobChange> {
    let partial = || proptest::option::of(Just(output()));
    prop_oneof![
        3 => Just(JobChange::Started),
        2 => (0u8..=255, 0u32..9).prop_map(|(percent, log_lines)| JobChange::Progressed {
            report: Some(Arc::new(ProgressReport { percent, ..ProgressReport::default() })),
            log_lines,
        }),
        1 => Just(JobChange::CancelRequested),
        1 => Just(JobChange::PauseRequested),
        2 => Just(JobChange::Resumed),
        1 => (0i64..9).prop_map(|rank| JobChange::Moved { priority: JobPriority::High, rank }),
        1 => Just(JobChange::Ended(JobOutcome::Succeeded(output()))),
        1 => partial().prop_map(|kept| JobChange::Ended(JobOutcome::Failed(error(), kept))),
        1 => partial().prop_map(|kept| JobChange::Ended(JobOutcome::Canceled(kept))),
        1 => Just(JobChange::Ended(JobOutcome::Paused(Some(Arc::new(json!(7)))))),
        2 => Just(JobChange::RetryScheduled { error: error(), checkpoint: None, at: Timestamp(99) }),
        1 => (any::<bool>(), partial()).prop_map(|(starts_again, partial)| {
            JobChange::Interrupted { starts_again, checkpoint: None, partial }
        }),
    ]
}

fn job() -> JobRecord {
    let origin = JobOrigin {
        seq: 1,
        id: Uuid::nil(),
        tool: "t".into(),
        caller: Caller::App,
        idempotency_key: None,
        timeout_seconds: None,
        max_attempts: None,
        retry_of: None,
        created_at: Timestamp(0),
    };
    JobRecord::accepted(
        Arc::new(origin),
        Arc::new(json!({})),
        JobPriority::Normal,
        1,
    )
}

fn after(changes: impl IntoIterator<Item = JobChange>) -> JobRecord {
    changes.into_iter().fold(job(), |job, change| {
        apply(&job, change, Timestamp(5)).map_or(job, |applied| applied.job)
    })
}

/// A hundred thousand where time doesn't matter.
fn cases() -> u32 {
    if std::env::var_os("TOOLROOM_TEST_ALL").is_some() {
        100_000
    } else {
        10_000
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]
    #[test]
    fn whatever_happens_the_rules_hold(changes in proptest::collection::vec(any_change(), 0..16)) {
        let mut before = job();
        for change in changes {
            let progressed = matches!(change, JobChange::Progressed { .. });
            let Some(Applied { job, kind, effect }) = apply(&before, change, Timestamp(5)) else {
                continue;
            };
            prop_assert_eq!(job.revision, before.revision + 1);
            // A status follows the one rule, and a terminal one is final.
            prop_assert!(!before.status.is_terminal());
            prop_assert!(job.status == before.status || before.status.can_become(job.status));
            // What is told is what happened.
            let ended = match kind {
                TransitionKind::Succeeded => Some(JobStatus::Succeeded),
                TransitionKind::Failed => Some(JobStatus::Failed),
                TransitionKind::Canceled => Some(JobStatus::Canceled),
                _ => None,
            };
            prop_assert_eq!(ended, job.status.is_terminal().then_some(job.status));
            prop_assert_eq!(kind == TransitionKind::Progress, progressed);
            prop_assert_eq!(kind == TransitionKind::Started, job.attempt == before.attempt + 1);
            // Only what waits and isn't held back enters the queue, and only what runs is stopped.
            match effect {
                Effect::EnterQueue => prop_assert!(
                    job.status == JobStatus::Queued && !job.paused && job.next_attempt_at.is_none()
                ),
                Effect::LeaveQueue | Effect::ChangePlace => {
                    prop_assert_eq!(before.status, JobStatus::Queued);
                }
                Effect::StopWork => prop_assert!(job.cancel_requested && before.status == JobStatus::Running),
                Effect::PauseWork => prop_assert!(job.paused && before.status == JobStatus::Running),
                Effect::Nothing => {}
            }
            // Nothing that waits is forgotten: it is in the queue, held back, or has a date.
            if job.status == JobStatus::Queued && before.status == JobStatus::Running {
                prop_assert!(effect == Effect::EnterQueue || job.paused || job.next_attempt_at.is_some());
            }
            // Percent never falls within an attempt, and is whole on success only.
            if job.attempt == before.attempt {
                prop_assert!(job.percent >= before.percent);
            }
            prop_assert!(job.percent <= 100 && job.log_lines >= before.log_lines);
            // A job ends with a time, and nobody is reported as canceled who wasn't asked to.
            prop_assert_eq!(job.status.is_terminal(), job.finished_at.is_some());
            prop_assert!(job.status != JobStatus::Canceled || job.cancel_requested);
            prop_assert!(job.status != JobStatus::Failed || job.error.is_some());
            prop_assert!(job.status != JobStatus::Succeeded || (job.error.is_none() && !job.partial));
            prop_assert!(job.status.is_terminal() || job.output.is_none());
            prop_assert!(!job.partial || job.output.is_some());
            prop_assert!(!job.status.is_terminal() || (!job.paused && job.next_attempt_at.is_none()));
            prop_assert!(job.failures <= job.attempt);
            before = job;
        }
    }
}

#[test]
fn a_queued_job_is_canceled_at_once() {
    let applied = apply(&job(), JobChange::CancelRequested, Timestamp(5)).unwrap();
    assert_eq!(applied.job.status, JobStatus::Canceled);
    assert_eq!(applied.effect, Effect::LeaveQueue);
}

#[test]
fn a_running_job_is_canceled_when_its_work_has_stopped() {
    let running = after([JobChange::Started]);
    let asked = apply(&running, JobChange::CancelRequested, Timestamp(5)).unwrap();
    assert_eq!(asked.effect, Effect::StopWork);
    assert_eq!(asked.job.status, JobStatus::Running);
    let end = JobChange::Ended(JobOutcome::Canceled(Some(output())));
    let ended = apply(&asked.job, end, Timestamp(6)).unwrap().job;
    assert_eq!(ended.status, JobStatus::Canceled);
    assert!(ended.partial);
}

#[test]
fn work_that_is_done_before_it_hears_of_the_cancel_has_succeeded() {
    let job = after([
        JobChange::Started,
        JobChange::CancelRequested,
        JobChange::Ended(JobOutcome::Succeeded(output())),
    ]);
    assert_eq!(job.status, JobStatus::Succeeded);
    assert!(apply(&job, JobChange::CancelRequested, Timestamp(5)).is_none());
}

#[test]
fn a_job_that_was_to_be_canceled_is_not_begun_again_after_a_restart() {
    let job = after([
        JobChange::Started,
        JobChange::CancelRequested,
        JobChange::Interrupted {
            starts_again: true,
            checkpoint: None,
            partial: None,
        },
    ]);
    assert_eq!(job.status, JobStatus::Canceled);
}

#[test]
fn a_pause_holds_a_running_job_at_its_checkpoint_until_it_is_resumed() {
    let paused = after([
        JobChange::Started,
        JobChange::PauseRequested,
        JobChange::Ended(JobOutcome::Paused(Some(Arc::new(json!(7))))),
    ]);
    assert_eq!(paused.status, JobStatus::Queued);
    assert!(paused.paused);
    assert!(apply(&paused, JobChange::Started, Timestamp(5)).is_none());
    let resumed = apply(&paused, JobChange::Resumed, Timestamp(5)).unwrap();
    assert_eq!(resumed.effect, Effect::EnterQueue);
    assert_eq!(resumed.job.checkpoint, Some(Arc::new(json!(7))));
}

#[test]
fn a_pause_that_is_taken_back_before_the_checkpoint_loses_no_turn() {
    let job = after([
        JobChange::Started,
        JobChange::PauseRequested,
        JobChange::Resumed,
    ]);
    let end = JobChange::Ended(JobOutcome::Paused(None));
    let applied = apply(&job, end, Timestamp(5)).unwrap();
    assert_eq!(applied.effect, Effect::EnterQueue);
    assert!(!applied.job.paused);
}
