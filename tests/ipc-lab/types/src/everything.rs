//! One value of each type that crosses Toolroom's wire.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toolroom_shared::{
    AppError, EventSeq, FrontendReady, HealthSnapshot, InputProblem, JobHandle, JobId, JobSnapshot,
    JobTransition, JobUpdate, JobsPage, JobsQuery, JobsUpdate, LogPage, OutputPage, QueuePosition,
    StartOptions, ToolDefinition, ToolJobCanceled, ToolJobCompleted, ToolJobFailed,
    ToolJobProgress, WatchId,
};

/// One value of each type of Toolroom's contract: of arguments, results, errors, events and the
/// messages of channels.
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
    pub health: HealthSnapshot,
    pub event_seq: EventSeq,
    pub watch_id: WatchId,
    pub frontend_ready: FrontendReady,
    pub error: AppError,
    pub progress: ToolJobProgress,
    pub completed: ToolJobCompleted,
    pub failed: ToolJobFailed,
    pub canceled: ToolJobCanceled,
    pub jobs_updates: Vec<JobsUpdate>,
    pub job_update: JobUpdate,
}

#[cfg(all(test, feature = "specta"))]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_type_of_the_contract_is_left_out() {
        let types = specta::Types::default().register::<Everything>();
        let names: BTreeSet<String> = types
            .into_unsorted_iter()
            .map(|named| named.name.to_string())
            .collect();
        let schemas = toolroom_shared::contract::contract()["schemas"]
            .as_object()
            .unwrap();
        assert!(schemas.len() > 20);
        for schema in schemas.keys() {
            assert!(names.contains(schema), "{schema} is in no field");
        }
    }
}
