//! A job that was written is read back as it was.

use std::sync::Arc;

use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};
use toolroom_shared::{
    AppError, Caller, ErrorCode, JobPriority, JobProgress, JobStatus, TransitionKind,
};
use uuid::Uuid;

use super::support::{Desk, input_text, transition};
use crate::{
    clock::Timestamp,
    record::{JobOrigin, JobRecord, Output, ProgressReport},
    store::{Change, HistoryEntry, Payload, TransitionChange},
};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,6}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn any_time() -> impl Strategy<Value = Option<Timestamp>> {
    option::of(any::<i64>().prop_map(Timestamp))
}

fn any_caller() -> impl Strategy<Value = Caller> {
    proptest::sample::select(vec![
        "window",
        "terminal",
        "app",
        "http:a",
        "mcp:a",
        "model:a/b",
    ])
    .prop_map(|text| text.parse().unwrap())
}

fn any_origin() -> impl Strategy<Value = JobOrigin> {
    let options = (
        option::of(any::<u32>()),
        option::of(any::<u32>()),
        option::of(any::<u128>().prop_map(Uuid::from_u128)),
        option::of(".{0,20}".prop_map(String::into_boxed_str)),
    );
    (
        1..i64::MAX as u64,
        any::<u128>().prop_map(Uuid::from_u128),
        ".{0,20}",
        any_caller(),
        options,
        any::<i64>().prop_map(Timestamp),
    )
        .prop_map(|(seq, id, tool, caller, options, created_at)| JobOrigin {
            seq,
            id,
            tool: tool.into(),
            caller,
            timeout_seconds: options.0,
            max_attempts: options.1,
            retry_of: options.2,
            idempotency_key: options.3,
            created_at,
        })
}

fn any_report() -> impl Strategy<Value = ProgressReport> {
    (
        ".{0,12}",
        option::of(".{0,12}"),
        any::<u8>(),
        any::<u64>(),
        option::of(any::<u64>()),
        ".{0,6}",
        option::of(any::<f64>().prop_filter("a number", |rate| !rate.is_nan())),
    )
        .prop_map(
            |(stage, message, percent, done, total, unit, rate)| ProgressReport {
                stage,
                message,
                percent,
                progress: JobProgress {
                    done,
                    total,
                    unit,
                    rate,
                },
            },
        )
}

fn any_error() -> impl Strategy<Value = AppError> {
    ("[a-z_]{1,12}", ".{0,20}", any_json(), any::<bool>()).prop_map(
        |(code, message, details, retryable)| AppError {
            code: ErrorCode::from(code),
            message,
            details,
            retryable,
        },
    )
}

fn any_output() -> impl Strategy<Value = Output> {
    prop_oneof![
        any_json().prop_map(|value| Output::Inline(Arc::new(value))),
        any::<u64>().prop_map(|bytes| Output::Artifact { bytes }),
    ]
}

fn any_record() -> impl Strategy<Value = JobRecord> {
    let numbers = (any::<i64>(), any::<[u32; 5]>(), any::<u8>());
    let places = proptest::sample::select(vec![
        JobPriority::Low,
        JobPriority::Normal,
        JobPriority::High,
    ]);
    (
        (any_origin(), any_json()),
        (proptest::sample::select(JobStatus::ALL.to_vec()), places),
        numbers,
        any::<[bool; 3]>(),
        (option::of(any_report()), option::of(any_output())),
        (option::of(any_error()), option::of(any_json())),
        (any_time(), any_time(), any_time()),
    )
        .prop_map(
            |(
                (origin, input),
                (status, priority),
                (rank, counts, percent),
                flags,
                made,
                kept,
                times,
            )| {
                JobRecord {
                    origin: Arc::new(origin),
                    input: Some(Arc::new(input)),
                    status,
                    priority,
                    rank,
                    revision: counts[0],
                    attempt: counts[1],
                    failures: counts[2],
                    log_lines: counts[3],
                    cancel_requested: flags[0],
                    paused: flags[1],
                    partial: flags[2],
                    percent,
                    report: made.0.map(Arc::new),
                    output: made.1,
                    error: kept.0.map(Arc::new),
                    checkpoint: kept.1.map(Arc::new),
                    next_attempt_at: times.0,
                    started_at: times.1,
                    finished_at: times.2,
                }
            },
        )
}

/// What is stored of a job once it ends, as the runtime gives it.
fn ended_payload(job: &JobRecord) -> Payload {
    let output = match &job.output {
        Some(Output::Inline(value)) => Some(value.to_string()),
        _ => None,
    };
    Payload::Ended {
        output,
        words: String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_job_is_read_back_as_it_was_written(mut job in any_record(), at_once in any::<bool>()) {
        let desk = Desk::new();
        job.revision = job.revision.max(1);
        let mut before = JobRecord::accepted(Arc::clone(&job.origin), job.input.clone().unwrap(), job.priority, 0);
        before.revision = 0;
        let input = input_text(&job);
        let accept = transition(&before, TransitionKind::Queued, Payload::accepted(input));
        if !at_once {
            prop_assert_eq!(desk.write(accept), Ok(()));
        } else {
            desk.store.write(accept, 0).unwrap();
        }
        if let Some(checkpoint) = &job.checkpoint {
            let checkpoint = Arc::clone(checkpoint);
            desk.store.write(Change::Checkpoint { seq: job.seq(), checkpoint }, 0).unwrap();
        }
        let payload = if job.status.is_terminal() {
            job.checkpoint = None;
            ended_payload(&job)
        } else {
            // Only a job that has ended has an inline output.
            job.output = job.output.take().filter(|output| matches!(output, Output::Artifact { .. }));
            Payload::Nothing
        };
        desk.store.write(transition(&job, TransitionKind::Moved, payload), 7).unwrap();
        loop {
            let told = desk.told();
            prop_assert!(told.iter().all(|settled| settled.result.is_ok()), "{:?}", told);
            if told.iter().any(|settled| settled.ticket == 7) {
                break;
            }
        }
        let read = desk.history().job(job.origin.id).unwrap();
        prop_assert_eq!(read.as_ref(), Some(&job));
        if let Some(key) = &job.origin.idempotency_key {
            let found = desk.history().by_key(&job.origin.caller, key).unwrap();
            prop_assert_eq!(found.as_ref(), Some(&job));
        }
        let unfinished = desk.history().unfinished().unwrap();
        prop_assert_eq!(unfinished.contains(&job), !job.status.is_terminal());
    }

    #[test]
    fn any_transition_is_read_back_as_it_was_written(
        cause in ".{0,20}",
        at in any::<i64>(),
        revision in 1u32..,
        attempt in any::<u32>(),
    ) {
        let desk = Desk::new();
        let job = super::support::job(1);
        let entry = HistoryEntry {
            revision,
            kind: TransitionKind::RetryScheduled,
            status: JobStatus::Queued,
            attempt,
            caller: Caller::App,
            cause: cause.into(),
            at: Timestamp(at),
        };
        let change = Change::Transition(Box::new(TransitionChange {
            after: Arc::new(job),
            entry: entry.clone(),
            next_entry: None,
            asked: None,
            payload: Payload::accepted(json!(1).to_string()),
        }));
        prop_assert_eq!(desk.write(change), Ok(()));
        prop_assert_eq!(desk.history().transitions(1).unwrap(), [entry]);
    }
}
