//! Looks at what runs, ten times a second, and at which retries are due; both rest while there is
//! nothing to look at. They are services: what falls is begun again by the supervisor.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::MissedTickBehavior;
use toolroom_shared::{JobStatus, TransitionKind};

use super::{
    job_table::{self, JobChange},
    queue::Place,
    scheduler::Scheduler,
    settling::Ticket,
    state::State,
};
use crate::{
    services::{Service, ServiceContext, ServiceEnd},
    store::Change,
};

/// How often a running job is looked at.
pub const SAMPLE_EVERY: Duration = Duration::from_millis(100);
/// How often a running job's progress and checkpoint are stored at the most: often enough for who
/// reads the disk, and seldom enough for the disk.
const STORE_EVERY: Duration = Duration::from_secs(1);
/// How many lines of a job's log are kept where there is no history on disk.
const LINES_KEPT: usize = 10_000;

impl Scheduler {
    /// The services that look at what runs and at which retries are due.
    pub fn services(self: &Arc<Self>) -> [Service; 2] {
        let (sampled, retried) = (self.clone(), self.clone());
        [
            Service::new("progress-sampler", move |context| {
                sample_until_stopped(sampled.clone(), context)
            }),
            Service::new("retry-timer", move |context| {
                retry_until_stopped(retried.clone(), context)
            }),
        ]
    }

    fn sample(self: &Arc<Self>) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        let running = state.live.running();
        for seq in &running {
            self.take_samples(&mut state, *seq, now);
        }
        !running.is_empty()
    }

    /// Notes what a running job has said since the last time.
    pub fn take_samples(self: &Arc<Self>, state: &mut State, seq: u64, now: Instant) {
        let Some(live) = state.live.get_mut(seq) else {
            return;
        };
        let Some(running) = &mut live.running else {
            return;
        };
        let report = running.meter.changed(now).map(Arc::new);
        let (lines, log_lines) = running.log.take();
        running.unstored |= report.is_some();
        let due = now.saturating_duration_since(running.stored_at) >= STORE_EVERY;
        let (mut checkpoint, mut progress) = (None, false);
        if due {
            checkpoint = running
                .checkpoints
                .newer_than(&mut running.checkpoints_stored);
            progress = std::mem::take(&mut running.unstored);
            running.stored_at = now;
        }
        if report.is_some() || !lines.is_empty() {
            self.progressed(state, seq, report, log_lines);
        }
        match &self.store {
            Some(store) => {
                let log = (!lines.is_empty()).then_some(Change::Log { seq, lines });
                let checkpoint =
                    checkpoint.map(|checkpoint| Change::Checkpoint { seq, checkpoint });
                let progress = progress
                    .then(|| state.live.get(seq))
                    .flatten()
                    .map(|live| Change::Progress(live.decided.clone()));
                for change in log.into_iter().chain(checkpoint).chain(progress) {
                    // Nobody waits for it, and a history that is closed takes no more.
                    let _ = store.write(change, Ticket::Unwatched);
                }
            }
            None => {
                if let Some(live) = state.live.get_mut(seq) {
                    let log = &mut live.kept.get_or_insert_default().log;
                    log.extend(lines);
                    let surplus = log.len().saturating_sub(LINES_KEPT);
                    log.drain(..surplus);
                }
            }
        }
    }

    /// Progress is not stored. While a change of the job is on its way to the disk, it is only
    /// noted, and told with that.
    fn progressed(
        &self,
        state: &mut State,
        seq: u64,
        report: Option<Arc<crate::record::ProgressReport>>,
        log_lines: u32,
    ) {
        let Some(live) = state.live.get_mut(seq) else {
            return;
        };
        let change = JobChange::Progressed { report, log_lines };
        let Some(applied) = job_table::apply(&live.decided, change, self.clock.now()) else {
            return;
        };
        let after = Arc::new(applied.job);
        let is_shown = live
            .visible
            .as_ref()
            .is_some_and(|visible| Arc::ptr_eq(visible, &live.decided));
        if is_shown || live.in_flight == 0 {
            live.visible = Some(after.clone());
            self.events.publish(TransitionKind::Progress, after.told());
        }
        live.decided = after;
    }

    /// Lets a failed job wait for its next attempt.
    pub fn wait_for_retry(&self, state: &mut State, seq: u64, delay: Duration) {
        let due = tokio::time::Instant::now() + delay;
        // One from before it was held back would come too early.
        state.retries.retain(|(_, other)| *other != seq);
        state.retries.insert((due, seq));
        self.retry_added.notify_one();
    }

    /// Lets every job whose retry is due wait for its turn. When the next one is due.
    fn retry_what_is_due(self: &Arc<Self>) -> Option<tokio::time::Instant> {
        let mut state = self.state();
        let now = tokio::time::Instant::now();
        while let Some((due, seq)) = state.retries.first().copied() {
            if due > now {
                break;
            }
            state.retries.pop_first();
            let waiting = state.live.get(seq).filter(|live| {
                // It may have been canceled, held back or begun anew since.
                live.decided.status == JobStatus::Queued && live.decided.next_attempt_at.is_some()
            });
            if let Some((tool, place)) = waiting.map(|live| (live.tool, Place::of(&live.decided))) {
                state.queue.push(tool, place);
            }
        }
        self.start_what_may_run(&mut state);
        state.retries.first().map(|(due, _)| *due)
    }
}

async fn sample_until_stopped(scheduler: Arc<Scheduler>, context: ServiceContext) -> ServiceEnd {
    let mut ticks = tokio::time::interval(SAMPLE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // One that was begun again doesn't know whether anything runs.
    let mut busy = true;
    context.ready();
    loop {
        tokio::select! {
            () = context.stopped() => return Ok(()),
            () = scheduler.started.notified(), if !busy => busy = true,
            _ = ticks.tick(), if busy => busy = scheduler.sample(),
        }
    }
}

async fn retry_until_stopped(scheduler: Arc<Scheduler>, context: ServiceContext) -> ServiceEnd {
    context.ready();
    loop {
        let next = scheduler.retry_what_is_due();
        let due = async {
            match next {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = context.stopped() => return Ok(()),
            () = scheduler.retry_added.notified() => {}
            () = due => {}
        }
    }
}
