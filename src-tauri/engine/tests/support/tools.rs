//! Tools that a test holds in its hand.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use toolroom_engine::Registry;
use toolroom_shared::ErrorCode;
use toolroom_toolkit::{
    About, ExecutableTool, IdenticalInputs, Messages, Phase, ToolBehavior, ToolCategory, ToolError,
    ToolExecutionContext, ToolLimits,
};

/// What every test tool takes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// How many steps, a permit each.
    #[serde(default)]
    pub to: u64,
    /// How long a step takes instead of waiting for a permit.
    #[serde(default)]
    pub pace_ms: Option<u64>,
    /// How many lines to write to the log at once.
    #[serde(default)]
    pub lines: u32,
    /// Panic at once.
    #[serde(default)]
    pub fault: bool,
    /// How often to fail with an error that may pass, before it goes well.
    #[serde(default)]
    pub fails: u32,
    /// How many bytes the output is to have at least.
    #[serde(default)]
    pub bytes: usize,
    /// Ignore the cancel.
    #[serde(default)]
    pub deaf: bool,
    /// Anything, to tell inputs apart and to be searched for.
    #[serde(default)]
    pub name: String,
}

/// What every test tool gives.
#[derive(Serialize, JsonSchema)]
pub struct Output {
    /// How many steps were done.
    pub counted: u64,
    /// What was asked for in bytes.
    pub filling: String,
}

/// What a test holds in its hand: each step of a count takes a permit.
#[derive(Clone)]
pub struct Hand {
    pub permits: Arc<Semaphore>,
    /// How often each job's work was begun.
    pub begun: Arc<Mutex<HashMap<String, u32>>>,
    failed: Arc<AtomicU32>,
}

impl Default for Hand {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(0)),
            begun: Arc::default(),
            failed: Arc::default(),
        }
    }
}

impl Hand {
    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Output, ToolError> {
        *self
            .begun
            .lock()
            .unwrap()
            .entry(ctx.job_id.to_string())
            .or_default() += 1;
        assert!(!input.fault, "asked for");
        if ctx.attempt <= input.fails {
            self.failed.fetch_add(1, Ordering::Relaxed);
            ctx.log.line(format!("attempt {} fails", ctx.attempt));
            return Err(ToolError::failed(ErrorCode::Io, "It is gone for now.").retryable("test"));
        }
        for line in 1..=input.lines {
            ctx.log.line(format!("line {line}"));
        }
        ctx.progress
            .begin(Phase::new("Counting").counting("steps", Some(input.to)));
        let from = ctx.checkpoints.begin::<u64>().unwrap_or(0);
        ctx.progress.advance(from);
        for counted in from..input.to {
            if let Some(pace) = input.pace_ms {
                // sleep: this is how long a step takes
                tokio::time::sleep(Duration::from_millis(pace)).await;
                ctx.progress.advance(1);
                continue;
            }
            let output = |filling| Output { counted, filling };
            tokio::select! {
                biased;
                permit = self.permits.acquire() => permit.unwrap().forget(),
                () = ctx.cancel.cancelled(), if !input.deaf => {
                    return Err(ToolError::canceled().with_partial(&output(String::new())));
                }
                () = ctx.checkpoints.pause_requested(), if !input.deaf => {
                    return Err(ToolError::Paused);
                }
            }
            ctx.log.line(format!("step {}", counted + 1));
            ctx.checkpoints.save(&(counted + 1));
            ctx.progress.advance(1);
        }
        Ok(Output {
            counted: input.to,
            filling: "x".repeat(input.bytes),
        })
    }
}

macro_rules! tool {
    ($tool:ident, $name:literal, $limits:expr, $behavior:expr) => {
        pub struct $tool(pub Hand);

        impl ExecutableTool for $tool {
            type Input = Input;
            type Output = Output;
            const ABOUT: About = About {
                name: $name,
                title: $name,
                description: "Counts.",
                category: ToolCategory::Text,
                version: "1.0.0",
                permissions: &[],
                limits: $limits,
                behavior: $behavior,
            };

            async fn execute(
                &self,
                ctx: ToolExecutionContext,
                input: Input,
            ) -> Result<Output, ToolError> {
                self.0.execute(ctx, input).await
            }
        }
    };
}

const HOUR: ToolLimits = ToolLimits {
    timeout_seconds: Some(3_600),
    ..ToolLimits::NONE
};

tool!(Count, "count", HOUR, ToolBehavior::CAUTIOUS);
tool!(
    CountAgain,
    "count-again",
    HOUR,
    ToolBehavior {
        starts_again: true,
        checkpoints: true,
        ..ToolBehavior::CAUTIOUS
    }
);
tool!(
    CountAnew,
    "count-anew",
    HOUR,
    ToolBehavior {
        starts_again: true,
        ..ToolBehavior::CAUTIOUS
    }
);
tool!(
    CountAlone,
    "count-alone",
    ToolLimits {
        concurrency: Some(1),
        ..ToolLimits::NONE
    },
    ToolBehavior {
        identical_inputs: IdenticalInputs::Refuse,
        ..ToolBehavior::CAUTIOUS
    }
);
tool!(
    CountJoined,
    "count-joined",
    ToolLimits::NONE,
    ToolBehavior {
        identical_inputs: IdenticalInputs::Join,
        ..ToolBehavior::CAUTIOUS
    }
);

/// Does with each message what it says, and gives all words that it was sent.
pub struct Listen;

/// A message to [`Listen`].
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Told {
    /// To be remembered.
    Word {
        /// Which.
        word: String,
    },
    /// Nothing more comes.
    End,
}

/// What [`Listen`] has heard.
#[derive(Serialize, JsonSchema)]
pub struct Heard {
    /// The words, in the order in which they came.
    pub words: Vec<String>,
}

impl ExecutableTool for Listen {
    type Input = Input;
    type Output = Heard;
    const ABOUT: About = About {
        name: "listen",
        title: "Listen",
        description: "Listens.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior::CAUTIOUS,
    };

    fn messages() -> Option<Messages> {
        Some(Messages::of::<Told>())
    }

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Heard, ToolError> {
        if input.deaf {
            ctx.cancel.cancelled().await;
            return Err(ToolError::canceled());
        }
        let mut words = Vec::new();
        loop {
            let message = tokio::select! {
                message = ctx.inbox.next() => message?,
                () = ctx.cancel.cancelled() => {
                    return Err(ToolError::canceled().with_partial(&Heard { words }));
                }
            };
            match message {
                Some(Told::Word { word }) => words.push(word),
                Some(Told::End) | None => return Ok(Heard { words }),
            }
        }
    }
}

/// Every test tool, in one hand.
pub fn registry(hand: &Hand) -> Registry {
    let mut registry = Registry::default();
    registry.add(Box::new(Count(hand.clone()))).unwrap();
    registry.add(Box::new(CountAgain(hand.clone()))).unwrap();
    registry.add(Box::new(CountAnew(hand.clone()))).unwrap();
    registry.add(Box::new(CountAlone(hand.clone()))).unwrap();
    registry.add(Box::new(CountJoined(hand.clone()))).unwrap();
    registry.add(Box::new(Listen)).unwrap();
    registry
}
