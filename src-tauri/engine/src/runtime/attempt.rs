//! One attempt of a job, from the claim of its place to the decision on its end.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use fail::fail_point;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use toolroom_shared::ToolDefinition;
use toolroom_toolkit::{
    Access, Checkpoints, Inbox, JobLog, PreparedJob, ProgressReporter, Revealed, Roots, Scratch,
    Secrets, ToolExecutionContext, ToolFailure,
};

use super::{
    job_table::{JobChange, JobOutcome},
    job_task::{self, WorkEnd},
    live_jobs::{LiveJob, Running},
    progress::ProgressMeter,
    scheduler::{Cause, Handling, Scheduler},
    scrubbing::scrubbed,
    settling::Ticket,
    state::State,
};
use crate::{record::JobRecord, secrets::GivenSecrets, store::Change};

/// An attempt whose place is taken.
pub struct Attempt {
    job: Arc<JobRecord>,
    access: Option<Access>,
    work: Option<PreparedJob>,
    secrets: GivenSecrets,
    cancel: CancellationToken,
    progress: ProgressReporter,
    log: JobLog,
    checkpoints: Checkpoints,
    inbox: Inbox,
}

impl Running {
    /// What an attempt of `job` begins with, and in which no secret in `revealed` is said.
    pub fn of(job: &JobRecord, tool: &ToolDefinition, revealed: &Revealed) -> Box<Self> {
        let progress = ProgressReporter::default().without(revealed);
        let inbox = tool.message_schema.as_ref().map(|_| Inbox::open());
        let (messages, inbox) = inbox.unzip();
        Box::new(Self {
            cancel: CancellationToken::new(),
            meter: ProgressMeter::new(progress.clone()),
            progress,
            log: JobLog::after(job.log_lines).without(revealed),
            checkpoints: if tool.behavior.checkpoints {
                Checkpoints::from_saved(job.checkpoint.clone()).without(revealed)
            } else {
                Checkpoints::default()
            },
            messages,
            inbox: inbox.unwrap_or_default(),
            checkpoints_stored: 0,
            unstored: false,
            stored_at: Instant::now(),
            interrupted: false,
        })
    }
}

impl Scheduler {
    /// Gives every free place to the job whose turn it is.
    pub fn start_what_may_run(self: &Arc<Self>, state: &mut State) {
        while !state.closing {
            let Some(seq) = state.queue.claim_next() else {
                return;
            };
            self.claim(state, seq);
        }
    }

    /// Decides that a job's attempt begins; its place is taken. It does begin when that is stored,
    /// lest it be done twice after a kill, unless its tool may be repeated.
    fn claim(self: &Arc<Self>, state: &mut State, seq: u64) {
        let Some(live) = state.live.get(seq) else {
            return;
        };
        let tool = self.registry.at(live.tool);
        let repeatable = tool.behavior.starts_again;
        let running = Running::of(&live.decided, tool, &live.secrets.revealed);
        state.live.set_running(seq, Some(running));
        let handling = Handling {
            show_at_once: repeatable,
            begins: !repeatable,
            ..Handling::default()
        };
        let cause = Cause::engine("");
        if !self.decide(state, seq, JobChange::Started, cause, handling) {
            // Only what may start waits in the queue; were it otherwise, the place is given back.
            self.leave(state, seq);
        } else if repeatable {
            self.begin(state, seq);
        }
    }

    /// Begins an attempt whose place is taken, as soon as the lock is given back.
    pub fn begin(&self, state: &mut State, seq: u64) {
        let Some(live) = state.live.get_mut(seq) else {
            return;
        };
        let Some(running) = &live.running else {
            return;
        };
        state.later.attempts.push(Attempt {
            job: live.decided.clone(),
            access: live.access.clone(),
            work: live.work.take(),
            secrets: live.secrets.clone(),
            cancel: running.cancel.clone(),
            progress: running.progress.clone(),
            log: running.log.clone(),
            checkpoints: running.checkpoints.clone(),
            inbox: running.inbox.clone(),
        });
    }

    /// Runs an attempt to its end. Another that begins now, to be run in its place.
    pub async fn run(self: &Arc<Self>, attempt: Attempt) -> Option<Attempt> {
        let job = &*attempt.job;
        let origin = &job.origin;
        let revealed = attempt.secrets.revealed.clone();
        let ctx = ToolExecutionContext {
            job_id: job.job_id(),
            secrets: Secrets::new(
                revealed.clone(),
                self.secrets.clone(),
                self.pool.clone(),
                attempt.cancel.clone(),
            ),
            cancel: attempt.cancel,
            progress: attempt.progress.clone(),
            log: attempt.log,
            checkpoints: attempt.checkpoints,
            inbox: attempt.inbox,
            attempt: job.attempt,
            pool: self.pool.clone(),
            access: Arc::new(Access::everything()),
            roots: Roots::everywhere(),
            scratch: Scratch::default(),
            http_client: self.http_client.clone(),
        };
        let timeout = origin
            .timeout_seconds
            .map(|s| Duration::from_secs(s.into()));
        let work = attempt.work.map_or_else(
            || {
                let kept = job.input.as_deref().unwrap_or(&Value::Null);
                self.registry
                    .prepare(&origin.tool, attempt.secrets.input(kept))
            },
            Ok,
        );
        let work = match work {
            Ok(work) => self
                .confine(job, attempt.access, ctx)
                .await
                .map(|ctx| (work, ctx)),
            Err(error) => Err(error),
        };
        let end = match work {
            // It was canceled on its way here.
            Ok((_, ctx)) if ctx.is_canceled() => WorkEnd::Canceled(None),
            Ok((work, ctx)) => {
                fail_point!("work-begins");
                let (end, longest) = job_task::run(work, ctx, timeout).await;
                let end = scrubbed(end, &revealed, &self.pool).await;
                let longest = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
                self.longest_step.fetch_max(longest, Ordering::Relaxed);
                end
            }
            // Input and access were good once: the tool or the policy has changed since.
            Err(error) => job_task::failed(error.code, error.message, None),
        };
        fail_point!("work-ended");
        let message = attempt.progress.sample().message;
        self.finish(job, message, end).await
    }

    async fn finish(
        self: &Arc<Self>,
        job: &JobRecord,
        message: Option<String>,
        end: WorkEnd,
    ) -> Option<Attempt> {
        let seq = job.seq();
        let end = self.retry_instead(seq, end)?;
        let (change, payload) = self.end_of(job, message, end).await;
        let mut state = self.state();
        let mut running = self.leave(&mut state, seq)?;
        let change = match change {
            JobChange::Ended(JobOutcome::Canceled(partial)) if running.interrupted => {
                JobChange::Interrupted {
                    starts_again: self.may_start_again(&state, seq, &running),
                    checkpoint: self.keep_checkpoint(seq, &mut running),
                    partial,
                }
            }
            JobChange::Ended(JobOutcome::Paused(_)) => {
                let checkpoint = self.keep_checkpoint(seq, &mut running);
                JobChange::Ended(JobOutcome::Paused(checkpoint))
            }
            other => other,
        };
        let why = if running.interrupted {
            Cause::engine("Toolroom was closed")
        } else {
            Cause::engine("")
        };
        let handling = Handling {
            payload,
            ..Handling::default()
        };
        self.decide(&mut state, seq, change, why, handling);
        self.start_what_may_run(&mut state);
        let next = state.later.attempts.pop();
        drop(state);
        drop(running);
        next
    }

    /// From where the next attempt goes on, stored if it isn't yet.
    fn keep_checkpoint(&self, seq: u64, running: &mut Running) -> Option<Arc<Value>> {
        let newer = running
            .checkpoints
            .newer_than(&mut running.checkpoints_stored);
        if let (Some(store), Some(checkpoint)) = (&self.store, newer) {
            // Nobody waits for it, and a history that is closed takes no more.
            let _ = store.write(Change::Checkpoint { seq, checkpoint }, Ticket::Unwatched);
        }
        running.checkpoints.latest()
    }

    /// Whether the work may be begun again after the engine has stopped it.
    fn may_start_again(&self, state: &State, seq: u64, running: &Running) -> bool {
        let behavior = state
            .live
            .get(seq)
            .map(|live| self.registry.at(live.tool).behavior);
        behavior.is_some_and(|behavior| {
            behavior.may_begin_again(running.checkpoints.latest().is_some())
        })
    }

    /// Lets a failed attempt be followed by another, if it may be. The end, if not.
    fn retry_instead(self: &Arc<Self>, seq: u64, end: WorkEnd) -> Option<WorkEnd> {
        let WorkEnd::Failed(failure) = end else {
            return Some(end);
        };
        let mut state = self.state();
        let Some(delay) = self.retry_delay(&mut state, seq, &failure) else {
            return Some(WorkEnd::Failed(failure));
        };
        if let Some(mut running) = self.leave(&mut state, seq) {
            let why = format!("attempt failed: {}", failure.error.code);
            let change = JobChange::RetryScheduled {
                error: Arc::new(failure.error),
                checkpoint: self.keep_checkpoint(seq, &mut running),
                at: self.clock.now().after(delay),
            };
            let cause = Cause {
                why: why.into(),
                ..Cause::engine("")
            };
            self.decide(&mut state, seq, change, cause, Handling::default());
            self.wait_for_retry(&mut state, seq, delay);
            self.start_what_may_run(&mut state);
        }
        None
    }

    fn retry_delay(&self, state: &mut State, seq: u64, failure: &ToolFailure) -> Option<Duration> {
        let chance = state.chance.f64();
        let live = state.live.get(seq)?;
        let interrupted = live
            .running
            .as_ref()
            .is_some_and(|running| running.interrupted);
        if live.decided.cancel_requested || interrupted {
            return None;
        }
        let failures = live.decided.failures + 1;
        self.retry
            .delay(failure, failures, live.decided.origin.max_attempts, chance)
    }

    /// Gives up an attempt's place, and keeps the last that it said.
    fn leave(self: &Arc<Self>, state: &mut State, seq: u64) -> Option<Box<Running>> {
        self.take_samples(state, seq, Instant::now());
        let running = state.live.set_running(seq, None)?;
        if let Some(LiveJob { tool, .. }) = state.live.get(seq) {
            state.queue.release(*tool);
        }
        self.ended.notify_waiters();
        Some(running)
    }
}
