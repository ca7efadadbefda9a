//! One value of each type that crosses Toolroom's wire.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toolroom_shared::{
    AppError, InputProblem, JobEvent, JobHandle, JobId, JobSnapshot, JobTransition, JobsPage,
    JobsQuery, LogPage, OutputPage, QueuePosition, StartOptions, TabId, ToolDefinition,
    ToolJobCanceled, ToolJobCompleted, ToolJobFailed, ToolJobProgress,
};

/// One value of each type of Toolroom's contract: of arguments, results, errors and events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs)] // each is described where it is defined
pub struct Everything {
    pub nothing: (),
    pub text: String,
    pub number: u32,
    pub json: Value,
    pub job_id: JobId,
    pub start_options: StartOptions,
    pub jobs_query: JobsQuery,
    pub queue_position: QueuePosition,
    pub tools: Vec<ToolDefinition>,
    pub input_problems: Vec<InputProblem>,
    pub job_handle: JobHandle,
    pub snapshot: JobSnapshot,
    pub jobs_page: JobsPage,
    pub transitions: Vec<JobTransition>,
    pub log_page: LogPage,
    pub output_page: OutputPage,
    pub tab: TabId,
    pub error: AppError,
    pub progress: ToolJobProgress,
    pub completed: ToolJobCompleted,
    pub failed: ToolJobFailed,
    pub canceled: ToolJobCanceled,
    pub event: JobEvent,
}
