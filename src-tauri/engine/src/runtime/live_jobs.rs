//! The jobs that are in memory: all that are unfinished, and without a history on disk also those
//! that have ended.
//!
//! Each stands here twice: as it has been decided, and as everyone may see it, which follows once
//! it is stored. What is decided, and what is done about it, is `scheduler`'s business.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Instant,
};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use tokio::sync::oneshot;
use toolroom_shared::{Caller, JobStatus};
use toolroom_toolkit::{
    Access, CancellationToken, Checkpoints, Inbox, InboxSender, JobLog, PreparedJob,
    ProgressReporter, WrittenLine,
};
use uuid::Uuid;

use super::{progress::ProgressMeter, queue::ToolIndex, settling::Acknowledgement};
use crate::{record::JobRecord, secrets::GivenSecrets, store::HistoryEntry};

/// A job in memory.
pub struct LiveJob {
    /// As it has been decided.
    pub decided: Arc<JobRecord>,
    /// As everyone may see it; none before it is stored for the first time.
    pub visible: Option<Arc<JobRecord>>,
    /// How many of its changes are on their way to the disk.
    pub in_flight: u32,
    /// Its tool, by number.
    pub tool: ToolIndex,
    /// What is never kept of it.
    pub secrets: GivenSecrets,
    /// What it may reach; none for a job from before a restart, of which that is decided anew.
    pub access: Option<Access>,
    /// Taken when its turn comes; a job from before a restart has none yet.
    pub work: Option<PreparedJob>,
    /// While an attempt runs, or is about to.
    pub running: Option<Box<Running>>,
    /// Who waits for it.
    pub waiting: Option<Box<Waiting>>,
    /// What a history on disk would keep.
    pub kept: Option<Box<Kept>>,
}

/// Who waits for a job. Few are waited for, so this takes no room in most.
#[derive(Default)]
pub struct Waiting {
    /// For its end.
    pub for_end: Vec<oneshot::Sender<Arc<JobRecord>>>,
    /// For it to be stored, having started it too.
    pub for_store: Vec<Acknowledgement>,
}

/// What is kept of a job in memory where there is no history on disk.
#[derive(Default)]
pub struct Kept {
    /// What happened to it: most are accepted, started, and end.
    pub transitions: SmallVec<[HistoryEntry; 3]>,
    /// Its newest lines.
    pub log: VecDeque<WrittenLine>,
}

/// A running attempt.
pub struct Running {
    /// Stops it.
    pub cancel: CancellationToken,
    /// Where it says how far it is.
    pub progress: ProgressReporter,
    /// Watches that.
    pub meter: ProgressMeter,
    /// Where it writes lines.
    pub log: JobLog,
    /// Where it saves from where it could go on.
    pub checkpoints: Checkpoints,
    /// Where it is sent messages; none if its tool takes none.
    pub messages: Option<InboxSender>,
    /// Where it reads them.
    pub inbox: Inbox,
    /// How many of its checkpoints were stored.
    pub checkpoints_stored: u64,
    /// Its progress has changed since it was stored.
    pub unstored: bool,
    /// When progress and checkpoint were stored last.
    pub stored_at: Instant,
    /// The engine itself has stopped it.
    pub interrupted: bool,
}

/// The jobs in memory.
#[derive(Default)]
pub struct LiveJobs {
    /// Boxed: moving jobs about when the table grows would take longer than finding them. Numbers
    /// and ids are our own, so nobody can choose them so that they collide.
    by_seq: FxHashMap<u64, Box<LiveJob>>,
    by_id: FxHashMap<Uuid, u64>,
    by_key: HashMap<(Caller, Box<str>), u64>,
    /// Those that run, so that the sampler need not look at those that wait.
    running: BTreeSet<u64>,
    /// Those that have ended and are kept nevertheless, oldest end first.
    ended: VecDeque<u64>,
    queued: usize,
}

impl LiveJobs {
    /// Takes in a job.
    pub fn insert(&mut self, job: Box<LiveJob>) {
        let origin = &job.decided.origin;
        self.by_id.insert(origin.id, origin.seq);
        if let Some(key) = &origin.idempotency_key {
            let key = (origin.caller.clone(), key.clone());
            self.by_key.insert(key, origin.seq);
        }
        self.queued += usize::from(job.decided.status == JobStatus::Queued);
        self.by_seq.insert(origin.seq, job);
    }

    /// Lets go of a job.
    pub fn remove(&mut self, seq: u64) -> Option<Box<LiveJob>> {
        let job = self.by_seq.remove(&seq)?;
        let origin = &job.decided.origin;
        self.by_id.remove(&origin.id);
        if let Some(key) = &origin.idempotency_key {
            self.by_key.remove(&(origin.caller.clone(), key.clone()));
        }
        self.queued -= usize::from(job.decided.status == JobStatus::Queued);
        self.running.remove(&seq);
        Some(job)
    }

    /// Keeps a job that has ended, and lets go of the oldest such beyond `limit`.
    pub fn keep_ended(&mut self, seq: u64, limit: usize) -> Option<Box<LiveJob>> {
        self.ended.push_back(seq);
        let oldest = (self.ended.len() > limit).then(|| self.ended.pop_front());
        self.remove(oldest.flatten()?)
    }

    /// Puts down what was decided of a job.
    pub fn decide(&mut self, seq: u64, after: Arc<JobRecord>) {
        let Some(job) = self.by_seq.get_mut(&seq) else {
            return;
        };
        self.queued -= usize::from(job.decided.status == JobStatus::Queued);
        self.queued += usize::from(after.status == JobStatus::Queued);
        job.decided = after;
    }

    /// Notes that a job's attempt runs, or no longer.
    pub fn set_running(&mut self, seq: u64, running: Option<Box<Running>>) -> Option<Box<Running>> {
        let job = self.by_seq.get_mut(&seq)?;
        if running.is_some() {
            self.running.insert(seq);
        } else {
            self.running.remove(&seq);
        }
        std::mem::replace(&mut job.running, running)
    }

    /// Whose attempts run.
    pub fn running(&self) -> Vec<u64> {
        self.running.iter().copied().collect()
    }

    /// A job by its number.
    pub fn get(&self, seq: u64) -> Option<&LiveJob> {
        self.by_seq.get(&seq).map(|job| &**job)
    }

    /// A job by its number, to be changed.
    pub fn get_mut(&mut self, seq: u64) -> Option<&mut LiveJob> {
        self.by_seq.get_mut(&seq).map(|job| &mut **job)
    }

    /// A job by its id, if everyone may see it.
    pub fn by_id(&self, id: Uuid) -> Option<&LiveJob> {
        let job = self.get(*self.by_id.get(&id)?)?;
        job.visible.is_some().then_some(job)
    }

    /// The same, to be changed.
    pub fn by_id_mut(&mut self, id: Uuid) -> Option<&mut LiveJob> {
        let seq = *self.by_id.get(&id)?;
        self.get_mut(seq).filter(|job| job.visible.is_some())
    }

    /// The job that a start with this key stands for, even if it isn't stored yet.
    pub fn by_key(&self, caller: &Caller, key: &str) -> Option<&LiveJob> {
        self.get(*self.by_key.get(&(caller.clone(), key.into()))?)
    }

    /// Every job, in no order.
    pub fn all(&self) -> impl Iterator<Item = &LiveJob> {
        self.by_seq.values().map(|job| &**job)
    }

    /// Every job that everyone may see, in no order.
    pub fn visible(&self) -> Vec<Arc<JobRecord>> {
        self.all().filter_map(|job| job.visible.clone()).collect()
    }

    /// How many wait: for their turn, for a retry, or held back.
    pub const fn queued(&self) -> usize {
        self.queued
    }
}
