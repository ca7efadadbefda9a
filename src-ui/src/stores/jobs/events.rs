//! Listening to the backend's four events on jobs.

use toolroom_ipc::{DecodeError, IpcError, Listener, Never};
use toolroom_shared::JobSummary;

use super::JobsStore;

impl JobsStore {
    /// Takes in every event from now on, for as long as the listeners are kept. To be done
    /// before the first list is asked for: what happens in between would be missed.
    ///
    /// # Errors
    /// If the backend could not be reached.
    pub async fn listen(&self) -> Result<Vec<Listener>, IpcError<Never>> {
        let client = &self.client;
        let store = || self.clone();
        let (progress, completed, failed, canceled) = (store(), store(), store(), store());
        Ok(vec![
            client
                .on_tool_job_progress(move |event| progress.hear(event.map(|e| e.jobs)))
                .await?,
            client
                .on_tool_job_completed(move |event| completed.hear(event.map(|e| e.jobs)))
                .await?,
            client
                .on_tool_job_failed(move |event| failed.hear(event.map(|e| e.jobs)))
                .await?,
            client
                .on_tool_job_canceled(move |event| canceled.hear(event.map(|e| e.jobs)))
                .await?,
        ])
    }

    /// Takes in what one message tells, all at once.
    fn hear(&self, jobs: Result<Vec<JobSummary>, DecodeError>) {
        // An event that can't be read is as good as lost, and lost ones are made up for.
        if let Ok(jobs) = jobs {
            self.put_summaries(jobs);
        }
    }
}
