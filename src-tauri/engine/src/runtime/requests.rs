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
    Subscription, auditing, input_size, job_list,
    job_manager::{JobManager, settled},
    job_reader,
    job_table::JobChange,
    starting::Start,
};
use crate::{
    AuditLog, JobApi, Operation,
    store::{Artifacts, StoreError},
};

#[async_trait]
impl JobApi for JobManager {
    async fn list_tools(&self, caller: Caller) -> Result<Vec<ToolDefinition>, AppError> {
        let all = self.registry.definitions();
        self.scheduler.permissions.usable(&caller, all).await
    }

    async fn check_input(
        &self,
        caller: Caller,
        tool_name: &str,
        input: &Value,
    ) -> Result<Vec<InputProblem>, AppError> {
        let tool = self.tool_for(&caller, tool_name, Operation::CheckInput);
        let tool = tool.await?;
        if let Err(too_large) = input_size::check(self.registry.at(tool), input) {
            return Ok(vec![InputProblem::new("", too_large.message)]);
        }
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
        let tool = self.tool_for(&caller, tool_name, Operation::Start).await?;
        input_size::check(self.registry.at(tool), &input)?;
        let (input, secrets) = self.registry.keep(tool, input);
        let input = Arc::new(input);
        let admitted = self.admit(&caller, tool, &input, &secrets, Operation::Start);
        let access = admitted.await?;
        let start = Start {
            caller,
            tool,
            input,
            secrets,
            access,
            options,
            retry_of: None,
        };
        let job_id = self.accept(start).await?;
        Ok(JobHandle { job_id })
    }

    async fn get(&self, caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError> {
        let job = self.find_for(&caller, job_id, Operation::Read).await?;
        Ok(job.snapshot())
    }

    async fn wait(&self, caller: Caller, job_id: &JobId) -> Result<JobSnapshot, AppError> {
        if caller.is_stranger() {
            self.find_for(&caller, job_id, Operation::Read).await?;
        }
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
        let job = self.find_for(&caller, job_id, Operation::Cancel).await?;
        self.change(job.seq(), caller, JobChange::CancelRequested, true)
            .await
            .map(drop)
    }

    async fn cancel_all(&self, caller: Caller, query: JobsQuery) -> Result<u32, AppError> {
        let only = self.only_jobs_of(&caller).await?;
        let wanted = job_list::Wanted::parse(&query)?.of_caller(only);
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
                    self.change_now(&mut state, job.seq(), caller.clone(), change.clone(), true)
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
        let job = self.find_for(&caller, job_id, Operation::Pause).await?;
        let refuse = |what: &str| {
            let message = format!("Job {job_id} {what} It goes on as it was.");
            Err(AppError::new(ErrorCode::WrongState, message))
        };
        if job.status.is_terminal() {
            return refuse("has ended.");
        }
        if job.status == JobStatus::Running {
            let tool = self.registry.of_job(&job.origin.tool)?;
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
        let job = self.find_for(&caller, job_id, Operation::Resume).await?;
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
        let job = self.find_for(&caller, job_id, Operation::Reorder).await?;
        let seq = job.seq();
        let before = match &position {
            QueuePosition::Before(other) => {
                let other = self.find_for(&caller, other, Operation::Reorder).await?;
                Some(other.seq())
            }
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

    async fn send(&self, caller: Caller, job_id: &JobId, message: Value) -> Result<(), AppError> {
        let job = self.find_for(&caller, job_id, Operation::Send).await?;
        let refuse = |code, what: &str| {
            let message = format!("Job {job_id} {what} Nothing was sent.");
            Err(AppError::new(code, message))
        };
        let tool = self.registry.of_job(&job.origin.tool)?;
        let Some(problems) = self.registry.check_message(tool, &message) else {
            return refuse(
                ErrorCode::WrongState,
                "takes no messages: its tool has no use for any.",
            );
        };
        if !problems.is_empty() {
            return Err(AppError::invalid_input(&problems));
        }
        let note = auditing::message(caller, &job, &message);
        let sent = {
            let state = self.scheduler.state();
            let live = state.live.get(job.seq());
            live.and_then(|live| Some(live.running.as_ref()?.messages.as_ref()?.send(message)))
        };
        match sent {
            Some(Ok(())) => {
                self.scheduler.audit.note(note);
                Ok(())
            }
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
        let job = self.find_for(&caller, job_id, Operation::Read).await?;
        if !job.status.is_terminal() {
            let message = format!("Job {job_id} has not ended yet. Cancel it first.");
            return Err(AppError::new(ErrorCode::WrongState, message));
        }
        let tool = self.tool_for(&caller, &job.origin.tool, Operation::Retry);
        let tool = tool.await?;
        let input = job.input.clone().unwrap_or_default();
        let secrets = self.registry.kept(tool, &input)?;
        let admitted = self.admit(&caller, tool, &input, &secrets, Operation::Retry);
        let access = admitted.await?;
        let start = Start {
            caller,
            tool,
            input,
            secrets,
            access,
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

    async fn list(&self, caller: Caller, query: JobsQuery) -> Result<JobsPage, AppError> {
        let only = self.only_jobs_of(&caller).await?;
        let wanted = job_list::Wanted::parse(&query)?.of_caller(only);
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
        caller: Caller,
        job_id: &JobId,
    ) -> Result<Vec<JobTransition>, AppError> {
        if caller.is_stranger() {
            self.find_for(&caller, job_id, Operation::Read).await?;
        }
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
        caller: Caller,
        job_id: &JobId,
        after: u32,
        limit: u32,
    ) -> Result<LogPage, AppError> {
        let job = self.find_for(&caller, job_id, Operation::Read).await?;
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
        caller: Caller,
        job_id: &JobId,
        offset: u64,
    ) -> Result<OutputPage, AppError> {
        let job = self.find_for(&caller, job_id, Operation::Read).await?;
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
        caller: Caller,
        since: Option<u64>,
    ) -> Result<Subscription, AppError> {
        let only = self.only_jobs_of(&caller).await?;
        // Under the lock, so that no event falls between the jobs and the stream.
        let (mut subscription, mut visible) = {
            let state = self.scheduler.state();
            if let Some(since) = since
                && let Some(resumed) = self.scheduler.events.resume(since)
            {
                return Ok(resumed.of_caller(only));
            }
            (self.scheduler.events.subscribe(), state.live.visible())
        };
        visible.retain(|job| {
            let is_shown = only.as_ref().is_none_or(|only| job.origin.caller == *only);
            is_shown && !job.status.is_terminal()
        });
        job_list::newest_first(&mut visible);
        subscription = subscription.of_caller(only);
        subscription.snapshot = visible.iter().map(|job| job.summary()).collect();
        if let Some(since) = since {
            let missed = subscription.last_seq().saturating_sub(since);
            subscription.tell_gap(missed.max(1));
        }
        Ok(subscription)
    }
}
