//! One running job: runs the prepared work, ends it when its time is up, catches a panic, and
//! says how it ended.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode};
use toolroom_toolkit::{PreparedJob, ToolError, ToolExecutionContext};

use super::job_table::JobOutcome;

/// Runs `work` to its end. A time-out stops the work like a cancel, and waits for it likewise.
pub async fn run(
    work: PreparedJob,
    ctx: ToolExecutionContext,
    timeout: Option<Duration>,
) -> JobOutcome {
    let cancel = ctx.cancel.clone();
    let work = AssertUnwindSafe(async move { work(ctx).await }).catch_unwind();
    tokio::pin!(work);
    let Some(limit) = timeout else {
        return outcome(work.await);
    };
    tokio::select! {
        result = &mut work => outcome(result),
        () = tokio::time::sleep(limit) => { // sleep: the time-out itself
            cancel.cancel();
            timed_out(outcome(work.await), limit)
        }
    }
}

fn outcome(result: std::thread::Result<Result<Value, ToolError>>) -> JobOutcome {
    match result {
        Ok(Ok(output)) => JobOutcome::Succeeded(output),
        Ok(Err(ToolError::Canceled { partial })) => JobOutcome::Canceled(partial),
        Ok(Err(ToolError::Failed { error, partial })) => JobOutcome::Failed(*error, partial),
        // What the panic said may hold anything, so it stays out of what people and logs see.
        Err(_) => JobOutcome::Failed(
            AppError::new(
                ErrorCode::ToolPanicked,
                "The tool broke off because of a fault in it. Nothing else was affected. Please report it.",
            ),
            None,
        ),
    }
}

fn timed_out(outcome: JobOutcome, limit: Duration) -> JobOutcome {
    match outcome {
        // It was done in the very moment: that stands.
        JobOutcome::Succeeded(output) => JobOutcome::Succeeded(output),
        JobOutcome::Failed(_, partial) | JobOutcome::Canceled(partial) => {
            let kept = if partial.is_some() {
                " What was done by then is kept."
            } else {
                ""
            };
            let message = format!(
                "It was not done within {} s and was stopped.{kept} Allow it more time or give it less to do.",
                limit.as_secs()
            );
            JobOutcome::Failed(AppError::new(ErrorCode::Timeout, message), partial)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use toolroom_toolkit::{CancellationToken, JobId, ProgressReporter};

    fn ctx() -> ToolExecutionContext {
        ToolExecutionContext {
            job_id: JobId("j".into()),
            cancel: CancellationToken::new(),
            progress: ProgressReporter::default(),
        }
    }

    fn code(outcome: JobOutcome) -> ErrorCode {
        match outcome {
            JobOutcome::Failed(error, _) => error.code,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_failure_that_does_not_repeat_its_text() {
        let work: PreparedJob = Box::new(|_| Box::pin(async { panic!("the password is 1234") }));
        let outcome = run(work, ctx(), None).await;
        assert!(!format!("{outcome:?}").contains("1234"));
        assert_eq!(code(outcome), ErrorCode::ToolPanicked);
    }

    #[tokio::test]
    async fn a_panic_in_blocking_work_is_caught_too() {
        let work: PreparedJob =
            Box::new(|ctx| Box::pin(async move { ctx.blocking(|_| panic!("oh")).await }));
        assert_eq!(code(run(work, ctx(), None).await), ErrorCode::ToolPanicked);
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_out_stops_the_work_and_keeps_what_it_had() {
        let work: PreparedJob = Box::new(|ctx| {
            Box::pin(async move {
                ctx.cancel.cancelled().await;
                Err(ToolError::canceled().with_partial(&json!(["half"])))
            })
        });
        let limit = Duration::from_secs(90);
        match run(work, ctx(), Some(limit)).await {
            JobOutcome::Failed(error, partial) => {
                assert_eq!(error.code, ErrorCode::Timeout);
                assert!(error.message.contains("90 s"));
                assert_eq!(partial, Some(json!(["half"])));
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_is_done_in_time_is_not_touched_by_its_limit() {
        let work: PreparedJob = Box::new(|_| Box::pin(async { Ok(json!(1)) }));
        let outcome = run(work, ctx(), Some(Duration::from_secs(1))).await;
        assert_eq!(outcome, JobOutcome::Succeeded(json!(1)));
    }
}
