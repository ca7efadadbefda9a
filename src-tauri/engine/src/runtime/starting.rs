//! Accepts jobs: checks a start, finds the job that it stands for already, gives it its place.

use std::sync::{Arc, atomic::Ordering};

use fail::fail_point;
use serde_json::Value;
use tokio::sync::oneshot;
use toolroom_shared::{
    AppError, Caller, ErrorCode, IdenticalInputs, JobId, StartOptions, TransitionKind,
};
use toolroom_toolkit::{Access, PreparedJob};
use uuid::Uuid;

use super::{
    auditing,
    job_manager::{JobManager, storage_gone},
    job_table::{self, JobChange},
    live_jobs::{LiveJob, Running},
    queue::{ToolIndex, rank_of_arrival},
    scheduler::{self, Cause, Decided, Handling, Scheduler},
    settling::Acknowledgement,
    state::State,
};
use crate::{
    AuditLog,
    record::{JobOrigin, JobRecord},
    secrets::GivenSecrets,
    store::{HistoryEntry, Payload, StoreError, StoreErrorKind},
};

/// A start that has been checked.
pub struct Start {
    pub caller: Caller,
    pub tool: ToolIndex,
    /// As it is kept.
    pub input: Arc<Value>,
    pub secrets: GivenSecrets,
    pub options: StartOptions,
    pub access: Access,
    pub retry_of: Option<Uuid>,
}

/// What became of a start.
enum Accepted {
    /// It is a job that everyone knows, or that is stored at once.
    Known(JobId),
    /// It is a job as soon as it is stored.
    Storing(JobId, oneshot::Receiver<Result<(), StoreError>>),
}

impl JobManager {
    /// Checks a start, and accepts it.
    pub(super) async fn accept(&self, start: Start) -> Result<JobId, AppError> {
        check_options(&start.options)?;
        let mut new = Some(self.new_job(&start)?);
        loop {
            if let Some(job_id) = self.stored_start(&start).await? {
                return Ok(self.told_of(&start, job_id, true));
            }
            let accepted = self.accept_now(&start, &mut new)?;
            // What was not taken in stands for a job that is there.
            let is_joined = new.is_some();
            match accepted {
                Accepted::Known(job_id) => return Ok(self.told_of(&start, job_id, is_joined)),
                Accepted::Storing(job_id, stored) => match stored.await {
                    Ok(Ok(())) => return Ok(self.told_of(&start, job_id, is_joined)),
                    // The other start with the same key was stored, and has ended, between the two
                    // looks above.
                    Ok(Err(error)) if error.kind == StoreErrorKind::DuplicateKey => {
                        new = Some(self.new_job(&start)?);
                    }
                    Ok(Err(error)) => return Err(error.into_app_error()),
                    Err(_) => return Err(storage_gone()),
                },
            }
        }
    }

    /// Tells the audit trail of a start that was joined to a job; others are told with their job.
    fn told_of(&self, start: &Start, job_id: JobId, is_joined: bool) -> JobId {
        if is_joined {
            let tool = self.registry.name(start.tool);
            let note = auditing::joined(start.caller.clone(), tool, &job_id);
            self.scheduler.audit.note(note);
        }
        job_id
    }

    /// The job on disk that a start with the same key stands for.
    async fn stored_start(&self, start: &Start) -> Result<Option<JobId>, AppError> {
        let (Some(reader), Some(key)) = (&self.reader, &start.options.idempotency_key) else {
            return Ok(None);
        };
        let (caller, key) = (start.caller.clone(), key.clone());
        let found = self
            .read(reader, move |reader| {
                reader
                    .history()
                    .by_key(&caller, &key)
                    .map_err(StoreError::into_app_error)
            })
            .await?;
        // What is unfinished is found in memory, where it may be further.
        match found {
            Some(job) => same_start(&job, self.registry.name(start.tool), &start.input).map(Some),
            None => Ok(None),
        }
    }

    fn accept_now(&self, start: &Start, new: &mut Option<New>) -> Result<Accepted, AppError> {
        let definition = self.registry.at(start.tool);
        let mut state = self.scheduler.state();
        if let Some(key) = &start.options.idempotency_key
            && let Some(live) = state.live.by_key(&start.caller, key)
        {
            let tool_name = self.registry.name(start.tool);
            let job_id = same_start(&live.decided, tool_name, &start.input)?;
            let seq = live.decided.seq();
            return Ok(once_stored(&mut state, seq, job_id));
        }
        if let Some((seq, other)) = identical(&state, start, definition.behavior.identical_inputs) {
            return match definition.behavior.identical_inputs {
                IdenticalInputs::Refuse => Err(duplicate(&other)),
                _ => Ok(once_stored(&mut state, seq, other)),
            };
        }
        refuse_if_closing(&state)?;
        let waiting = state.live.queued().saturating_sub(state.left_over);
        if waiting >= state.queue_depth {
            return Err(queue_full(waiting));
        }
        let Some(mut new) = new.take() else {
            return Err(storage_gone());
        };
        let id = new.accepted.job_id();
        let stored = self.scheduler.store.is_some().then(|| {
            let (acknowledge, stored) = oneshot::channel();
            new.acknowledge = Some(acknowledge);
            stored
        });
        self.scheduler.take_in(&mut state, new);
        drop(state);
        fail_point!("start-decided");
        Ok(match stored {
            Some(stored) => Accepted::Storing(id, stored),
            None => Accepted::Known(id),
        })
    }

    /// A job as it will be if it is accepted. Made before the lock is taken.
    fn new_job(&self, start: &Start) -> Result<New, AppError> {
        let tool = self.registry.at(start.tool);
        let options = &start.options;
        let seq = self.scheduler.next_seq.fetch_add(1, Ordering::Relaxed);
        let now = self.scheduler.clock.now();
        let origin = JobOrigin {
            seq,
            id: Uuid::now_v7(),
            tool: self.registry.name(start.tool).clone(),
            caller: start.caller.clone(),
            idempotency_key: options.idempotency_key.as_deref().map(Into::into),
            timeout_seconds: options.timeout_seconds.or(tool.limits.timeout_seconds),
            max_attempts: options.max_attempts.or(tool.limits.max_attempts),
            retry_of: start.retry_of,
            created_at: now,
        };
        let priority = options.priority.unwrap_or_default();
        let rank = rank_of_arrival(seq);
        let input = start.input.clone();
        let accepted = JobRecord::accepted(Arc::new(origin), input, priority, rank);
        let accepted = Arc::new(accepted);
        let cause = Cause::asked(start.caller.clone());
        // Serialized here, so that the one thread that writes need not.
        let payload = match &self.scheduler.store {
            Some(_) => Payload::accepted(start.input.to_string()),
            None => Payload::Accepted {
                input: String::new(),
                digest: Default::default(),
            },
        };
        Ok(New {
            tool: start.tool,
            access: start.access.clone(),
            work: Some(
                self.registry
                    .prepare_at(start.tool, start.secrets.input(&start.input))?,
            ),
            secrets: start.secrets.clone(),
            queued: scheduler::entry(&accepted, TransitionKind::Queued, cause, now),
            accepted,
            payload,
            acknowledge: None,
        })
    }
}

/// A job that is there already, for somebody who must not hear of it before it is stored.
fn once_stored(state: &mut State, seq: u64, job_id: JobId) -> Accepted {
    match state.live.get_mut(seq) {
        Some(live) if live.visible.is_none() => {
            let (acknowledge, stored) = oneshot::channel();
            let waiting = live.waiting.get_or_insert_default();
            waiting.for_store.push(acknowledge);
            Accepted::Storing(job_id, stored)
        }
        _ => Accepted::Known(job_id),
    }
}

/// A job that is to be taken in.
struct New {
    tool: ToolIndex,
    access: Access,
    work: Option<PreparedJob>,
    secrets: GivenSecrets,
    accepted: Arc<JobRecord>,
    queued: HistoryEntry,
    payload: Payload,
    acknowledge: Option<Acknowledgement>,
}

impl Scheduler {
    /// Takes in a job. One that can run at once is stored as begun, which saves a commit.
    fn take_in(self: &Arc<Self>, state: &mut State, new: New) {
        let (seq, now) = (new.accepted.seq(), new.queued.at);
        // Who came before and is still on the way to the disk goes first.
        let begins = state.accepting == 0 && !state.closing && state.queue.claim_for(new.tool);
        let started = begins
            .then(|| job_table::apply(&new.accepted, JobChange::Started, now))
            .flatten();
        let decided = match started {
            Some(applied) => {
                let after = Arc::new(applied.job);
                Decided {
                    entry: scheduler::entry(&after, applied.kind, Cause::engine(""), now),
                    first: Some((new.queued, new.accepted)),
                    after,
                    asked: None,
                }
            }
            None => Decided {
                entry: new.queued,
                first: None,
                after: new.accepted,
                asked: None,
            },
        };
        let tool = self.registry.at(new.tool);
        let running = begins.then(|| Running::of(&decided.after, tool, &new.secrets.revealed));
        if !begins {
            state.accepting += 1;
        }
        state.live.insert(Box::new(LiveJob {
            decided: decided.after.clone(),
            visible: None,
            in_flight: 0,
            tool: new.tool,
            secrets: new.secrets,
            access: Some(new.access),
            work: new.work,
            running: None,
            waiting: None,
            kept: None,
        }));
        if begins {
            state.live.set_running(seq, running);
        }
        let handling = Handling {
            acknowledge: new.acknowledge,
            payload: new.payload,
            show_at_once: false,
            begins,
        };
        self.hand_over(state, decided, handling);
        if !begins {
            self.start_what_may_run(state);
        }
    }
}

fn check_options(options: &StartOptions) -> Result<(), AppError> {
    let invalid = |message| Err(AppError::new(ErrorCode::InvalidQuery, message));
    if options.timeout_seconds == Some(0) {
        return invalid("A time-out must be at least 1 s. Nothing was started.");
    }
    if options.max_attempts == Some(0) {
        return invalid("A job is attempted at least once. Nothing was started.");
    }
    Ok(())
}

fn refuse_if_closing(state: &State) -> Result<(), AppError> {
    if !state.closing {
        return Ok(());
    }
    let message = "Toolroom is closing and takes no new jobs. Nothing was started.";
    Err(AppError::new(ErrorCode::ShuttingDown, message).retryable())
}

fn queue_full(waiting: usize) -> AppError {
    let message = format!(
        "{waiting} jobs are waiting already, which is the limit. Nothing was started. Try again when some are done."
    );
    AppError::new(ErrorCode::QueueFull, message).retryable()
}

fn duplicate(other: &JobId) -> AppError {
    let mut error = AppError::new(
        ErrorCode::DuplicateInput,
        format!(
            "Job {other} does the same and has not ended yet. Nothing was started. Wait for it, or cancel it first."
        ),
    )
    .retryable();
    error.details = serde_json::json!({ "job_id": other });
    error
}

/// An unfinished job of the same tool with the same input, where the tool minds.
fn identical(state: &State, start: &Start, policy: IdenticalInputs) -> Option<(u64, JobId)> {
    if policy == IdenticalInputs::Queue {
        return None;
    }
    let same = state
        .live
        .all()
        .filter(|job| job.tool == start.tool && !job.decided.status.is_terminal())
        .filter(|job| job.decided.input.as_ref() == Some(&start.input))
        // Nobody is given the job of somebody who may do other things.
        .filter(|job| {
            let other = &job.decided.origin.caller;
            policy == IdenticalInputs::Refuse
                || *other == start.caller
                || !(other.is_stranger() || start.caller.is_stranger())
        })
        .max_by_key(|job| job.decided.seq())?;
    Some((same.decided.seq(), same.decided.job_id()))
}

fn same_start(first: &JobRecord, tool_name: &str, input: &Value) -> Result<JobId, AppError> {
    if *first.origin.tool == *tool_name && first.input.as_deref() == Some(input) {
        return Ok(first.job_id());
    }
    Err(AppError::new(
        ErrorCode::IdempotencyConflict,
        format!(
            "This start has the same idempotency key as job {}, but another tool or input. Nothing was started. Use a fresh key.",
            first.job_id()
        ),
    ))
}
