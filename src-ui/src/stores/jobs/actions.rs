//! What a person can do to a job: start, hold back, put first, cancel, run again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use toolroom_ipc::{Client, IpcError};
use toolroom_shared::{AppError, JobId, QueuePosition, StartOptions};

use super::JobsStore;

type Answer = Result<(), IpcError<AppError>>;

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
        // Its key makes a second one the same start.
        let ask = || {
            let (tool, input, options) = (tool.clone(), input.clone(), options.clone());
            self.client.start_tool_job(tool, input, options)
        };
        let id = self.patience.ask(ask).await?.job_id;
        self.refresh(&id).await;
        Ok(id)
    }

    /// Asks for a job to end.
    pub fn cancel(&self, id: JobId) {
        self.ask(id, async |client, id| client.cancel_job(id).await);
    }

    /// Holds a job back.
    pub fn pause(&self, id: JobId) {
        self.ask(id, async |client, id| client.pause_job(id).await);
    }

    /// Lets a job go on that is held back.
    pub fn resume(&self, id: JobId) {
        self.ask(id, async |client, id| client.resume_job(id).await);
    }

    /// Puts a waiting job before all others of its priority.
    pub fn move_to_front(&self, id: JobId) {
        self.ask(id, async |client, id| {
            client.reorder_job(id, QueuePosition::First).await
        });
    }

    fn ask(&self, id: JobId, call: impl AsyncFnOnce(Client, JobId) -> Answer + 'static) {
        let store = self.clone();
        spawn_local(async move {
            if let Err(error) = store.ask_now(&id, call).await {
                store.notices.tell_of(&error);
            }
        });
    }

    pub(super) async fn ask_now(
        &self,
        id: &JobId,
        call: impl AsyncFnOnce(Client, JobId) -> Answer,
    ) -> Answer {
        let answer = call(self.client.clone(), id.clone()).await;
        self.link.note(&answer);
        // Whatever the answer: the job may have changed meanwhile, and then shows it.
        self.refresh(id).await;
        answer
    }

    /// Starts a job that has ended once more, as a new one. Pressing twice starts one.
    pub fn run_again(&self, id: JobId) {
        if !self.state().starting.insert(id.clone()) {
            return;
        }
        let store = self.clone();
        spawn_local(async move {
            match store.run_again_now(&id).await {
                Ok(new) => store.rerun.set(Some((id.clone(), new))),
                Err(error) => store.notices.tell_of(&error),
            }
            store.state().starting.remove(&id);
        });
    }

    pub(super) async fn run_again_now(&self, id: &JobId) -> Result<JobId, IpcError<AppError>> {
        let answer = self.client.retry_job(id.clone()).await;
        self.link.note(&answer);
        let new = answer?.job_id;
        self.refresh(&new).await;
        Ok(new)
    }
}
