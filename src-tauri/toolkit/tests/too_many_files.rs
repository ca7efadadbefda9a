//! A tool that opens more files than may be open at once. By itself, since a limit holds for its
//! whole process.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_shared::ErrorCode;
use toolroom_toolkit::{
    About, ExecutableTool, InputPath, Permission, ToolBehavior, ToolCategory, ToolError,
    ToolExecutionContext, ToolLimits,
    testing::{TestFolder, TestRun},
};

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// What it opens again and again, and never closes.
    path: InputPath,
}

#[derive(Serialize, JsonSchema)]
struct Output {}

struct Hoard;

impl ExecutableTool for Hoard {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = About {
        name: "hoard",
        title: "Hoard",
        description: "Opens files and keeps them open.",
        category: ToolCategory::Files,
        version: "1.0.0",
        permissions: &[Permission::ReadFiles],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    };

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        let mut hoard = Vec::new();
        loop {
            hoard.push(ctx.input(&input.path)?.open()?);
        }
    }
}

#[tokio::test]
async fn a_job_that_opens_too_many_files_fails_by_name_and_leaves_some_to_the_engine() {
    let before = getrlimit(Resource::Nofile);
    let lowered = Rlimit {
        current: Some(200),
        ..before
    };
    setrlimit(Resource::Nofile, lowered).unwrap();
    let folder = TestFolder::new();
    folder.write("a", "x");
    let end = TestRun::of(Hoard)
        .within(&folder)
        .input(json!({ "path": "a" }))
        .run()
        .await;
    let ToolError::Failed(failure) = end.result.unwrap_err() else {
        unreachable!("it can only fail");
    };
    assert_eq!(failure.error.code, ErrorCode::TooManyFiles);
    assert!(failure.error.message.contains("too many files"));
}
