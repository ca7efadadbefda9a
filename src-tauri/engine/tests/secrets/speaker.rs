//! A tool that says its secret wherever a tool can say anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use toolroom_shared::ErrorCode;
use toolroom_toolkit::{
    About, ExecutableTool, Phase, Secret, ToolBehavior, ToolCategory, ToolError,
    ToolExecutionContext, ToolLimits,
};

use crate::search::spellings;

/// Says its secret.
pub struct Speaker;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What to say.
    pub secret: Secret,
    /// How to end.
    #[serde(default)]
    pub end: End,
    /// How often to fail first.
    #[serde(default)]
    pub fails: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum End {
    #[default]
    Output,
    LargeOutput,
    Error,
    Partial,
    Panic,
    PanicInPool,
    /// Waits until it is canceled or closed.
    Wait,
}

impl End {
    /// Each that comes by itself.
    pub const ALL: [Self; 6] = [
        Self::Output,
        Self::LargeOutput,
        Self::Error,
        Self::Partial,
        Self::Panic,
        Self::PanicInPool,
    ];
}

/// Everything that can be said, in a text with `mark`.
fn said(mark: &str, secret: &str) -> Value {
    let all: Vec<_> = spellings(secret)
        .iter()
        .map(|spelling| format!("{mark} {spelling} end"))
        .collect();
    json!({ "texts": all, spellings(secret)[0].clone(): "as a name" })
}

impl ExecutableTool for Speaker {
    type Input = Input;
    type Output = Value;
    const ABOUT: About = About {
        name: "speak",
        title: "Speak",
        description: "Says its secret.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[],
        limits: ToolLimits::NONE,
        behavior: ToolBehavior {
            checkpoints: true,
            starts_again: true,
            ..ToolBehavior::CAUTIOUS
        },
    };

    async fn execute(&self, ctx: ToolExecutionContext, input: Input) -> Result<Value, ToolError> {
        let secret = ctx.secrets.reveal(&input.secret).await?;
        for spelling in spellings(&secret) {
            ctx.log.line(format!("in-log {spelling} end"));
        }
        ctx.log
            .line(format!("in-debug {input:?}", input = input.secret));
        ctx.progress
            .begin(Phase::new(format!("in-stage {}", &*secret)));
        ctx.progress.message(format!("in-message {}", &*secret));
        ctx.checkpoints.save(&said("in-checkpoint", &secret));
        if ctx.attempt <= input.fails {
            let message = format!("in-failure {}", &*secret);
            return Err(ToolError::failed(ErrorCode::Io, message).retryable("test"));
        }
        let error = |code: &str| {
            let mut error = toolroom_shared::AppError::new(
                ErrorCode::from(code.to_owned()),
                format!("in-error {}", &*secret),
            );
            error.details = said("in-details", &secret);
            ToolError::from(error)
        };
        match input.end {
            End::Output => Ok(said("in-output", &secret)),
            End::LargeOutput => {
                let mut output = said("in-artifact", &secret);
                output["filling"] = "x".repeat(300_000).into();
                Ok(output)
            }
            End::Error => Err(error(&secret)),
            End::Partial => Err(error("odd").with_partial(&said("in-partial", &secret))),
            End::Panic => panic!("in-panic {}", &*secret),
            End::PanicInPool => {
                ctx.blocking(move |_| -> Result<Value, ToolError> {
                    panic!("in-pool {}", &*secret)
                })
                .await
            }
            End::Wait => {
                ctx.cancel.cancelled().await;
                Err(ToolError::canceled().with_partial(&said("in-canceled", &secret)))
            }
        }
    }
}
