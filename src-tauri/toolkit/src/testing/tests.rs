//! The test kit finds what it is there to find.

use std::{fs, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_shared::{ErrorCode, Permission, ToolBehavior, ToolCategory, ToolLimits};

use super::*;
use crate::{
    About, Example, ExecutableTool, OutputPath, Overwrite, PathError, Phase, ToolError,
    ToolExecutionContext,
};

/// What a tool of these tests does wrong.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Fault {
    None,
    PercentFalls,
    EndsEarly,
    DoesNotStop,
    WritesAtOnce,
    LeavesPartial,
}

/// Writes a file in ten steps.
struct Writer;

/// What to write.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Where.
    #[schemars(title = "File")]
    to: OutputPath,
    /// With which fault.
    #[schemars(title = "Fault")]
    fault: Fault,
}

/// What was written.
#[derive(Serialize, JsonSchema)]
struct Output {
    steps: u64,
}

const STEPS: u64 = 100;

impl ExecutableTool for Writer {
    type Input = Input;
    type Output = Output;

    const ABOUT: About = About {
        name: "writer",
        title: "Writer",
        description: "",
        category: ToolCategory::Files,
        version: "1.0.0",
        permissions: &[Permission::WriteFiles],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn examples() -> Vec<Example> {
        vec![Example::new(
            "Write a file",
            json!({ "to": "out", "fault": "none" }),
        )]
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        let fault = input.fault;
        ctx.blocking(move |ctx| {
            let whole = Phase::new("Writing").counting("steps", Some(STEPS));
            ctx.progress.begin(match fault {
                Fault::PercentFalls => whole.spanning(50, 100),
                _ => whole,
            });
            if fault == Fault::WritesAtOnce {
                fs::write(input.to.as_path(), "half").unwrap();
            }
            let file = ctx.create(&input.to, Overwrite::Replace)?;
            for _ in 0..STEPS {
                if fault != Fault::DoesNotStop {
                    ctx.check_canceled()?;
                }
                ctx.progress.advance(1);
            }
            if matches!(fault, Fault::PercentFalls | Fault::EndsEarly) {
                ctx.progress
                    .begin(Phase::new("Again").counting("steps", Some(1)));
            }
            if fault == Fault::LeavesPartial {
                fs::write(input.to.as_path().with_file_name(".toolroom-1.partial"), "").unwrap();
            }
            file.finish()?;
            Ok(Output { steps: STEPS })
        })
        .await
    }
}

fn run<'a>(folder: &'a TestFolder, fault: &str) -> TestRun<'a> {
    TestRun::of(Writer)
        .within(folder)
        .input(json!({ "to": "out", "fault": fault }))
}

/// What a test that should fail says when it does.
async fn said(run: TestRun<'_>) -> String {
    // Polled here, so that a panic can be caught.
    let mut run = std::pin::pin!(run.run());
    let panic = std::future::poll_fn(|cx| {
        let polled =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.as_mut().poll(cx)));
        match polled {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(end)) => panic!("it was let through: {end:?}"),
            Err(panic) => std::task::Poll::Ready(panic),
        }
    })
    .await;
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_tool_that_does_all_right_passes_and_its_end_is_told() {
    let folder = TestFolder::new();
    let end = run(&folder, "none").run().await;
    assert_eq!(
        (end.output()["steps"].as_u64(), end.steps),
        (Some(STEPS), STEPS)
    );
    assert_eq!(end.samples.len(), 101);
    assert!(folder.has("out"));
    check_tool(Arc::new(Writer)).await;
}

#[tokio::test]
async fn a_percent_that_falls_or_stops_early_and_a_partial_file_are_found() {
    let folder = TestFolder::new();
    for (fault, expected) in [
        ("percent_falls", "the percent fell"),
        ("ends_early", "the percent fell"),
        ("leaves_partial", "a partial file was left behind"),
    ] {
        let said = said(run(&folder, fault)).await;
        assert!(said.contains(expected), "{fault}: {said}");
        folder.clear();
    }
}

#[tokio::test]
async fn a_tool_that_goes_on_after_a_cancel_is_found() {
    let folder = TestFolder::new();
    let run = run(&folder, "does_not_stop").cancel_at(CancelAt::Steps(20));
    let said = said(run).await;
    assert!(said.contains("80 more steps"), "{said}");
}

#[tokio::test]
async fn a_cancel_comes_where_the_script_says() {
    let folder = TestFolder::new();
    let end = run(&folder, "none")
        .cancel_at(CancelAt::Steps(7))
        .run()
        .await;
    assert!(end.is_canceled() && !folder.has("out"));
    assert_eq!(end.steps, 7);
    let end = run(&folder, "none")
        .cancel_at(CancelAt::Phase(0))
        .run()
        .await;
    assert_eq!((end.steps, end.was_asked_to_stop), (0, true));
    let end = run(&folder, "none")
        .cancel_at(CancelAt::Phase(1))
        .run()
        .await;
    assert!(end.result.is_ok() && !end.was_asked_to_stop);
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told_before_the_work() {
    let folder = TestFolder::new();
    let to = folder.read_only().join("out");
    let end = TestRun::of(Writer)
        .input(json!({ "to": to, "fault": "none" }))
        .run()
        .await;
    assert_eq!(end.error().code, ErrorCode::Io);
    assert_eq!(end.steps, 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_an_error_and_leaves_nothing() {
    let test = "a_full_disk_is_an_error_and_leaves_nothing";
    on_a_full_disk(module_path!(), test, 1_000, async {
        use std::io::Write;
        let folder = TestFolder::new();
        let to = OutputPath::try_from(folder.join("out")).unwrap();
        let ctx = ToolExecutionContext::new(toolroom_shared::JobId("j".into()));
        let mut file = ctx.create(&to, Overwrite::Refuse).unwrap();
        file.write_all(&[1; 1_000]).unwrap();
        assert!(file.write_all(&[1]).is_err());
        drop(file);
        assert_eq!(folder.content().len(), 0);
        let written: Result<_, PathError> = ctx
            .create(&to, Overwrite::Refuse)
            .and_then(super::super::NewFile::finish);
        assert!(written.is_ok(), "a shorter one has room");
    })
    .await;
}
