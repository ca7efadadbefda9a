//! What a tool's author needs, and nothing else.
//!
//! A tool is one type that implements [`ExecutableTool`]: an input struct whose field docs become
//! the form's help, an output struct, and one function. The engine calls it through [`DynTool`],
//! which every `ExecutableTool` is by itself.
//!
//! When a job runs, how many at once, and who hears of it, is the engine's business.

mod access;
mod blocking;
mod checkpoint;
mod child;
mod context;
mod dyn_tool;
mod error;
mod example;
mod files;
pub mod http;
mod inbox;
mod input_check;
mod input_problem;
mod job_log;
mod json_output;
mod path;
mod progress;
mod schema;
mod secret;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tool;
pub mod walk;

pub use access::{Access, Hosts, Reach};
pub use blocking::BlockingPool;
pub use checkpoint::Checkpoints;
pub use child::{ChildEnd, ChildProgram};
pub use context::ToolExecutionContext;
pub use dyn_tool::{DynTool, PreparedJob};
pub use error::{ToolError, ToolFailure};
pub use example::{Example, ExampleFile};
pub use files::{
    FileId, FileKind, FileMetadata, Folder, NewFile, Overwrite, PathError, Place, Roots, Scratch,
    SkipReason, SkipSentence, Skipped, Target,
};
pub use http::{Http, HttpClient, HttpError, HttpErrorKind, HttpSettings};
pub use inbox::{Inbox, InboxSender, Messages, NotSent};
pub use input_check::{InputChecker, SchemaError};
pub use job_log::{JobLog, WrittenLine};
pub use json_output::{INLINE_BYTES, JsonOutput};
pub use path::{BadPath, InputPath, OutputDir, OutputPath};
pub use progress::{Phase, ProgressMarks, ProgressReporter, ProgressSample};
pub use secret::{
    Revealed, SCRUBBED, SHORTEST_SCRUBBED, Secret, SecretSource, SecretText, Secrets, secret_gone,
    secret_store, unknown_secret,
};
pub use tool::{About, ExecutableTool};

pub use tokio_util::sync::CancellationToken;
pub use toolroom_shared::{
    AppError, ErrorCode, IdenticalInputs, InputProblem, JobId, Permission, SecretName,
    ToolBehavior, ToolCategory, ToolDefinition, ToolLimits,
};
