//! Toolroom's contract: the plain data that both sides of every wire agree on.
//!
//! The whole flow, in ten lines:
//! 1. A [`ToolDefinition`] describes a tool; its JSON Schemas draw the form.
//! 2. The form's values go to `check_input`, which answers with [`InputProblem`]s.
//! 3. `start_tool_job` takes the values and [`StartOptions`], and gives a [`JobHandle`].
//! 4. The job is [`JobStatus::Queued`], then [`JobStatus::Running`], then ends, once.
//! 5. [`JobStatus::can_become`] is the one rule for that.
//! 6. Every change raises the revision of the job's [`JobSnapshot`] and yields a [`JobEvent`].
//! 7. Events carry a [`JobSummary`]: the snapshot without its input and output.
//! 8. `get_job` answers with the [`JobSnapshot`]; `list_jobs` with a [`JobsPage`].
//! 9. Whoever holds two versions keeps the one with the higher revision.
//! 10. What goes wrong is an [`AppError`]: a code to branch on and a sentence to read.
//!
//! This crate does no I/O and builds for WebAssembly and natively alike. How a job is run is
//! the engine's business; how a call travels is the shell's and the `ipc` crate's.

mod about;
mod appearance;
mod audit;
mod caller;
mod command_line;
pub mod contract;
mod error;
mod event;
mod health;
mod host_pattern;
mod input_paths;
mod input_secrets;
mod job;
mod kept_secret;
mod native;
mod permission;
mod preset;
mod query;
mod secret_name;
mod settings;
mod storage;
mod tab;
mod tool;
mod watch;

pub use about::{About, PartLicence, PartVersion};
pub use appearance::{Accent, AppearanceSettings, Density, Motion, Theme};
pub use audit::{
    AuditDecision, AuditFault, AuditOperation, AuditPage, AuditQuery, AuditRecord, AuditReport,
};
pub use caller::{BadCaller, Caller, CallerName};
pub use command_line::{FlagKind, command_line, flag_of, shell_word, without_defaults};
pub use contract::contract_hash;
pub use error::{AppError, ErrorCode, InputProblem};
pub use event::{
    JobEvent, ToolJobCanceled, ToolJobCompleted, ToolJobFailed, ToolJobProgress, TransitionKind,
};
pub use health::{
    EngineLoad, HealthSnapshot, HealthWarning, ResourceUse, ServiceHealth, ServiceState,
    WarningCode,
};
pub use host_pattern::{BadHost, HostPattern};
pub use input_paths::{PathUse, each_path, each_string};
pub use input_secrets::{SecretForm, each_secret, has_secrets, redact};
pub use job::{JobHandle, JobId, JobPriority, JobProgress, JobSnapshot, JobStatus, JobSummary};
pub use kept_secret::{KeptSecret, SecretPlace};
pub use native::{
    CloseAnswer, CloseAsked, GivenPaths, OpenRequest, OpenRequested, PagePlace, PathKind, PathWish,
    PathsDragged, PathsDropped, Thumbnail,
};
pub use permission::{
    CallerGrant, Grant, PermissionsState, Policy, Question, QuestionAnswer, QuestionId, SpawnGrant,
};
pub use preset::{Preset, without_typed_secrets};
pub use query::{
    JobTransition, JobsPage, JobsQuery, JobsSort, LogLine, LogPage, OutputPage, QueuePosition,
    StartOptions,
};
pub use secret_name::{BadSecretName, SecretName};
pub use settings::{
    GeneralSettings, LimitSettings, Settings, SettingsForm, SettingsState, StartPage,
    StorageSettings,
};
pub use storage::{CleanUp, HistoryCopy, StorageReport};
pub use tab::TabId;
pub use tool::{
    IdenticalInputs, Permission, ToolBehavior, ToolCategory, ToolDefinition, ToolLimits,
};
pub use watch::{EventSeq, FrontendReady, JobUpdate, JobsUpdate, WatchId};
