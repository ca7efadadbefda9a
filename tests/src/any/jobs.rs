//! Jobs, and what is asked and told about them.

use proptest::{collection::vec, option, prelude::*, sample::select};
use toolroom_shared::{
    AppError, Caller, ErrorCode, JobEvent, JobId, JobPriority, JobProgress, JobSnapshot, JobStatus,
    JobSummary, JobTransition, JobsPage, JobsQuery, JobsSort, StartOptions, TransitionKind,
};

use super::json::{json, text, whole};

pub fn job_id() -> impl Strategy<Value = JobId> {
    text().prop_map(JobId)
}

fn status() -> impl Strategy<Value = JobStatus> {
    select(JobStatus::ALL.to_vec())
}

fn priority() -> impl Strategy<Value = JobPriority> {
    select(vec![
        JobPriority::Low,
        JobPriority::Normal,
        JobPriority::High,
    ])
}

fn caller() -> impl Strategy<Value = Caller> {
    let callers = ["window", "terminal", "app", "http:a", "mcp:b", "model:c/d"];
    let parsed = callers.iter().filter_map(|text| text.parse().ok());
    select(parsed.collect::<Vec<Caller>>())
}

fn kind() -> impl Strategy<Value = TransitionKind> {
    select(vec![
        TransitionKind::Queued,
        TransitionKind::Started,
        TransitionKind::Progress,
        TransitionKind::CancelRequested,
        TransitionKind::PauseRequested,
        TransitionKind::Paused,
        TransitionKind::Resumed,
        TransitionKind::Moved,
        TransitionKind::RetryScheduled,
        TransitionKind::Requeued,
        TransitionKind::Succeeded,
        TransitionKind::Failed,
        TransitionKind::Canceled,
    ])
}

/// An error of a known code or a tool's own.
pub fn error() -> BoxedStrategy<AppError> {
    let code = prop_oneof![
        select(vec!["unknown_tool", "panic", "io_error", "internal"]).prop_map(str::to_owned),
        text(),
    ];
    let code = code.prop_map(ErrorCode::from);
    (code, text(), json(), any::<bool>())
        .prop_map(|(code, message, details, retryable)| AppError {
            code,
            message,
            details,
            retryable,
        })
        .boxed()
}

pub fn start_options() -> impl Strategy<Value = StartOptions> {
    (
        option::of(text()),
        option::of(priority()),
        option::of(any::<u32>()),
        option::of(any::<u32>()),
    )
        .prop_map(
            |(idempotency_key, priority, timeout_seconds, max_attempts)| StartOptions {
                idempotency_key,
                priority,
                timeout_seconds,
                max_attempts,
            },
        )
}

pub fn query() -> impl Strategy<Value = JobsQuery> {
    let sorts = vec![
        JobsSort::Created,
        JobsSort::Took,
        JobsSort::Tool,
        JobsSort::Status,
    ];
    let which = (
        option::of(text()),
        option::of(vec(status(), 0..3)),
        option::of(text()),
        option::of(caller()),
        (option::of(text()), option::of(text())),
    );
    let part = (
        option::of(any::<u32>()),
        option::of(text()),
        option::of(select(sorts)),
        option::of(any::<bool>()),
        option::of(any::<u32>()),
    );
    (which, part).prop_map(|(which, part)| {
        let (tool_name, statuses, search, caller, (created_since, created_before)) = which;
        let (limit, cursor, sort, ascending, offset) = part;
        JobsQuery {
            tool_name,
            statuses,
            search,
            limit,
            cursor,
            caller,
            created_since,
            created_before,
            sort,
            ascending,
            offset,
        }
    })
}

fn progress() -> impl Strategy<Value = JobProgress> {
    let rate = any::<f64>().prop_filter("JSON has no others", |rate| rate.is_finite());
    (whole(), option::of(whole()), text(), option::of(rate)).prop_map(
        |(done, total, unit, rate)| JobProgress {
            done,
            total,
            unit,
            rate,
        },
    )
}

pub fn snapshot() -> BoxedStrategy<JobSnapshot> {
    let who = (job_id(), text(), priority(), caller(), option::of(job_id()));
    let state = (
        status(),
        any::<u8>(),
        text(),
        option::of(text()),
        progress(),
    );
    // JSON has one `null` for "no output" and for an output that is null.
    let output = option::of(json().prop_filter("an output", |output| !output.is_null()));
    let data = (json(), output, option::of(whole()), option::of(error()));
    let numbers = (any::<u32>(), any::<u32>(), any::<u32>());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let times = (
        option::of(text()),
        text(),
        option::of(text()),
        option::of(text()),
    );
    (who, state, data, numbers, flags, times)
        .prop_map(|(who, state, data, numbers, flags, times)| {
            let (job_id, tool_name, priority, caller, retry_of) = who;
            let (status, progress_pct, stage, message, progress) = state;
            let (input, output, output_bytes, error) = data;
            let (revision, attempt, log_lines) = numbers;
            let (cancel_requested, paused, partial) = flags;
            let (next_attempt_at, created_at, started_at, finished_at) = times;
            JobSnapshot {
                job_id,
                tool_name,
                status,
                progress_pct,
                stage,
                message,
                input,
                output,
                output_bytes,
                error,
                revision,
                attempt,
                cancel_requested,
                paused,
                partial,
                priority,
                caller,
                progress,
                log_lines,
                retry_of,
                next_attempt_at,
                created_at,
                started_at,
                finished_at,
            }
        })
        .boxed()
}

fn summary() -> impl Strategy<Value = JobSummary> {
    snapshot().prop_map(|job| JobSummary::from(&job))
}

pub fn summaries() -> impl Strategy<Value = Vec<JobSummary>> {
    vec(summary(), 0..3)
}

pub fn event() -> impl Strategy<Value = JobEvent> {
    (whole(), kind(), summary()).prop_map(|(seq, kind, job)| JobEvent { seq, kind, job })
}

pub fn page() -> impl Strategy<Value = JobsPage> {
    (summaries(), any::<u32>(), option::of(text())).prop_map(|(jobs, total, next_cursor)| {
        JobsPage {
            jobs,
            total,
            next_cursor,
        }
    })
}

pub fn transition() -> impl Strategy<Value = JobTransition> {
    (
        any::<u32>(),
        kind(),
        status(),
        any::<u32>(),
        caller(),
        text(),
        text(),
    )
        .prop_map(
            |(revision, kind, status, attempt, caller, cause, at)| JobTransition {
                revision,
                kind,
                status,
                attempt,
                caller,
                cause,
                at,
            },
        )
}
