//! What a running tool is given.

use tokio_util::sync::CancellationToken;
use toolroom_shared::JobId;

use crate::{ProgressReporter, ToolError};

/// What a running tool is given. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ToolExecutionContext {
    /// The job that runs.
    pub job_id: JobId,
    /// Cancelled when the work is to stop. Look at it between phases and at least every 50 ms.
    pub cancel: CancellationToken,
    /// Where to say how far the work is.
    pub progress: ProgressReporter,
}

impl ToolExecutionContext {
    /// Whether the work is to stop.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// An error if the work is to stop: `ctx.check_canceled()?` between two steps.
    ///
    /// # Errors
    /// [`ToolError::Canceled`], without a partial output.
    pub fn check_canceled(&self) -> Result<(), ToolError> {
        if self.is_canceled() {
            Err(ToolError::canceled())
        } else {
            Ok(())
        }
    }

    /// Runs file or CPU work where it holds up nothing else, and waits for it.
    ///
    /// # Errors
    /// What `work` fails with.
    ///
    /// # Panics
    /// If `work` does; the engine reports the job as failed then.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, ToolError>
    where
        T: Send + 'static,
        F: FnOnce(Self) -> Result<T, ToolError> + Send + 'static,
    {
        let ctx = self.clone();
        match tokio::task::spawn_blocking(move || work(ctx)).await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is going down and never began the work.
                Err(_) => Err(ToolError::canceled()),
            },
        }
    }
}
