//! Outputs that are too large for a snapshot: put together from their pieces, and into it.

use serde_json::Value;
use toolroom_engine::{JobApi, JobReader};
use toolroom_shared::{AppError, Caller, ErrorCode, JobSnapshot};

/// Puts the whole output into a job's snapshot if it isn't there.
///
/// # Errors
/// When it can't be read. The job stays as it was.
pub async fn fetch(api: &dyn JobApi, job: &mut JobSnapshot) -> Result<(), AppError> {
    let mut text = String::new();
    let mut next = first_piece(job);
    while let Some(offset) = next {
        let page = api
            .read_output(Caller::Terminal, &job.job_id, offset)
            .await?;
        text.push_str(&page.text);
        next = page.next_offset;
    }
    put_in(job, &text)
}

/// The same for who only reads the history.
///
/// # Errors
/// When it can't be read. The job stays as it was.
pub fn read(reader: &JobReader, job: &mut JobSnapshot) -> Result<(), AppError> {
    let mut text = String::new();
    let mut next = first_piece(job);
    while let Some(offset) = next {
        let page = reader.read_output(&job.job_id, offset)?;
        text.push_str(&page.text);
        next = page.next_offset;
    }
    put_in(job, &text)
}

/// Where the first piece begins, if there are any.
fn first_piece(job: &JobSnapshot) -> Option<u64> {
    (job.output.is_none() && job.output_bytes.is_some()).then_some(0)
}

fn put_in(job: &mut JobSnapshot, text: &str) -> Result<(), AppError> {
    if text.is_empty() {
        return Ok(());
    }
    let output: Value = serde_json::from_str(text).map_err(|error| {
        AppError::new(
            ErrorCode::Internal,
            format!(
                "The output of job {} was stored damaged: {error}. The rest of the job is kept.",
                job.job_id
            ),
        )
    })?;
    job.output = Some(output);
    Ok(())
}
