//! How busy an engine is, and what it keeps that it could do without.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use toolroom_shared::EngineLoad;

use super::scheduler::Scheduler;
use crate::health::{Caches, LoadSource};

/// What part of the past events is kept when memory gets short: who reads slowly is told of a gap.
const EVENTS_KEPT: usize = 4;

/// How busy an engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineGauges {
    /// Jobs that wait: for their turn, for a retry, or held back.
    pub queued: usize,
    /// Jobs that run.
    pub running: usize,
    /// Pieces of blocking work that wait for a thread.
    pub blocking_waiting: usize,
    /// Pieces of blocking work that run.
    pub blocking_running: usize,
    /// The longest that a tool has held an async worker so far.
    pub longest_step: Duration,
}

impl Scheduler {
    /// How busy it is.
    pub fn gauges(self: &Arc<Self>) -> EngineGauges {
        let state = self.state();
        EngineGauges {
            queued: state.live.queued(),
            running: state.queue.running(),
            blocking_waiting: self.pool.waiting(),
            blocking_running: self.pool.running(),
            longest_step: Duration::from_micros(self.longest_step.load(Ordering::Relaxed)),
        }
    }

    /// The same, as health tells it.
    pub fn load_source(self: &Arc<Self>) -> LoadSource {
        let scheduler = self.clone();
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        Arc::new(move || {
            let gauges = scheduler.gauges();
            let unwritten = scheduler.store.as_ref().map_or(0, |store| store.waiting());
            EngineLoad {
                jobs_queued: count(gauges.queued),
                jobs_running: count(gauges.running),
                jobs_ended: scheduler.ended_count.load(Ordering::Relaxed),
                blocking_waiting: count(gauges.blocking_waiting),
                blocking_running: count(gauges.blocking_running),
                changes_unwritten: count(unwritten),
                longest_step_ms: gauges.longest_step.as_secs_f64() * 1_000.0,
                ..EngineLoad::default()
            }
        })
    }

    /// What it keeps to be quick.
    pub fn caches(&self) -> Caches {
        let caches = Caches::default();
        let events = self.events.clone();
        caches.add("past events", move || {
            events.shrink_to(events.room() / EVENTS_KEPT);
        });
        let client = self.http_client.clone();
        caches.add("connections to servers", move || client.let_go());
        if let Some(store) = &self.store {
            let store = store.clone();
            caches.add("pages of the history", move || store.shrink());
        }
        caches
    }
}
