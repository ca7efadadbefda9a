//! What can be asked of the engine: each request a few lines onto the parts that know.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use smallvec::SmallVec;
use tokio::sync::oneshot;
use toolroom_shared::{
    AppError, Caller, ErrorCode, InputProblem, JobHandle, JobId, JobSnapshot, JobStatus,
    JobTransition, JobsPage, JobsQuery, LogPage, OutputPage, QueuePosition, StartOptions,
    ToolDefinition,
};
use toolroom_toolkit::NotSent;

use super::{
    Subscription, job_list,
    job_manager::{JobManager, settled},
    job_reader,
    job_table::JobChange,
    starting::Start,
};
use crate::{
    JobApi,
    store::{Artifacts, StoreError},
};

#[async_trait]
impl JobApi for JobManager {
    async fn list_tools(&self, _caller: Caller) -> Result<Vec<ToolDefinition>, AppError> {
        Ok(self.registry.definitions())
    }

    async fn check_input(
        &self,
        _caller: Caller,
        tool_name: &str,
        input: &Value,
    ) -> Result<Vec<InputProblem>, AppError> {
        self.registry.check(tool_name, input)
    }

    async fn start(
        &self,
        caller: Caller,
        tool_name: &str,
        input: Value,
        options: StartOptions,
    ) -> Result<JobHandle, AppError> {
        // Who starts many in a row lets others run in between: those jobs, for one.
        tokio::task::coop::consume_budget().await;
        let start = Start {
            caller,
            tool: self.registry.index(tool_name)?,
            input: Arc::new(input),
            options,
            retry_of: None,
        };
        let job_id = self.accept(start).await?;
        Ok(JobHandle { job_id })
    }

    async fn get(&self, _caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError> {
        Ok(self.find(job_id).await?.snapshot())
    }

    async fn wait(&self, _caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError> {
        let id = job_reader::parse(job_id)?;
        let ended = {
            let mut state = self.scheduler.state();
            state.live.by_id_mut(id).and_then(|live| {
                let is_unfinished = !live.visible.as_ref()?.status.is_terminal();
                is_unfinished.then(|| {
                    let (told, ended) = oneshot::channel();
                    live.waiting.get_or_insert_default().for_end.push(told);
                    ended
                })
            })
        };
        let job = match ended {
            None => self.find(job_id).await?,
            Some(ended) => tokio::select! {
                ended = ended => match ended {
                    Ok(job) => job,
                    Err(_) => self.find(job_id).await?,
                },
                () = self.scheduler.closed.cancelled() => self.find(job_id).await?,
            },
        };
        if job.status.is_terminal() {
            return Ok(job.snapshot());
        }
        let message = format!("Toolroom is closing before job {job_id} has ended.");
        Err(AppError::new(ErrorCode::ShuttingDown, message))
    }

    async fn cancel(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError> {
        let seq = self.find(job_id).await?.seq();
        self.change(seq, caller, JobChange::CancelRequested, true)
            .await
            .map(drop)
    }

    async fn cancel_all(&self, caller: Caller, query: JobsQuery) -> Result<u32, AppError> {
        let wanted = job_list::Wanted::parse(&query)?;
        let waiting: Vec<_> = {
            let mut state = self.scheduler.state();
            let mut jobs = state.live.visible();
            jobs.retain(|job| !job.status.is_terminal() && wanted.matches(job));
            // What is canceled first must not let the next one begin.
            job_list::newest_first(&mut jobs);
            let change = JobChange::CancelRequested;
            let waiting = jobs
                .iter()
                .filter_map(|job| {
                    self.change_now(&mut state, job.seq(), caller, change.clone(), true)
                })
                .collect();
            self.scheduler.start_what_may_run(&mut state);
            waiting
        };
        let mut count = 0;
        for stored in waiting {
            settled(stored).await?;
            count += 1;
        }
        Ok(count)
    }

    async fn pause(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError> {
        let job = self.find(job_id).await?;
        let refuse = |what: &str| {
            let message = format!("Job {job_id} {what} It goes on as it was.");
            Err(AppError::new(ErrorCode::WrongState, message))
        };
        if job.status.is_terminal() {
            return refuse("has ended.");
        }
        if job.status == JobStatus::Running {
            let tool = self.registry.index(&job.origin.tool)?;
            if !self.registry.at(tool).behavior.checkpoints {
                return refuse(
                    "runs, and its tool can be paused only while it waits. Cancel it instead if it must stop.",
                );
            }
        }
        self.change(job.seq(), caller, JobChange::PauseRequested, true)
            .await
            .map(drop)
    }

    async fn resume(&self, caller: Caller, job_id: &JobId) -> Result<(), AppError> {
        let job = self.find(job_id).await?;
        if job.status.is_terminal() {
            let message = format!("Job {job_id} has ended. Retry it to run it again.");
            return Err(AppError::new(ErrorCode::WrongState, message));
        }
        self.change(job.seq(), caller, JobChange::Resumed, false)
            .await
            .map(drop)
    }

    async fn reorder(
        &self,
        caller: Caller,
        job_id: &JobId,
        position: QueuePosition,
    ) -> Result<(), AppError> {
        let seq = self.find(job_id).await?.seq();
        let before = match &position {
            QueuePosition::Before(other) => Some(self.find(other).await?.seq()),
            _ => None,
        };
        let stored = {
            let mut state = self.scheduler.state();
            let change = self
                .scheduler
                .move_in_queue(&mut state, seq, &position, before);
            change.and_then(|change| self.change_now(&mut state, seq, caller, change, false))
        };
        match stored {
            Some(stored) => settled(stored).await,
            None => {
                let message = "Only a job that waits for its turn can be moved, and only before another such job. Nothing was moved.";
                Err(AppError::new(ErrorCode::WrongState, message))
            }
        }
    }

    async fn send(&self, _caller: Caller, job_id: &JobId, message: Value) -> Result<(), AppError> {
        let job = self.find(job_id).await?;
        let refuse = |code, what: &str| {
            let message = format!("Job {job_id} {what} Nothing was sent.");
            Err(AppError::new(code, message))
        };
        let tool = self.registry.index(&job.origin.tool)?;
        let Some(problems) = self.registry.check_message(tool, &message) else {
            return refuse(
                ErrorCode::WrongState,
                "takes no messages: its tool has no use for any.",
            );
        };
        if !problems.is_empty() {
            return Err(AppError::invalid_input(&problems));
        }
        let sent = {
            let state = self.scheduler.state();
            let live = state.live.get(job.seq());
            live.and_then(|live| Some(live.running.as_ref()?.messages.as_ref()?.send(message)))
        };
        match sent {
            Some(Ok(())) => Ok(()),
            Some(Err(NotSent::Full)) => refuse(
                ErrorCode::QueueFull,
                "has not read what it was sent before.",
            ),
            Some(Err(NotSent::Ended)) | None => {
                refuse(ErrorCode::WrongState, "is not being worked on now.")
            }
        }
    }

    async fn retry(&self, caller: Caller, job_id: &JobId) -> Result<JobHandle, AppError> {
        let job = self.find(job_id).await?;
        if !job.status.is_terminal() {
            let message = format!("Job {job_id} has not ended yet. Cancel it first.");
            return Err(AppError::new(ErrorCode::WrongState, message));
        }
        let start = Start {
            caller,
            tool: self.registry.index(&job.origin.tool)?,
            input: job.input.clone().unwrap_or_default(),
            options: StartOptions {
                priority: Some(job.priority),
                timeout_seconds: job.origin.timeout_seconds,
                max_attempts: job.origin.max_attempts,
                idempotency_key: None,
            },
            retry_of: Some(job.origin.id),
        };
        let job_id = self.accept(start).await?;
        Ok(JobHandle { job_id })
    }

    async fn list(&self, _caller: Caller, query: JobsQuery) -> Result<JobsPage, AppError> {
        let wanted = job_list::Wanted::parse(&query)?;
        // Looked through after the lock is given back: a search takes its time.
        let visible = self.scheduler.state().live.visible();
        match &self.reader {
            None => {
                let live = wanted.live(visible);
                wanted.page(live, None).map_err(StoreError::into_app_error)
            }
            Some(reader) => {
                self.read(reader, move |reader| {
                    let live = wanted.live(visible);
                    wanted
                        .page(live, Some(reader.history()))
                        .map_err(StoreError::into_app_error)
                })
                .await
            }
        }
    }

    async fn transitions(
        &self,
        _caller: Caller,
        job_id: &JobId,
    ) -> Result<Vec<JobTransition>, AppError> {
        if let Some(reader) = &self.reader {
            let wanted = job_id.clone();
            return self
                .read(reader, move |reader| reader.transitions(&wanted))
                .await;
        }
        let seq = self.find(job_id).await?.seq();
        let state = self.scheduler.state();
        let entries = state
            .live
            .get(seq)
            .and_then(|live| live.kept.as_ref())
            .map_or_else(SmallVec::new, |kept| kept.transitions.clone());
        Ok(entries.into_iter().map(job_reader::transition).collect())
    }

    async fn log(
        &self,
        _caller: Caller,
        job_id: &JobId,
        after: u32,
        limit: u32,
    ) -> Result<LogPage, AppError> {
        let job = self.find(job_id).await?;
        let (seq, written) = (job.seq(), job.status.is_terminal().then_some(job.log_lines));
        if let Some(reader) = &self.reader {
            return self
                .read(reader, move |reader| {
                    reader.log_of(seq, after, limit, written)
                })
                .await;
        }
        let state = self.scheduler.state();
        let kept = state.live.get(seq).and_then(|live| live.kept.as_ref());
        let log = kept.map(|kept| &kept.log);
        Ok(log.map_or_else(LogPage::default, |log| {
            job_reader::log_in_memory(log, after, limit)
        }))
    }

    async fn read_output(
        &self,
        _caller: Caller,
        job_id: &JobId,
        offset: u64,
    ) -> Result<OutputPage, AppError> {
        let job = self.find(job_id).await?;
        let artifacts = self
            .scheduler
            .store
            .as_ref()
            .map(|store| store.artifacts().clone());
        let page =
            move |artifacts: Option<&Artifacts>| job_reader::output_page(&job, offset, artifacts);
        match (&self.reader, artifacts) {
            (Some(reader), Some(artifacts)) => {
                self.read(reader, move |_| page(Some(&artifacts))).await
            }
            _ => page(None),
        }
    }

    async fn subscribe(
        &self,
        _caller: Caller,
        since: Option<u64>,
    ) -> Result<Subscription, AppError> {
        // Under the lock, so that no event falls between the jobs and the stream.
        let (mut subscription, mut visible) = {
            let state = self.scheduler.state();
            if let Some(since) = since
                && let Some(resumed) = self.scheduler.events.resume(since)
            {
                return Ok(resumed);
            }
            (self.scheduler.events.subscribe(), state.live.visible())
        };
        visible.retain(|job| !job.status.is_terminal());
        job_list::newest_first(&mut visible);
        subscription.snapshot = visible.iter().map(|job| job.summary()).collect();
        if let Some(since) = since {
            let missed = subscription.last_seq().saturating_sub(since);
            subscription.tell_gap(missed.max(1));
        }
        Ok(subscription)
    }
}
