//! Starts what may run, carries out what `job_table` decides, and samples what runs.
//!
//! All state is behind one lock, which is never held across an await. Which requests there are,
//! and what they are answered, is `job_manager`'s business.

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, sync::Notify, time::MissedTickBehavior};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use toolroom_shared::{Caller, JobId, JobSnapshot, JobSummary, TransitionKind};
use toolroom_toolkit::{PreparedJob, ProgressReporter, ToolExecutionContext};

use super::{
    clock::now,
    events::EventLog,
    job_table::{self, Effect, JobChange, JobOutcome},
    job_task,
    progress::{ProgressMeter, SAMPLE_EVERY},
    queue::Queue,
};

/// What bounds an engine.
#[derive(Clone, Debug)]
pub struct EngineLimits {
    /// How many jobs may wait.
    pub queue_depth: usize,
    /// How many jobs may run at once.
    pub concurrency: NonZeroUsize,
    /// How many past events a slow subscriber may still read.
    pub events_kept: usize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            queue_depth: 10_000,
            concurrency: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            events_kept: 4_096,
        }
    }
}

/// The engine's moving parts.
pub struct Scheduler {
    limits: EngineLimits,
    events: Arc<EventLog>,
    state: Mutex<State>,
    runtime: Handle,
    /// Every task that this engine has started.
    tasks: TaskTracker,
    /// Wakes the sampler when there is something to sample.
    started: Notify,
    closed: CancellationToken,
}

/// What the lock protects.
pub struct State {
    /// Every job, in the order of their ids, which is that of their creation.
    pub jobs: BTreeMap<JobId, JobEntry>,
    /// Those that wait.
    pub queue: Queue,
    /// Which start each idempotency key stands for.
    pub idempotency_keys: HashMap<(Caller, String), JobId>,
    /// Nothing new is taken.
    pub closing: bool,
    running: HashMap<JobId, RunningJob>,
}

/// A job, and what it takes to run it.
pub struct JobEntry {
    /// The job as it now is.
    pub snapshot: JobSnapshot,
    timeout: Option<Duration>,
    /// Taken when its turn comes.
    work: Option<PreparedJob>,
}

struct RunningJob {
    cancel: CancellationToken,
    meter: ProgressMeter,
}

impl Scheduler {
    /// A scheduler on the current Tokio runtime.
    pub fn new(limits: EngineLimits) -> Arc<Self> {
        let scheduler = Arc::new(Self {
            events: Arc::new(EventLog::new(limits.events_kept)),
            state: Mutex::new(State {
                jobs: BTreeMap::new(),
                queue: Queue::new(limits.queue_depth),
                idempotency_keys: HashMap::new(),
                closing: false,
                running: HashMap::new(),
            }),
            limits,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            started: Notify::new(),
            closed: CancellationToken::new(),
        });
        scheduler
            .tasks
            .spawn(sample_until_closed(scheduler.clone()));
        scheduler
    }

    /// The state, for as long as the guard lives.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where everything that happens is told.
    pub const fn events(&self) -> &Arc<EventLog> {
        &self.events
    }

    /// Takes in a job that was accepted, and starts it if it may run now.
    pub fn enqueue(
        self: &Arc<Self>,
        state: &mut State,
        snapshot: JobSnapshot,
        work: PreparedJob,
        timeout: Option<Duration>,
    ) {
        self.events
            .publish(TransitionKind::Queued, JobSummary::from(&snapshot));
        let (job_id, priority) = (snapshot.job_id.clone(), snapshot.priority);
        let entry = JobEntry {
            snapshot,
            timeout,
            work: Some(work),
        };
        state.jobs.insert(job_id.clone(), entry);
        state.queue.push(job_id, priority);
        self.start_what_may_run(state);
    }

    /// Applies a change to a job and carries out its effects.
    pub fn apply(&self, state: &mut State, job_id: &JobId, change: JobChange) {
        let Some(job) = state.jobs.get_mut(job_id) else {
            return;
        };
        let effects = job_table::apply(&mut job.snapshot, change, &now());
        if job.snapshot.status.is_terminal() {
            job.work = None;
        }
        for effect in effects {
            match effect {
                Effect::Publish(kind) => {
                    self.events.publish(kind, JobSummary::from(&job.snapshot));
                }
                Effect::LeaveQueue => state.queue.remove(job_id),
                Effect::StopWork => {
                    if let Some(running) = state.running.get(job_id) {
                        running.cancel.cancel();
                    }
                }
            }
        }
    }

    fn start_what_may_run(self: &Arc<Self>, state: &mut State) {
        while state.running.len() < self.limits.concurrency.get() {
            let Some(job_id) = state.queue.pop() else {
                return;
            };
            let Some((work, timeout)) = state
                .jobs
                .get_mut(&job_id)
                .and_then(|job| Some((job.work.take()?, job.timeout)))
            else {
                continue;
            };
            let ctx = ToolExecutionContext {
                job_id: job_id.clone(),
                cancel: CancellationToken::new(),
                progress: ProgressReporter::default(),
            };
            state.running.insert(
                job_id.clone(),
                RunningJob {
                    cancel: ctx.cancel.clone(),
                    meter: ProgressMeter::new(ctx.progress.clone()),
                },
            );
            self.apply(state, &job_id, JobChange::Started);
            self.started.notify_one();
            let scheduler = self.clone();
            self.tasks.spawn_on(
                async move {
                    let outcome = job_task::run(work, ctx, timeout).await;
                    scheduler.finish(&job_id, outcome);
                },
                &self.runtime,
            );
        }
    }

    fn finish(self: &Arc<Self>, job_id: &JobId, outcome: JobOutcome) {
        let mut state = self.state();
        if let Some(mut running) = state.running.remove(job_id) {
            // The last report is always delivered, however soon after the one before.
            if let Some(report) = running.meter.changed(Instant::now()) {
                self.apply(&mut state, job_id, JobChange::Progressed(report));
            }
        }
        self.apply(&mut state, job_id, JobChange::Ended(outcome));
        self.start_what_may_run(&mut state);
    }

    fn sample(&self) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        let reports: Vec<_> = state
            .running
            .iter_mut()
            .filter_map(|(job_id, job)| Some((job_id.clone(), job.meter.changed(now)?)))
            .collect();
        for (job_id, report) in reports {
            self.apply(&mut state, &job_id, JobChange::Progressed(report));
        }
        !state.running.is_empty()
    }

    /// Stops sampling, and waits until every task has ended, at most `limit` long. Whether they
    /// all have.
    pub async fn close(&self, limit: Duration) -> bool {
        self.closed.cancel();
        self.tasks.close();
        tokio::time::timeout(limit, self.tasks.wait()).await.is_ok()
    }
}

/// Looks at what runs, ten times a second, and rests while nothing does.
async fn sample_until_closed(scheduler: Arc<Scheduler>) {
    let mut ticks = tokio::time::interval(SAMPLE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut busy = false;
    loop {
        tokio::select! {
            () = scheduler.closed.cancelled() => return,
            () = scheduler.started.notified(), if !busy => busy = true,
            _ = ticks.tick(), if busy => busy = scheduler.sample(),
        }
    }
}
