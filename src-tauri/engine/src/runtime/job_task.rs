//! One running job: runs the prepared work, ends it when its time is up, catches a panic, notices
//! when it holds up a worker, and says how it ended.

use std::{
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures::FutureExt;
use serde_json::Value;
use toolroom_shared::{AppError, ErrorCode};
use toolroom_toolkit::{JsonOutput, PreparedJob, ToolError, ToolExecutionContext, ToolFailure};

/// How long one step of a tool may hold its worker before its log says so. Others wait meanwhile.
const LONG_STEP: Duration = Duration::from_millis(100);

/// How a tool's work stopped.
#[derive(Debug, PartialEq)]
pub enum WorkEnd {
    /// With an output.
    Succeeded(JsonOutput),
    /// With an error.
    Failed(Box<ToolFailure>),
    /// Because it was asked to, and what was done by then.
    Canceled(Option<Value>),
    /// At a checkpoint, because it was asked to.
    Paused,
}

/// Runs `work` to its end. A time-out stops the work like a cancel, and waits for it likewise.
/// Beside the end, how long the longest step held its worker.
pub async fn run(
    work: PreparedJob,
    ctx: ToolExecutionContext,
    timeout: Option<Duration>,
) -> (WorkEnd, Duration) {
    let (cancel, log) = (ctx.cancel.clone(), ctx.log.clone());
    let mut work = std::pin::pin!(AssertUnwindSafe(async move { work(ctx).await }).catch_unwind());
    let mut longest = Duration::ZERO;
    let mut steps = poll_fn(|cx| {
        let begun = Instant::now();
        let polled = work.as_mut().poll(cx);
        longest = longest.max(begun.elapsed());
        polled
    });
    let end = match timeout {
        None => end(steps.await),
        Some(limit) => tokio::select! {
            result = &mut steps => end(result),
            () = tokio::time::sleep(limit) => { // sleep: the time-out itself
                cancel.cancel();
                timed_out(end(steps.await), limit)
            }
        },
    };
    if longest > LONG_STEP {
        log.line(format!(
            "One step of this tool held up a worker for {} ms. File and CPU work belongs into ctx.blocking.",
            longest.as_millis()
        ));
    }
    (end, longest)
}

fn end(result: std::thread::Result<Result<JsonOutput, ToolError>>) -> WorkEnd {
    match result {
        Ok(Ok(output)) => WorkEnd::Succeeded(output),
        Ok(Err(ToolError::Canceled { partial })) => WorkEnd::Canceled(partial),
        Ok(Err(ToolError::Paused)) => WorkEnd::Paused,
        Ok(Err(ToolError::Failed(failure))) => WorkEnd::Failed(failure),
        // What the panic said may hold anything, so it stays out of what people and logs see.
        Err(_) => failed(
            ErrorCode::Panic,
            "The tool broke off because of a fault in it. Nothing else was affected. Please report it.",
            None,
        ),
    }
}

fn timed_out(end: WorkEnd, limit: Duration) -> WorkEnd {
    let partial = match end {
        // It was done in the very moment: that stands.
        WorkEnd::Succeeded(output) => return WorkEnd::Succeeded(output),
        WorkEnd::Failed(failure) => failure.partial,
        WorkEnd::Canceled(partial) => partial,
        WorkEnd::Paused => None,
    };
    let kept = if partial.is_some() {
        " What was done by then is kept."
    } else {
        ""
    };
    let message = format!(
        "It was not done within {} s and was stopped.{kept} Allow it more time or give it less to do.",
        limit.as_secs()
    );
    failed(ErrorCode::Timeout, message, partial)
}

/// A failure that trying again won't mend.
pub fn failed(code: ErrorCode, message: impl Into<String>, partial: Option<Value>) -> WorkEnd {
    WorkEnd::Failed(Box::new(ToolFailure {
        error: AppError::new(code, message),
        partial,
        provider: None,
        retry_after: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use toolroom_toolkit::JobId;

    fn ctx() -> ToolExecutionContext {
        ToolExecutionContext::new(JobId("j".into()))
    }

    fn code(end: WorkEnd) -> ErrorCode {
        match end {
            WorkEnd::Failed(failure) => failure.error.code,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_failure_that_does_not_repeat_its_text() {
        let work: PreparedJob = Box::new(|_| Box::pin(async { panic!("the password is 1234") }));
        let (end, _) = run(work, ctx(), None).await;
        assert!(!format!("{end:?}").contains("1234"));
        assert_eq!(code(end), ErrorCode::Panic);
    }

    #[tokio::test]
    async fn a_panic_in_blocking_work_is_caught_too() {
        let work: PreparedJob =
            Box::new(|ctx| Box::pin(async move { ctx.blocking(|_| panic!("oh")).await }));
        assert_eq!(code(run(work, ctx(), None).await.0), ErrorCode::Panic);
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
        match run(work, ctx(), Some(limit)).await.0 {
            WorkEnd::Failed(failure) => {
                assert_eq!(failure.error.code, ErrorCode::Timeout);
                assert!(failure.error.message.contains("90 s"));
                assert_eq!(failure.partial, Some(json!(["half"])));
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_is_done_in_time_is_not_touched_by_its_limit() {
        let work: PreparedJob = Box::new(|_| Box::pin(async { Ok(json!(1).into()) }));
        let (end, _) = run(work, ctx(), Some(Duration::from_secs(1))).await;
        assert_eq!(end, WorkEnd::Succeeded(json!(1).into()));
    }

    #[tokio::test]
    async fn a_tool_that_blocks_its_worker_is_caught_and_one_that_does_not_is_not() {
        let block = || std::thread::sleep(LONG_STEP * 2); // sleep: the very fault to be caught
        let context = ctx();
        let rude: PreparedJob = Box::new(move |_| {
            Box::pin(async move {
                block();
                Ok(json!(1).into())
            })
        });
        let (_, longest) = run(rude, context.clone(), None).await;
        assert!(longest >= LONG_STEP * 2);
        let (lines, _) = context.log.take();
        assert!(lines[0].text.contains("held up a worker"), "{lines:?}");

        let polite: PreparedJob = Box::new(move |ctx| {
            Box::pin(async move {
                ctx.blocking(move |_| {
                    block();
                    Ok(json!(1).into())
                })
                .await
            })
        });
        let (_, longest) = run(polite, context.clone(), None).await;
        assert!(longest < LONG_STEP, "{longest:?}");
        assert!(context.log.take().0.is_empty());
    }
}
