//! `toolroom retry`: runs a job that has ended once more, and follows the new one to its end.

use std::path::PathBuf;

use toolroom_engine::{JobApi, Registry};
use toolroom_shared::{AppError, Caller, JobId};

use crate::follow;

/// Runs it again and prints the result. The exit code.
///
/// # Errors
/// `unknown_job`, `wrong_state` for one that hasn't ended, and those of any run.
pub fn retry(
    registry: Registry,
    data_dir: Option<PathBuf>,
    job_id: &JobId,
    as_json: bool,
) -> Result<u8, AppError> {
    follow::to_its_end(registry, data_dir, as_json, async |api: &dyn JobApi| {
        api.retry(Caller::Terminal, job_id).await
    })
}
