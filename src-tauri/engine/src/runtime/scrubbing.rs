//! The end of a job's work without the secrets that the job was given.

use toolroom_toolkit::{BlockingPool, Revealed};

use super::job_task::WorkEnd;

/// How the work ended, without the secrets in `revealed`, whatever the tool put where.
pub async fn scrubbed(end: WorkEnd, revealed: &Revealed, pool: &BlockingPool) -> WorkEnd {
    if revealed.is_empty() {
        return end;
    }
    let revealed = revealed.clone();
    let scrub = move || match end {
        WorkEnd::Succeeded(output) => WorkEnd::Succeeded(revealed.scrub_output(output)),
        WorkEnd::Failed(mut failure) => {
            revealed.scrub_failure(&mut failure);
            WorkEnd::Failed(failure)
        }
        WorkEnd::Canceled(mut partial) => {
            if let Some(partial) = &mut partial {
                revealed.scrub_value(partial);
            }
            WorkEnd::Canceled(partial)
        }
        WorkEnd::Paused => WorkEnd::Paused,
    };
    // If the runtime is going down, nothing is said.
    pool.run(scrub).await.unwrap_or(WorkEnd::Canceled(None))
}
