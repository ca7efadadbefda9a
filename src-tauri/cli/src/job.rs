//! `toolroom job`: shows one job from the history alone, also while another process runs it.
//!
//! What its output looks like is left to `render`, its log to `job_log`.

use std::{path::PathBuf, slice};

use serde_json::json;
use time::OffsetDateTime;
use toolroom_app::JobHistory;
use toolroom_shared::{
    AppError, ErrorCode, JobId, JobProgress, JobSnapshot, JobSummary, JobTransition,
};

use crate::{
    arguments::JobRequest, job_log, job_words, progress_bar, render, times, whole_output::WholeJob,
};

/// Shows the job, or its log.
///
/// # Errors
/// `unknown_job`, and when the history or the job's output can't be read.
pub fn show(data_dir: Option<PathBuf>, request: &JobRequest) -> Result<(), AppError> {
    let history = JobHistory::open(data_dir)?;
    let job_id = &request.job_id;
    let reader = history.reader.as_ref().ok_or_else(|| no_jobs(job_id))?;
    if request.log {
        return job_log::show(reader, job_id, request.json);
    }
    let job = WholeJob::read(reader, reader.get(job_id)?);
    let (job, output_read) = if request.json {
        job.print_json()?
    } else {
        let (job, output_read) = job.into_snapshot();
        let transitions = reader.transitions(job_id)?;
        render::print(&text(&job, &transitions, OffsetDateTime::now_utc())?);
        (job, output_read)
    };
    if !history.engine_is_alive {
        job_words::left_over(slice::from_ref(&JobSummary::from(&job)))
            .iter()
            .for_each(|sentence| render::say(sentence));
    }
    // The rest of the job is shown even so.
    output_read
}

fn text(
    job: &JobSnapshot,
    transitions: &[JobTransition],
    now: OffsetDateTime,
) -> Result<String, AppError> {
    let mut sections = vec![facts(job, now)];
    let input = render::escaped_lines(&render::json(&job.input)?);
    sections.push(format!("input:\n{input}"));
    if let Some(output) = &job.output {
        let heading = if job.partial {
            "output (what was done by then)"
        } else {
            "output"
        };
        sections.push(format!("{heading}:\n{}", render::output(output)));
    }
    if !transitions.is_empty() {
        let rows: Vec<_> = transitions
            .iter()
            .map(|transition| {
                json!({
                    "time": times::full(&transition.at),
                    "what": job_words::word(&transition.kind),
                    "by": transition.caller.to_string(),
                    "why": transition.cause,
                })
            })
            .collect();
        sections.push(format!("what happened:\n{}", render::table(&rows)));
    }
    Ok(sections.join("\n\n"))
}

fn facts(job: &JobSnapshot, now: OffsetDateTime) -> String {
    let time = |at: &str| format!("{} ({})", times::full(at), times::ago(at, now));
    let facts = [
        ("id", Some(job.job_id.to_string())),
        ("tool", Some(job.tool_name.clone())),
        ("status", Some(job_words::status(&JobSummary::from(job)))),
        ("started by", Some(job.caller.to_string())),
        ("retry of", job.retry_of.as_ref().map(JobId::to_string)),
        ("accepted", Some(time(&job.created_at))),
        ("started", job.started_at.as_deref().map(time)),
        ("ended", job.finished_at.as_deref().map(time)),
        ("attempts", Some(job.attempt.to_string())),
        ("progress", progress(job)),
        ("message", job.message.clone()),
        ("log", (job.log_lines > 0).then(|| lines(job.log_lines))),
        ("error", job.error.as_ref().map(AppError::to_string)),
    ];
    let lines: Vec<_> = facts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}: {}", render::escaped(&value?))))
        .collect();
    lines.join("\n")
}

fn lines(count: u32) -> String {
    match count {
        1 => "1 line, shown by --log".to_owned(),
        _ => format!("{count} lines, shown by --log"),
    }
}

fn progress(job: &JobSnapshot) -> Option<String> {
    if job.progress_pct == 0 && job.stage.is_empty() {
        return None;
    }
    let mut parts = vec![format!("{} %", job.progress_pct)];
    if !job.stage.is_empty() {
        parts.push(job.stage.clone());
    }
    if job.progress != JobProgress::default() {
        parts.push(progress_bar::amounts(&job.progress));
    }
    Some(parts.join(", "))
}

fn no_jobs(job_id: &JobId) -> AppError {
    AppError::new(
        ErrorCode::UnknownJob,
        format!("There is no job {job_id}: there are no jobs in this data folder yet."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_job::a_job;
    use toolroom_shared::{Caller, JobStatus, TransitionKind};

    #[test]
    fn everything_about_a_job_is_told_in_order_and_what_it_has_not_is_left_out() {
        let job = JobSnapshot {
            status: JobStatus::Failed,
            progress_pct: 42,
            stage: "Counting".into(),
            message: Some("b\u{1b}[31m".into()),
            output: Some(json!({ "lines": 3 })),
            error: Some(AppError::new(ErrorCode::Io, "The disk is gone.")),
            partial: true,
            attempt: 2,
            progress: JobProgress {
                done: 3,
                total: Some(7),
                unit: "files".into(),
                rate: Some(9.0),
            },
            log_lines: 1,
            retry_of: Some(JobId("before".into())),
            started_at: Some("2026-03-04T05:06:08Z".into()),
            finished_at: Some("2026-03-04T05:07:07Z".into()),
            ..a_job()
        };
        let transition = JobTransition {
            revision: 4,
            kind: TransitionKind::RetryScheduled,
            status: JobStatus::Queued,
            attempt: 1,
            caller: Caller::App,
            cause: "the disk is gone".into(),
            at: "2026-03-04T05:06:50Z".into(),
        };
        let now = OffsetDateTime::from_unix_timestamp(1_772_600_887).unwrap();
        assert_eq!(
            text(&job, &[transition], now).unwrap(),
            r#"id: id
tool: a-tool
status: failed
started by: window
retry of: before
accepted: 2026-03-04 05:06:07 UTC (2 min ago)
started: 2026-03-04 05:06:08 UTC (1 min ago)
ended: 2026-03-04 05:07:07 UTC (1 min ago)
attempts: 2
progress: 42 %, Counting, 3 files of 7 files
message: b\u{1b}[31m
log: 1 line, shown by --log
error: The disk is gone. (io_error)

input:
{
  "size": 7
}

output (what was done by then):
lines: 3

what happened:
time                     what             by   why
2026-03-04 05:06:50 UTC  retry scheduled  app  the disk is gone"#
        );
        assert_eq!(
            facts(&a_job(), now),
            "id: id\ntool: a-tool\nstatus: queued\nstarted by: window\n\
             accepted: 2026-03-04 05:06:07 UTC (2 min ago)\nattempts: 0"
        );
    }
}
