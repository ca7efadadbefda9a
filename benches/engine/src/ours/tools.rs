//! What the engine's jobs do: nothing, wait to be let go, or work until they are canceled.
//!
//! Input and output are what the bare peer writes as rows, so that both carry the same bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use toolroom_engine::Registry;
use toolroom_toolkit::{
    About, DynTool, ExecutableTool, ToolBehavior, ToolCategory, ToolError, ToolExecutionContext,
    ToolLimits,
};

use crate::countdown::Countdown;

/// Ends at once; may be begun again.
pub const NO_OP: &str = "no-op";
/// Ends at once; may not be begun again, so that its beginning waits until it is stored.
pub const CAUTIOUS: &str = "cautious-no-op";
/// Waits until it is let go or canceled. One at once, so that others queue behind it.
pub const HOLD: &str = "hold";
/// Waits until it is canceled; as many at once as the engine runs.
pub const WAIT: &str = "wait";
/// Computes on a thread of its own until it is canceled, and looks every 10 ms.
pub const COMPUTE: &str = "compute";

/// How long a tool computes between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// What every one of them takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Names of files.
    pub files: Vec<String>,
    /// The name of a way.
    #[allow(dead_code)] // it is a part of the input as it is stored, and nothing is done by it
    pub algorithm: String,
}

/// What every one of them gives.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// How many files.
    pub files: usize,
    /// How large they are.
    pub bytes: u64,
    /// What went wrong.
    pub problems: Vec<String>,
}

impl Output {
    fn of(input: &Input) -> Self {
        Self {
            files: input.files.len(),
            bytes: 4_096,
            problems: Vec::new(),
        }
    }
}

/// The input of a job that isn't searched for.
pub fn input() -> Value {
    json!({ "files": ["documents/report.txt"], "algorithm": "none" })
}

/// What a run holds in its hand.
#[derive(Debug, Clone)]
pub struct Hand {
    /// A permit for each job of [`HOLD`] that may end.
    pub gate: Arc<Semaphore>,
    /// A permit for each job that has begun to wait or to compute.
    pub begun: Arc<Semaphore>,
    /// Counts the ends of [`NO_OP`] and [`CAUTIOUS`], where somebody waits for the last.
    pub countdown: Option<Arc<Countdown>>,
}

impl Default for Hand {
    fn default() -> Self {
        Self {
            gate: Arc::new(Semaphore::new(0)),
            begun: Arc::new(Semaphore::new(0)),
            countdown: None,
        }
    }
}

impl Hand {
    /// One that counts the ends of so many jobs.
    pub fn counting(jobs: usize) -> Self {
        Self {
            countdown: Some(Arc::new(Countdown::new(jobs))),
            ..Self::default()
        }
    }

    fn ended(&self, input: &Input) -> Output {
        if let Some(countdown) = &self.countdown {
            countdown.ended();
        }
        Output::of(input)
    }

    /// Waits until so many more jobs have begun.
    pub async fn have_begun(&self, jobs: usize) -> Result<()> {
        let jobs = u32::try_from(jobs)?;
        self.begun.acquire_many(jobs).await?.forget();
        Ok(())
    }
}

/// All of them.
pub fn registry(hand: &Hand) -> Result<Registry> {
    let all: [Box<dyn DynTool>; 5] = [
        Box::new(NoOp(hand.clone())),
        Box::new(CautiousNoOp(hand.clone())),
        Box::new(Hold(hand.clone())),
        Box::new(Wait(hand.clone())),
        Box::new(Compute(hand.clone())),
    ];
    let mut registry = Registry::default();
    for tool in all {
        registry.add(tool)?;
    }
    Ok(registry)
}

const AGAIN: ToolBehavior = ToolBehavior {
    starts_again: true,
    ..ToolBehavior::CAUTIOUS
};

const fn about(name: &'static str, behavior: ToolBehavior, limits: ToolLimits) -> About {
    About {
        name,
        title: name,
        description: "Is measured.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[],
        limits,
        behavior,
    }
}

struct NoOp(Hand);

impl ExecutableTool for NoOp {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = about(NO_OP, AGAIN, ToolLimits::NONE);

    async fn execute(&self, _ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        Ok(self.0.ended(&input))
    }
}

struct CautiousNoOp(Hand);

impl ExecutableTool for CautiousNoOp {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = about(CAUTIOUS, ToolBehavior::CAUTIOUS, ToolLimits::NONE);

    async fn execute(&self, _ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        Ok(self.0.ended(&input))
    }
}

struct Hold(Hand);

impl ExecutableTool for Hold {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = about(
        HOLD,
        AGAIN,
        ToolLimits {
            concurrency: Some(1),
            ..ToolLimits::NONE
        },
    );

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        self.0.begun.add_permits(1);
        tokio::select! {
            // An error says that the gate is gone: an end as well.
            permit = self.0.gate.acquire() => {
                permit.into_iter().for_each(tokio::sync::SemaphorePermit::forget);
                Ok(Output::of(&input))
            }
            () = ctx.cancel.cancelled() => Err(ToolError::canceled()),
        }
    }
}

struct Wait(Hand);

impl ExecutableTool for Wait {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = about(WAIT, AGAIN, ToolLimits::NONE);

    async fn execute(&self, ctx: ToolExecutionContext, _input: Input) -> Result<Output, ToolError> {
        self.0.begun.add_permits(1);
        ctx.cancel.cancelled().await;
        Err(ToolError::canceled())
    }
}

struct Compute(Hand);

impl ExecutableTool for Compute {
    type Input = Input;
    type Output = Output;
    const ABOUT: About = about(COMPUTE, AGAIN, ToolLimits::NONE);

    async fn execute(&self, ctx: ToolExecutionContext, _input: Input) -> Result<Output, ToolError> {
        let begun = self.0.begun.clone();
        ctx.blocking(move |ctx| {
            begun.add_permits(1);
            while !ctx.is_canceled() {
                let look = Instant::now() + BETWEEN_LOOKS;
                while Instant::now() < look {
                    std::hint::spin_loop();
                }
            }
            Err(ToolError::canceled())
        })
        .await
    }
}
