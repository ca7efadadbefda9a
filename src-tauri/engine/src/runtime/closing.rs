//! Ends an engine in order: nothing new, a while for what runs, then a stop, then the services
//! (`job_manager` sees to those), then the disk.

use std::{sync::Arc, time::Duration};

use super::scheduler::Scheduler;

/// How long an engine that closes waits for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingLimits {
    /// For jobs that run to be done by themselves.
    pub let_run: Duration,
    /// For jobs that were told to stop.
    pub stop: Duration,
    /// For the services, all together.
    pub services: Duration,
    /// For the last changes to be stored.
    pub store: Duration,
}

impl Default for ClosingLimits {
    fn default() -> Self {
        Self {
            let_run: Duration::from_secs(2),
            stop: Duration::from_secs(8),
            services: Duration::from_secs(3),
            store: Duration::from_secs(5),
        }
    }
}

impl Scheduler {
    /// Takes nothing new and ends what runs. Whether everything has ended.
    pub async fn end_jobs(self: &Arc<Self>, limits: ClosingLimits) -> bool {
        self.take_nothing_new();
        let _ = tokio::time::timeout(limits.let_run, self.all_ended()).await;
        self.stop_all();
        let stopped = tokio::time::timeout(limits.stop, self.all_ended()).await;
        self.closed.cancel();
        self.runners.close();
        self.tasks.close();
        // What is left are tools that don't hear; the rest ends by itself.
        stopped.is_ok()
            && tokio::time::timeout(limits.stop, self.tasks.wait())
                .await
                .is_ok()
    }

    /// Stores the last changes. Whether all are stored.
    pub async fn close_store(&self, limits: ClosingLimits) -> bool {
        let Some(store) = self.store.clone() else {
            return true;
        };
        // joined: right here
        let closed = tokio::task::spawn_blocking(move || store.close(limits.store)).await;
        closed.unwrap_or(false)
    }

    /// Nothing is accepted or begun any more. What keeps checkpoints stops at its next.
    fn take_nothing_new(self: &Arc<Self>) {
        let mut state = self.state();
        state.closing = true;
        for seq in state.live.running() {
            if let Some(job) = state.live.get(seq)
                && self.registry.at(job.tool).behavior.checkpoints
                && let Some(running) = &job.running
            {
                running.checkpoints.request_pause();
            }
        }
    }

    /// Stops what still runs. It isn't canceled: nobody asked for that.
    fn stop_all(self: &Arc<Self>) {
        let mut state = self.state();
        for seq in state.live.running() {
            let running = state.live.get_mut(seq).and_then(|job| job.running.as_mut());
            if let Some(running) = running {
                running.interrupted = true;
                running.cancel.cancel();
            }
        }
    }

    async fn all_ended(self: &Arc<Self>) {
        loop {
            let ended = self.ended.notified();
            tokio::pin!(ended);
            // Listens before it looks, lest an end between the two be missed.
            ended.as_mut().enable();
            if self.state().live.running().is_empty() {
                return;
            }
            ended.await;
        }
    }
}
