//! One value of each type that crosses Toolroom's wire.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toolroom_shared::{
    About, AppError, AuditPage, AuditQuery, AuditReport, CleanUp, CloseAnswer, CloseAsked,
    EventSeq, FrontendReady, GivenPaths, Grant, HealthSnapshot, HistoryCopy, InputProblem,
    JobHandle, JobId, JobSnapshot, JobTransition, JobUpdate, JobsPage, JobsQuery, JobsUpdate,
    KeptSecret, LogPage, OpenRequest, OpenRequested, OutputPage, PathWish, PathsDragged,
    PathsDropped, PermissionsState, Preset, QuestionAnswer, QuestionId, QueuePosition, SecretName,
    SettingsForm, SettingsState, StartOptions, StorageReport, Thumbnail, ToolDefinition,
    ToolJobCanceled, ToolJobCompleted, ToolJobFailed, ToolJobProgress, WatchId,
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
    pub presets: Vec<Preset>,
    pub input_problems: Vec<InputProblem>,
    pub job_handle: JobHandle,
    pub snapshot: JobSnapshot,
    pub jobs_page: JobsPage,
    pub transitions: Vec<JobTransition>,
    pub log_page: LogPage,
    pub output_page: OutputPage,
    pub health: HealthSnapshot,
    pub settings_form: SettingsForm,
    pub settings_state: SettingsState,
    pub about: About,
    pub storage: StorageReport,
    pub clean_up: CleanUp,
    pub history_copy: HistoryCopy,
    pub permissions: PermissionsState,
    pub grant: Option<Grant>,
    pub question_id: QuestionId,
    pub answer: QuestionAnswer,
    pub kept_secrets: Vec<KeptSecret>,
    pub secret_name: SecretName,
    pub audit_query: AuditQuery,
    pub audit_page: AuditPage,
    pub audit_report: AuditReport,
    pub native: Native,
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

/// One value of each type by which the page and the system speak.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(missing_docs)] // each is described where it is defined
pub struct Native {
    pub path_wish: PathWish,
    pub given_paths: GivenPaths,
    pub paths_dragged: PathsDragged,
    pub paths_dropped: PathsDropped,
    pub open_requests: Vec<OpenRequest>,
    pub open_requested: OpenRequested,
    pub close_asked: CloseAsked,
    pub close_answer: CloseAnswer,
    pub thumbnail: Option<Thumbnail>,
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
