//! An engine in memory with one small tool, for tests of what the page is told.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use toolroom_engine::{EngineLimits, JobApi, JobManager, Registry};
use toolroom_shared::{Caller, JobId, StartOptions, ToolBehavior, ToolCategory, ToolLimits};
use toolroom_toolkit::{About, ExecutableTool, ToolError, ToolExecutionContext};

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// It ends only when it is canceled.
    waits: bool,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    /// It ended by itself.
    done: bool,
}

struct Small;

impl ExecutableTool for Small {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = About {
        name: "small",
        title: "Small",
        description: "Ends at once or waits.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    };

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        if input.waits {
            ctx.cancel.cancelled().await;
            return Err(ToolError::canceled());
        }
        Ok(Output { done: true })
    }
}

/// An engine that remembers the last `events_kept` events.
pub fn engine(events_kept: usize) -> Arc<dyn JobApi> {
    let mut registry = Registry::default();
    registry.add(Box::new(Small)).unwrap();
    let limits = EngineLimits {
        events_kept,
        ..EngineLimits::default()
    };
    Arc::new(JobManager::in_memory(registry, limits))
}

/// Starts a job that waits to be canceled, or one that ends at once.
pub async fn start(api: &dyn JobApi, waits: bool) -> JobId {
    let input = json!({ "waits": waits });
    let options = StartOptions::default();
    let started = api.start(Caller::Window, "small", input, options).await;
    started.unwrap().job_id
}

/// Runs a job to its end.
pub async fn run(api: &dyn JobApi) -> JobId {
    let job_id = start(api, false).await;
    api.wait(Caller::Window, &job_id).await.unwrap();
    job_id
}
