//! Carries out what `job_table` decides: has it stored, tells everyone once it is, and lets the
//! next job run.
//!
//! All state is behind one lock, which is never held across an await nor while a disk works. A
//! change is decided under the lock, goes to the store in the order of decision, and becomes
//! visible when it is safe; without a store it is safe at once. What follows then is `settling`'s
//! business, how an attempt runs `attempt`'s, which requests there are `requests`'.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64},
    },
};

use tokio::{runtime::Handle, sync::Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use toolroom_shared::{AuditOperation, Caller, TransitionKind};
use toolroom_toolkit::{BlockingPool, HttpClient, SecretSource};

use super::{
    attempt::Attempt,
    audited_decisions::AuditedDecisions,
    auditing::{self, EngineAudit},
    config::{EngineConfig, EngineLimits},
    events::EventLog,
    job_table::{self, Effect, JobChange},
    live_jobs::LiveJobs,
    queue::{Place, Queue},
    retry::RetryPolicies,
    runners::Runners,
    settling::{Acknowledgement, Ticket, TransitionTicket},
    state::{Later, State, StateGuard},
};
use crate::{
    Permissions, Registry,
    clock::Clock,
    record::JobRecord,
    store::{Change, HistoryEntry, Payload, SearchWords, Store, StoreError, TransitionChange},
};

/// The engine's moving parts.
pub struct Scheduler {
    pub(super) registry: Arc<Registry>,
    pub(super) limits: EngineLimits,
    pub(super) retry: RetryPolicies,
    pub(super) clock: Clock,
    pub(super) pool: BlockingPool,
    pub(super) http_client: HttpClient,
    /// Where tools' secrets are kept by name.
    pub(super) secrets: Option<Arc<dyn SecretSource>>,
    pub(super) permissions: Permissions,
    pub(super) events: Arc<EventLog>,
    pub(super) store: Option<Arc<Store<Ticket>>>,
    /// Takes notes for the audit trail.
    pub(super) audit: Arc<EngineAudit>,
    pub(super) runtime: Handle,
    /// Every task that this engine has started.
    pub(super) tasks: TaskTracker,
    /// The tasks that run attempts.
    pub(super) runners: Runners<Attempt>,
    /// Wakes the sampler when there is something to sample.
    pub(super) started: Notify,
    /// Wakes the timer when a retry is waited for that is due before all others.
    pub(super) retry_added: Notify,
    /// An attempt has ended.
    pub(super) ended: Notify,
    pub(super) closed: CancellationToken,
    /// The longest that a tool has held a worker, in microseconds.
    pub(super) longest_step: AtomicU64,
    /// How many jobs have ended.
    pub(super) ended_count: AtomicU32,
    /// The number that the next job gets.
    pub(super) next_seq: AtomicU64,
    state: Mutex<State>,
}

/// Who caused a change, and why.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Who.
    pub caller: Caller,
    /// Why, in a few words; empty where the kind of change says it all.
    pub why: Cow<'static, str>,
}

impl Cause {
    /// Somebody asked for it.
    pub const fn asked(caller: Caller) -> Self {
        Self::app_or(caller, "")
    }

    /// The engine itself, for this reason.
    pub const fn engine(why: &'static str) -> Self {
        Self::app_or(Caller::App, why)
    }

    const fn app_or(caller: Caller, why: &'static str) -> Self {
        Self {
            caller,
            why: Cow::Borrowed(why),
        }
    }
}

/// How a change is to be carried out.
#[derive(Default)]
pub struct Handling {
    /// Who waits for it to be stored.
    pub acknowledge: Option<Acknowledgement>,
    /// What is stored once in a job's life.
    pub payload: Payload,
    /// It may be seen before it is stored.
    pub show_at_once: bool,
    /// The attempt begins when it is stored.
    pub begins: bool,
}

/// A change that has been decided.
pub struct Decided {
    /// The job after it.
    pub after: Arc<JobRecord>,
    /// What the history says of it.
    pub entry: HistoryEntry,
    /// What happened right before, and how the job stood then: it was accepted and begun at once.
    pub first: Option<(HistoryEntry, Arc<JobRecord>)>,
    /// What somebody asked for by it; none if the engine did it by itself.
    pub asked: Option<AuditOperation>,
}

impl Scheduler {
    /// A scheduler on the current Tokio runtime; its first job gets the number `next_seq`, its
    /// first event the number after `events_before`.
    pub fn new(
        registry: Arc<Registry>,
        config: &EngineConfig,
        store: Option<Arc<Store<Ticket>>>,
        next_seq: u64,
        events_before: u64,
    ) -> Arc<Self> {
        let queue = Queue::new(config.limits.concurrency, registry.concurrency());
        let chance = config
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let audit = EngineAudit::new(store.clone(), config.clock.clone());
        let mut permissions = config.permissions.clone();
        permissions.log = Arc::new(AuditedDecisions {
            audit: audit.clone(),
            then: permissions.log,
        });
        Arc::new(Self {
            registry,
            limits: config.limits.clone(),
            retry: config.retry.clone(),
            clock: config.clock.clone(),
            pool: BlockingPool::new(config.limits.blocking_threads.get()),
            http_client: HttpClient::default(),
            secrets: config.secrets.clone().map(|store| store as _),
            permissions: Permissions::new(permissions, config.clock.clone()),
            events: Arc::new(EventLog::new(config.limits.events_kept, events_before)),
            audit,
            store,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            runners: Runners::default(),
            started: Notify::new(),
            retry_added: Notify::new(),
            ended: Notify::new(),
            closed: CancellationToken::new(),
            longest_step: AtomicU64::new(0),
            ended_count: AtomicU32::new(0),
            state: Mutex::new(State {
                live: LiveJobs::default(),
                queue,
                queue_depth: config.limits.queue_depth,
                retries: BTreeSet::new(),
                accepting: 0,
                left_over: 0,
                closing: false,
                chance,
                later: Later::default(),
            }),
            next_seq: AtomicU64::new(next_seq),
        })
    }

    /// The state, for as long as the guard lives.
    pub fn state(self: &Arc<Self>) -> StateGuard<'_> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        StateGuard::new(self, state)
    }

    /// Decides a change and sees to what follows. Whether it fits the job's state.
    pub fn decide(
        self: &Arc<Self>,
        state: &mut State,
        seq: u64,
        change: JobChange,
        cause: Cause,
        mut handling: Handling,
    ) -> bool {
        let now = self.clock.now();
        let Some(live) = state.live.get(seq) else {
            return false;
        };
        let (tool, before) = (live.tool, live.decided.clone());
        let asked = auditing::asked(&change, &cause);
        let Some(applied) = job_table::apply(&before, change, now) else {
            return false;
        };
        let after = Arc::new(applied.job);
        state.live.decide(seq, after.clone());
        match applied.effect {
            Effect::Nothing => {}
            Effect::EnterQueue => state.queue.push(tool, Place::of(&after)),
            Effect::LeaveQueue => {
                state.queue.remove(tool, Place::of(&before));
            }
            Effect::ChangePlace => {
                if state.queue.remove(tool, Place::of(&before)) {
                    state.queue.push(tool, Place::of(&after));
                }
            }
            Effect::StopWork => {
                if let Some(running) = state.live.get(seq).and_then(|job| job.running.as_ref()) {
                    running.cancel.cancel();
                }
            }
            Effect::PauseWork => {
                if let Some(running) = state.live.get(seq).and_then(|job| job.running.as_ref()) {
                    running.checkpoints.request_pause();
                }
            }
        }
        let ended = after.status.is_terminal();
        handling.payload = match handling.payload {
            Payload::Nothing if ended && self.store.is_some() => Payload::Ended {
                output: None,
                words: SearchWords::of_job(&after, after.inline_output()),
            },
            // Its work has ended, and the job has not: it waits for another attempt.
            Payload::Ended { .. } if !ended => Payload::Nothing,
            payload => payload,
        };
        let decided = Decided {
            entry: entry(&after, applied.kind, cause, now),
            first: None,
            after,
            asked,
        };
        self.hand_over(state, decided, handling);
        true
    }

    /// Hands a decided change to the store; without one it is settled at once.
    pub fn hand_over(self: &Arc<Self>, state: &mut State, decided: Decided, handling: Handling) {
        let Decided {
            after,
            entry,
            first,
            asked,
        } = decided;
        let seq = after.seq();
        let (first_told, first_entry) = match first {
            Some((entry, then)) => (Some((entry.kind, then)), Some(entry)),
            None => (None, None),
        };
        let mut ticket = TransitionTicket {
            told: [first_told, Some((entry.kind, after.clone()))],
            after: after.clone(),
            shown: false,
            accepted: matches!(handling.payload, Payload::Accepted { .. }),
            begins: handling.begins,
            acknowledge: handling.acknowledge,
        };
        let Some(store) = self.store.clone() else {
            if let Some(live) = state.live.get_mut(seq) {
                let kept = live.kept.get_or_insert_default();
                kept.transitions.extend(first_entry);
                kept.transitions.push(entry);
            }
            self.settle(state, ticket, Ok(()));
            return;
        };
        let Some(live) = state.live.get_mut(seq) else {
            return;
        };
        if handling.show_at_once && live.in_flight == 0 {
            ticket.shown = true;
        }
        live.in_flight += 1;
        if ticket.shown {
            self.show(state, &ticket);
        }
        let (entry, next_entry) = match first_entry {
            Some(first) => (first, Some(entry)),
            None => (entry, None),
        };
        let change = Change::Transition(Box::new(TransitionChange {
            after,
            entry,
            next_entry,
            asked,
            payload: handling.payload,
        }));
        let given = store.write(change, Ticket::Transition(Box::new(ticket)));
        // A job that outlived its engine's closing: the next one finds it as it was stored last.
        if let Err(Ticket::Transition(ticket)) = given {
            self.settle(state, *ticket, Err(StoreError::closed()));
        }
    }
}

/// What the history says of a change.
pub fn entry(
    after: &JobRecord,
    kind: TransitionKind,
    cause: Cause,
    now: crate::clock::Timestamp,
) -> HistoryEntry {
    HistoryEntry {
        revision: after.revision,
        kind,
        status: after.status,
        attempt: after.attempt,
        caller: cause.caller,
        cause: cause.why,
        at: now,
    }
}
