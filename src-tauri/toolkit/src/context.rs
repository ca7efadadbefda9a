//! What a running tool is given.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use toolroom_shared::JobId;

use crate::{
    Access, BlockingPool, Checkpoints, HttpClient, Inbox, JobLog, ProgressReporter, Revealed,
    Roots, Scratch, Secrets, ToolError,
};

/// What a running tool is given. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ToolExecutionContext {
    /// The job that runs.
    pub job_id: JobId,
    /// Cancelled when the work is to stop. Look at it between phases and at least every 50 ms.
    pub cancel: CancellationToken,
    /// Where to say how far the work is.
    pub progress: ProgressReporter,
    /// Where to write lines for whoever wants to know what was done.
    pub log: JobLog,
    /// Where to go on from, and where to save that. For tools that declare checkpoints.
    pub checkpoints: Checkpoints,
    /// What it is sent while it runs. For tools that declare [`Messages`](crate::Messages).
    pub inbox: Inbox,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Where blocking work runs.
    pub pool: BlockingPool,
    /// What it may reach. [`confined`](Self::confined) sets it.
    pub access: Arc<Access>,
    /// Where it may read and write, with the folders held open.
    pub roots: Roots,
    /// The one door to the text of a [`Secret`](crate::Secret).
    pub secrets: Secrets,
    /// Space for what is needed only while it runs.
    pub scratch: Scratch,
    /// The connections to servers. [`http`](Self::http) asks through them.
    pub http_client: HttpClient,
}

impl ToolExecutionContext {
    /// What the first attempt of a job is given that stands alone, as in a test.
    #[must_use]
    pub fn new(job_id: JobId) -> Self {
        let (cancel, pool, revealed) = (
            CancellationToken::new(),
            BlockingPool::default(),
            Revealed::watched(),
        );
        Self {
            job_id,
            progress: ProgressReporter::default().without(&revealed),
            log: JobLog::default().without(&revealed),
            secrets: Secrets::new(revealed, None, pool.clone(), cancel.clone()),
            cancel,
            checkpoints: Checkpoints::default(),
            inbox: Inbox::default(),
            attempt: 1,
            pool,
            access: Arc::new(Access::everything()),
            roots: Roots::everywhere(),
            scratch: Scratch::default(),
            http_client: HttpClient::default(),
        }
    }

    /// The same, held to this. Opens the folders that it names, so it may wait for the disk.
    #[must_use]
    pub fn confined(mut self, access: Access) -> Self {
        self.roots = Roots::of(&access);
        self.http_client = self.http_client.within(access.hosts.clone());
        self.access = Arc::new(access);
        self
    }

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
        match self.pool.run(move || work(ctx)).await {
            Some(result) => result,
            // The runtime is going down and never began the work.
            None => Err(ToolError::canceled()),
        }
    }
}
