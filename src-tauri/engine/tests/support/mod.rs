//! An engine to run test tools on, and what tests ask of it.

#![allow(dead_code)] // each test file uses its part
#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod tools;

use std::{num::NonZeroUsize, path::Path, time::Duration};

use serde_json::{Value, json};
use toolroom_engine::{
    ClosingLimits, EngineConfig, EngineLimits, HistoryConfig, JobApi, JobManager, StreamItem,
    Subscription,
};
use toolroom_shared::{
    AppError, Caller, JobEvent, JobId, JobSnapshot, StartOptions, TransitionKind,
};
pub use tools::{Hand, registry};

/// An engine, and a reader of its events.
pub struct Engine {
    pub api: JobManager,
    pub hand: Hand,
    pub events: Subscription,
}

impl Engine {
    /// One that keeps jobs in memory.
    pub async fn in_memory(concurrency: usize, queue_depth: usize) -> Self {
        Self::open(EngineConfig {
            limits: limits(concurrency, queue_depth),
            seed: Some(7),
            ..EngineConfig::default()
        })
        .await
    }

    pub async fn open(config: EngineConfig) -> Self {
        let hand = Hand::default();
        let api = JobManager::open(registry(&hand), config).unwrap().manager;
        let events = api.subscribe(Caller::App, None).await.unwrap();
        Self { api, hand, events }
    }

    pub async fn try_start(&self, tool: &str, input: Value) -> Result<JobId, AppError> {
        self.start_with(tool, input, StartOptions::default()).await
    }

    pub async fn start_with(
        &self,
        tool: &str,
        input: Value,
        options: StartOptions,
    ) -> Result<JobId, AppError> {
        let started = self.api.start(Caller::App, tool, input, options).await;
        started.map(|handle| handle.job_id)
    }

    /// Starts a count to `to`.
    pub async fn count(&self, to: u64) -> JobId {
        self.try_start("count", json!({ "to": to })).await.unwrap()
    }

    pub async fn get(&self, job_id: &JobId) -> JobSnapshot {
        self.api.get(Caller::App, job_id).await.unwrap()
    }

    pub async fn ended(&self, job_id: &JobId) -> JobSnapshot {
        self.api.wait(Caller::App, job_id).await.unwrap()
    }

    pub fn permit(&self, steps: usize) {
        self.hand.permits.add_permits(steps);
    }

    pub async fn next(&mut self) -> JobEvent {
        match self.events.next().await.unwrap() {
            StreamItem::Event(event) => *event,
            StreamItem::Gap(missed) => panic!("{missed} events missed"),
        }
    }

    /// Every event up to the one that ends `job_id`, that one included.
    pub async fn until_end(&mut self, job_id: &JobId) -> Vec<JobEvent> {
        let mut seen = Vec::new();
        loop {
            let event = self.next().await;
            let ended = event.job.job_id == *job_id && event.job.status.is_terminal();
            seen.push(event);
            if ended {
                return seen;
            }
        }
    }

    /// The next event of this kind about `job_id`.
    pub async fn until(&mut self, job_id: &JobId, kind: TransitionKind) -> JobEvent {
        loop {
            let event = self.next().await;
            if event.job.job_id == *job_id && event.kind == kind {
                return event;
            }
        }
    }

    /// Waits until `job_id` has done this many steps, and everyone may see it.
    pub async fn until_done(&mut self, job_id: &JobId, steps: u64) {
        loop {
            let event = self.next().await;
            if event.job.job_id == *job_id && event.job.progress.done == steps {
                return;
            }
        }
    }
}

pub fn limits(concurrency: usize, queue_depth: usize) -> EngineLimits {
    EngineLimits {
        queue_depth,
        concurrency: NonZeroUsize::new(concurrency).unwrap(),
        ..EngineLimits::default()
    }
}

/// One job at a time, and a history in `folder`.
pub fn config(folder: &Path) -> EngineConfig {
    EngineConfig {
        limits: limits(1, 1_000),
        history: Some(HistoryConfig::new(folder)),
        seed: Some(7),
        ..EngineConfig::default()
    }
}

/// Closes an engine without waiting for what runs.
pub async fn close(engine: Engine) {
    let now = ClosingLimits {
        let_run: Duration::ZERO,
        ..ClosingLimits::default()
    };
    assert!(engine.api.shut_down(now).await);
}
