//! Gives a waiting job another place in the queue.

use std::sync::{Arc, atomic::Ordering};

use toolroom_shared::{JobPriority, QueuePosition};

use super::{
    job_table::JobChange,
    queue::{Place, rank_of_arrival},
    scheduler::{Cause, Handling, Scheduler},
    state::State,
};
use crate::record::JobRecord;

impl Scheduler {
    /// What moves the job `seq` to `position`; `before` is the number of the job that this names.
    /// None unless that one waits.
    pub fn move_in_queue(
        self: &Arc<Self>,
        state: &mut State,
        seq: u64,
        position: &QueuePosition,
        before: Option<u64>,
    ) -> Option<JobChange> {
        let job = state.live.get(seq)?.decided.clone();
        let (priority, rank) = match (position, before) {
            (QueuePosition::First, _) => (job.priority, state.queue.rank_before_all(job.priority)),
            // As if it had come just now.
            (QueuePosition::Last, _) => {
                let seq = self.next_seq.fetch_add(1, Ordering::Relaxed);
                let rank = rank_of_arrival(seq);
                (job.priority, rank)
            }
            (QueuePosition::Before(_), Some(before)) if before != seq => {
                let other = waiting(state, before)?;
                (other.priority, self.rank_before(state, &other)?)
            }
            (QueuePosition::Before(_), _) => return None,
        };
        Some(JobChange::Moved { priority, rank })
    }

    fn rank_before(self: &Arc<Self>, state: &mut State, other: &JobRecord) -> Option<i64> {
        let rank = state.queue.rank_before(Place::of(other));
        if rank.is_some() {
            return rank;
        }
        // Moved between the same two again and again: all are set further apart.
        self.spread(state, other.priority);
        let other = waiting(state, other.seq())?;
        state.queue.rank_before(Place::of(&other))
    }

    fn spread(self: &Arc<Self>, state: &mut State, priority: JobPriority) {
        for (seq, rank) in state.queue.spread(priority) {
            let change = JobChange::Moved { priority, rank };
            let why = Cause::engine("room was made for another");
            self.decide(state, seq, change, why, Handling::default());
        }
    }
}

fn waiting(state: &State, seq: u64) -> Option<Arc<JobRecord>> {
    let job = &state.live.get(seq)?.decided;
    let waits = job.status == toolroom_shared::JobStatus::Queued;
    waits.then(|| job.clone())
}
