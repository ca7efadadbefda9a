//! `toolroom cancel`: ends a job that waits in a data folder whose engine nobody else runs.

use std::{path::PathBuf, sync::Arc};

use toolroom_engine::{JobApi, Registry};
use toolroom_shared::{AppError, Caller, JobId, JobSnapshot, JobStatus};

use crate::{render, session::with_engine};

/// Cancels it and says so.
///
/// # Errors
/// `unknown_job`, and those of opening an engine.
pub fn cancel(
    registry: Registry,
    data_dir: Option<PathBuf>,
    job_id: &JobId,
) -> Result<(), AppError> {
    let sentence = with_engine(registry, data_dir, async |api: Arc<dyn JobApi>| {
        let before = api.get(Caller::Terminal, job_id).await?;
        if before.status.is_terminal() {
            return Ok(had_ended(&before));
        }
        api.cancel(Caller::Terminal, job_id).await?;
        let after = api.wait(Caller::Terminal, job_id).await?;
        Ok(match after.status {
            JobStatus::Canceled => format!("Job {job_id} is canceled."),
            // It had been interrupted, and this engine has just settled it.
            _ => had_ended(&after),
        })
    })?;
    render::print(&sentence);
    Ok(())
}

fn had_ended(job: &JobSnapshot) -> String {
    format!("Job {} had ended already: {}.", job.job_id, job.status)
}
