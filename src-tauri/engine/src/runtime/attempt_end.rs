//! What an attempt's end is made into: a result in its place, a change to be decided, and the words
//! by which the job will be found.
//!
//! Whether the job has ended with it, or is tried again, is `attempt`'s business.

use std::sync::Arc;

use toolroom_shared::AppError;
use toolroom_toolkit::JsonOutput;

use super::{
    job_output::{self, PlacedOutput},
    job_table::{JobChange, JobOutcome},
    job_task::WorkEnd,
    scheduler::Scheduler,
};
use crate::{
    record::{JobOrigin, JobRecord, Output, ProgressReport},
    store::{Payload, SearchWords},
};

impl Scheduler {
    /// Puts a result into its place, and gives what is to be stored with the end.
    pub async fn end_of(
        &self,
        job: &JobRecord,
        message: Option<String>,
        end: WorkEnd,
    ) -> (JobChange, Payload) {
        let (error, result, succeeded) = match end {
            WorkEnd::Succeeded(output) => (None, Some(output), true),
            WorkEnd::Failed(failure) => {
                let partial = failure.partial.map(JsonOutput::from);
                (Some(failure.error), partial, false)
            }
            WorkEnd::Canceled(partial) => (None, partial.map(JsonOutput::from), false),
            WorkEnd::Paused => {
                return (JobChange::Ended(JobOutcome::Paused(None)), Payload::Nothing);
            }
        };
        let words = self
            .store
            .is_some()
            .then(|| words(job, message, error.as_ref(), result.as_ref()));
        let (output, text, unplaced) = match result {
            None => (None, None, None),
            Some(result) => match self.place(&job.origin, result).await {
                Ok(placed) => (Some(placed.output), placed.text, None),
                Err(error) => (None, None, Some(error)),
            },
        };
        let outcome = outcome(succeeded, output, error, unplaced);
        let payload = words.map_or(Payload::Nothing, |words| Payload::Ended {
            output: text,
            words,
        });
        (JobChange::Ended(outcome), payload)
    }

    async fn place(
        &self,
        origin: &JobOrigin,
        result: JsonOutput,
    ) -> Result<PlacedOutput, AppError> {
        let Some(store) = &self.store else {
            return Ok(job_output::place_in_memory(result));
        };
        match job_output::place_small(result) {
            Ok(placed) => Ok(placed),
            // Apart, because every running job would have to keep room for it.
            Err(text) => {
                let artifacts = store.artifacts();
                Box::pin(job_output::place_large(
                    text, origin.id, artifacts, &self.pool,
                ))
                .await
            }
        }
    }
}

/// In which words the job can be found once it has ended.
fn words(
    job: &JobRecord,
    message: Option<String>,
    error: Option<&AppError>,
    output: Option<&JsonOutput>,
) -> String {
    let report = ProgressReport {
        message,
        ..ProgressReport::default()
    };
    let ended = JobRecord {
        error: error.cloned().map(Arc::new),
        report: Some(Arc::new(report)),
        ..job.clone()
    };
    match output {
        None => SearchWords::of_job(&ended, None),
        Some(JsonOutput::Small { value, .. }) => SearchWords::of_job(&ended, Some(value)),
        Some(JsonOutput::Large(text)) => SearchWords::of_job_with_text(&ended, text),
    }
}

fn outcome(
    succeeded: bool,
    output: Option<Output>,
    error: Option<AppError>,
    unplaced: Option<AppError>,
) -> JobOutcome {
    match (error, unplaced, output) {
        // Why it failed counts more than that its partial result was lost.
        (Some(error), _, partial) => JobOutcome::Failed(Arc::new(error), partial),
        (None, Some(error), _) => JobOutcome::Failed(Arc::new(error), None),
        (None, None, Some(output)) if succeeded => JobOutcome::Succeeded(output),
        (None, None, partial) => JobOutcome::Canceled(partial),
    }
}
