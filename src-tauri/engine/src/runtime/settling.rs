//! What follows once a change is safe, or turned out not to be storable: everyone is told, the
//! attempt begins, who waits is answered.

use std::sync::{Arc, atomic::Ordering};

use fail::fail_point;
use tokio::sync::oneshot;
use toolroom_shared::{AppError, JobStatus, TransitionKind};

use super::{
    job_table::{JobChange, JobOutcome},
    queue::Place,
    scheduler::{Cause, Handling, Scheduler},
    state::State,
};
use crate::{
    record::JobRecord,
    secrets::GivenSecrets,
    store::{Settled, StoreError},
};

/// What is told to who waits for a change to be stored.
pub type Acknowledgement = oneshot::Sender<Result<(), StoreError>>;

/// What is to be done when a change has been stored.
pub enum Ticket {
    /// Nothing: a line of a log, a checkpoint.
    Unwatched,
    /// A job stands differently.
    Transition(Box<TransitionTicket>),
    /// Somebody waits for a note to stand in the audit trail.
    Noted(Acknowledgement),
}

/// What is to be done when a transition has been stored.
pub struct TransitionTicket {
    /// The job after it.
    pub after: Arc<JobRecord>,
    /// What everyone is told.
    pub told: [Option<Told>; 2],
    /// Everyone has been told already.
    pub shown: bool,
    /// The job was accepted with it.
    pub accepted: bool,
    /// The attempt is to begin now.
    pub begins: bool,
    /// Who waits for it.
    pub acknowledge: Option<Acknowledgement>,
}

/// What is told of a job, and how it stood then.
pub type Told = (TransitionKind, Arc<JobRecord>);

impl Scheduler {
    /// Sees to what follows once changes are safe, or turned out not to be storable. Called by the
    /// store's thread.
    pub fn settled(self: &Arc<Self>, batch: Vec<Settled<Ticket>>) {
        fail_point!("settling");
        let mut state = self.state();
        for Settled { ticket, result } in batch {
            match ticket {
                Ticket::Unwatched => {}
                Ticket::Transition(ticket) => self.settle(&mut state, *ticket, result),
                Ticket::Noted(told) => {
                    // Who waits may have gone away.
                    let _ = told.send(result);
                }
            }
        }
        self.start_what_may_run(&mut state);
    }

    /// The same for one change. What is on disk is so for good; what isn't holds while this engine
    /// lives.
    pub fn settle(
        self: &Arc<Self>,
        state: &mut State,
        mut ticket: TransitionTicket,
        result: Result<(), StoreError>,
    ) {
        let seq = ticket.after.seq();
        if let Some(live) = state.live.get_mut(seq) {
            live.in_flight = live.in_flight.saturating_sub(1);
        }
        let joined = if ticket.accepted {
            let live = state.live.get_mut(seq);
            live.and_then(|live| live.waiting.as_mut())
                .map(|waiting| std::mem::take(&mut waiting.for_store))
        } else {
            None
        };
        let acknowledge = ticket.acknowledge.take();
        match &result {
            Ok(()) => {
                if !ticket.shown {
                    self.show(state, &ticket);
                }
                if ticket.accepted && !ticket.begins {
                    self.let_wait(state, seq);
                }
                if ticket.begins {
                    self.begin(state, seq);
                }
            }
            Err(error) => self.not_stored(state, &ticket, error),
        }
        if ticket.after.status.is_terminal() {
            self.ended_count.fetch_add(1, Ordering::Relaxed);
            self.let_go(state, seq, result.is_ok());
        }
        for acknowledge in joined.into_iter().flatten().chain(acknowledge) {
            // Who asked may have gone away.
            let _ = acknowledge.send(result.clone());
        }
    }

    /// Lets everyone see a change.
    pub fn show(&self, state: &mut State, ticket: &TransitionTicket) {
        if let Some(live) = state.live.get_mut(ticket.after.seq()) {
            live.visible = Some(ticket.after.clone());
            for (kind, job) in ticket.told.iter().flatten() {
                self.events.publish(*kind, job.told());
            }
        }
    }

    /// Lets a job that has just been accepted wait for its turn.
    fn let_wait(&self, state: &mut State, seq: u64) {
        state.accepting -= 1;
        let waiting = state
            .live
            .get(seq)
            .filter(|job| job.decided.status == JobStatus::Queued && !job.decided.paused)
            .map(|job| (job.tool, Place::of(&job.decided)));
        if let Some((tool, place)) = waiting {
            state.queue.push(tool, place);
        }
    }

    /// A change could not be stored, however long it was tried.
    fn not_stored(
        self: &Arc<Self>,
        state: &mut State,
        ticket: &TransitionTicket,
        error: &StoreError,
    ) {
        let seq = ticket.after.seq();
        if ticket.accepted {
            // Nobody has been told of it: there is no such job.
            if !ticket.begins {
                state.accepting -= 1;
            }
            if let Some(job) = state.live.remove(seq)
                && ticket.begins
            {
                state.queue.release(job.tool);
            }
            return;
        }
        // It is true nevertheless, for as long as this engine lives.
        if !ticket.shown {
            self.show(state, ticket);
        }
        if ticket.begins {
            // What was not written down as begun must not be begun.
            if let Some(running) = state.live.set_running(seq, None) {
                drop(running);
                if let Some(job) = state.live.get(seq) {
                    state.queue.release(job.tool);
                }
            }
            let error: AppError = error.clone().into_app_error();
            let failed = JobChange::Ended(JobOutcome::Failed(Arc::new(error), None));
            let why = Cause::engine("its start could not be stored");
            self.decide(state, seq, failed, why, Handling::default());
        }
    }

    /// A job has ended for everyone to see: what is on disk need not be in memory.
    fn let_go(&self, state: &mut State, seq: u64, stored: bool) {
        if let Some(live) = state.live.get_mut(seq) {
            live.work = None;
            live.secrets = GivenSecrets::default();
            let waiting = live.waiting.take().map(|waiting| waiting.for_end);
            if let Some(job) = &live.visible {
                for told in waiting.into_iter().flatten() {
                    // Who waited may have gone away.
                    let _ = told.send(job.clone());
                }
            }
        }
        let forgotten = if stored && self.store.is_some() {
            state.live.remove(seq)
        } else {
            state.live.keep_ended(seq, self.limits.ended_kept)
        };
        state.later.forgotten.extend(forgotten);
    }
}
