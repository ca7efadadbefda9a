//! What a person can do to jobs: start, cancel, run again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use toolroom_ipc::IpcError;
use toolroom_shared::{AppError, JobId, StartOptions};

use super::JobsStore;
use crate::texts;

impl JobsStore {
    /// Starts a job and gets it into the store. Each call is a start of its own.
    ///
    /// # Errors
    /// If the backend refuses or can't be reached.
    pub async fn start(&self, tool: String, input: Value) -> Result<JobId, IpcError<AppError>> {
        let options = StartOptions {
            idempotency_key: Some(uuid::Uuid::new_v4().to_string()),
            ..StartOptions::default()
        };
        let answer = self.client.start_tool_job(tool, input, options).await;
        self.link.note(&answer);
        let id = answer?.job_id;
        self.refresh(&id).await;
        Ok(id)
    }

    /// Asks for a job to end.
    pub fn cancel(&self, id: JobId) {
        let store = self.clone();
        spawn_local(async move {
            if let Err(error) = store.cancel_now(&id).await {
                store.notices.tell(texts::failure(&error));
            }
        });
    }

    pub(super) async fn cancel_now(&self, id: &JobId) -> Result<(), IpcError<AppError>> {
        let answer = self.client.cancel_job(id.clone()).await;
        self.link.note(&answer);
        // Whatever the answer: the job may have ended meanwhile, and then shows it.
        self.refresh(id).await;
        answer
    }

    /// Starts a job with the input of an earlier one. Pressing twice starts one.
    pub fn run_again(&self, id: JobId) {
        if !self.state().starting.insert(id.clone()) {
            return;
        }
        let store = self.clone();
        spawn_local(async move {
            match store.run_again_now(&id).await {
                Ok(new) => store.rerun.set(Some((id.clone(), new))),
                Err(error) => store.notices.tell(texts::failure(&error)),
            }
            store.state().starting.remove(&id);
        });
    }

    pub(super) async fn run_again_now(&self, id: &JobId) -> Result<JobId, IpcError<AppError>> {
        let earlier = self.client.get_job(id.clone()).await?;
        self.start(earlier.tool_name, earlier.input).await
    }
}
