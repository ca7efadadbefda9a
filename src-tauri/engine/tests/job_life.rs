//! Whole lives of jobs, through `JobApi` as every door speaks to it.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use toolroom_engine::{EngineLimits, JobApi, JobManager, Registry, StreamItem, Subscription};
use toolroom_shared::{
    Caller, ErrorCode, JobEvent, JobHandle, JobId, JobPriority, JobStatus, JobsQuery, StartOptions,
    TransitionKind,
};
use toolroom_toolkit::{
    About, ExecutableTool, Phase, ToolCategory, ToolError, ToolExecutionContext, ToolLimits,
};

/// Counts to a number, one permit a step, so that a test decides how far it gets.
struct Count {
    permits: Arc<Semaphore>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CountInput {
    to: u64,
    #[serde(default)]
    fault: bool,
}

#[derive(Serialize, JsonSchema)]
struct CountOutput {
    counted: u64,
}

impl ExecutableTool for Count {
    type Input = CountInput;
    type Output = CountOutput;
    const ABOUT: About = About {
        name: "count",
        title: "Count",
        description: "Counts.",
        category: ToolCategory::Text,
        version: "1.0.0",
        permissions: &[],
        limits: ToolLimits {
            timeout_seconds: Some(3_600),
        },
    };

    async fn execute(
        &self,
        ctx: ToolExecutionContext,
        input: CountInput,
    ) -> Result<CountOutput, ToolError> {
        assert!(!input.fault, "asked for");
        ctx.progress
            .begin(Phase::new("Counting").counting("steps", Some(input.to)));
        for counted in 0..input.to {
            tokio::select! {
                permit = self.permits.acquire() => permit.unwrap().forget(),
                () = ctx.cancel.cancelled() => {
                    return Err(ToolError::canceled().with_partial(&CountOutput { counted }));
                }
            }
            ctx.progress.advance(1);
        }
        Ok(CountOutput { counted: input.to })
    }
}

struct Bench {
    api: JobManager,
    permits: Arc<Semaphore>,
    events: Subscription,
}

impl Bench {
    async fn new(concurrency: usize, queue_depth: usize) -> Self {
        let permits = Arc::new(Semaphore::new(0));
        let mut registry = Registry::default();
        registry
            .add(Box::new(Count {
                permits: permits.clone(),
            }))
            .unwrap();
        let limits = EngineLimits {
            queue_depth,
            concurrency: NonZeroUsize::new(concurrency).unwrap(),
            ..EngineLimits::default()
        };
        let api = JobManager::new(registry, limits);
        let events = api.subscribe(Caller::App).await.unwrap();
        Self {
            api,
            permits,
            events,
        }
    }

    async fn start(&self, to: u64, options: StartOptions) -> JobHandle {
        self.api
            .start(Caller::App, "count", json!({ "to": to }), options)
            .await
            .unwrap()
    }

    async fn next(&mut self) -> Arc<JobEvent> {
        match self.events.next().await.unwrap() {
            StreamItem::Event(event) => event,
            StreamItem::Gap(missed) => panic!("{missed} events missed"),
        }
    }

    /// Every event up to the one that ends `job_id`, that one included.
    async fn until_end(&mut self, job_id: &JobId) -> Vec<Arc<JobEvent>> {
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

    async fn until(&mut self, job_id: &JobId, kind: TransitionKind) {
        loop {
            let event = self.next().await;
            if event.job.job_id == *job_id && event.kind == kind {
                return;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_goes_from_queued_through_progress_to_its_output() {
    let mut bench = Bench::new(1, 10).await;
    let job_id = bench.start(3, StartOptions::default()).await.job_id;
    bench.permits.add_permits(3);
    let seen = bench.until_end(&job_id).await;

    let numbers: Vec<_> = seen.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=seen.len() as u64).collect::<Vec<_>>());
    let revisions: Vec<_> = seen.iter().map(|event| event.job.revision).collect();
    assert_eq!(
        revisions,
        (1..=u32::try_from(seen.len()).unwrap()).collect::<Vec<_>>()
    );
    assert_eq!(seen.first().unwrap().kind, TransitionKind::Queued);
    assert_eq!(seen.last().unwrap().kind, TransitionKind::Succeeded);
    // The last progress is told however quickly the end follows.
    let last_progress = seen
        .iter()
        .rfind(|event| event.kind == TransitionKind::Progress)
        .unwrap();
    assert_eq!(last_progress.job.progress.done, 3);

    let job = bench.api.get(Caller::App, &job_id).await.unwrap();
    assert_eq!(job.status, JobStatus::Succeeded);
    assert_eq!(job.output, Some(json!({ "counted": 3 })));
    assert_eq!(job.progress_pct, 100);
    assert_eq!(job.attempt, 1);
}

#[tokio::test(start_paused = true)]
async fn a_running_job_that_is_canceled_keeps_what_it_had() {
    let mut bench = Bench::new(1, 10).await;
    let job_id = bench.start(5, StartOptions::default()).await.job_id;
    bench.permits.add_permits(2);
    loop {
        let event = bench.next().await;
        if event.job.progress.done == 2 {
            break;
        }
    }
    bench.api.cancel(Caller::App, &job_id).await.unwrap();
    bench.until(&job_id, TransitionKind::Canceled).await;

    let job = bench.api.get(Caller::App, &job_id).await.unwrap();
    assert_eq!(job.status, JobStatus::Canceled);
    assert!(job.partial);
    assert_eq!(job.output, Some(json!({ "counted": 2 })));
}

#[tokio::test(start_paused = true)]
async fn a_queued_job_that_is_canceled_never_runs_and_frees_its_place() {
    let mut bench = Bench::new(1, 1).await;
    let first = bench.start(1, StartOptions::default()).await.job_id;
    let second = bench.start(1, StartOptions::default()).await.job_id;
    bench.api.cancel(Caller::App, &second).await.unwrap();
    let third = bench.start(1, StartOptions::default()).await.job_id;
    bench.permits.add_permits(2);
    bench.until(&first, TransitionKind::Succeeded).await;
    bench.until(&third, TransitionKind::Succeeded).await;

    let job = bench.api.get(Caller::App, &second).await.unwrap();
    assert_eq!(job.status, JobStatus::Canceled);
    assert_eq!(job.attempt, 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_refuses_at_once_and_says_that_it_may_pass() {
    let bench = Bench::new(1, 1).await;
    bench.start(1, StartOptions::default()).await;
    bench.start(1, StartOptions::default()).await;
    let refused = bench
        .api
        .start(
            Caller::App,
            "count",
            json!({ "to": 1 }),
            StartOptions::default(),
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::QueueFull);
    assert!(refused.retryable);
}

#[tokio::test(start_paused = true)]
async fn a_higher_priority_goes_first() {
    let mut bench = Bench::new(1, 10).await;
    let running = bench.start(1, StartOptions::default()).await.job_id;
    let normal = bench.start(0, StartOptions::default()).await.job_id;
    let high = StartOptions {
        priority: Some(JobPriority::High),
        ..StartOptions::default()
    };
    let high = bench.start(0, high).await.job_id;
    bench.permits.add_permits(1);
    let ended: Vec<_> = bench
        .until_end(&normal)
        .await
        .into_iter()
        .filter(|event| event.job.status.is_terminal())
        .map(|event| event.job.job_id.clone())
        .collect();
    assert_eq!(ended, [running, high, normal]);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_is_sent_twice_with_one_key_runs_once() {
    let mut bench = Bench::new(2, 10).await;
    let options = StartOptions {
        idempotency_key: Some("k".into()),
        ..StartOptions::default()
    };
    let first = bench.start(1, options.clone()).await.job_id;
    let again = bench.start(1, options.clone()).await.job_id;
    assert_eq!(first, again);
    bench.permits.add_permits(1);
    bench.until(&first, TransitionKind::Succeeded).await;
    assert_eq!(bench.start(1, options.clone()).await.job_id, first);

    let other = bench
        .api
        .start(Caller::App, "count", json!({ "to": 2 }), options)
        .await
        .unwrap_err();
    assert_eq!(other.code, ErrorCode::IdempotencyConflict);
    let page = bench
        .api
        .list(Caller::App, JobsQuery::default())
        .await
        .unwrap();
    assert_eq!(page.total, 1);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_panics_fails_its_job_and_no_other() {
    let mut bench = Bench::new(1, 10).await;
    let input: Value = json!({ "to": 1, "fault": true });
    let broken = bench
        .api
        .start(Caller::App, "count", input, StartOptions::default())
        .await
        .unwrap()
        .job_id;
    let sound = bench.start(0, StartOptions::default()).await.job_id;
    bench.until(&sound, TransitionKind::Succeeded).await;
    let job = bench.api.get(Caller::App, &broken).await.unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(job.error.unwrap().code, ErrorCode::ToolPanicked);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_takes_too_long_is_stopped_and_fails_with_timeout() {
    let mut bench = Bench::new(1, 10).await;
    let options = StartOptions {
        timeout_seconds: Some(5),
        ..StartOptions::default()
    };
    let job_id = bench.start(3, options).await.job_id;
    bench.permits.add_permits(1);
    bench.until(&job_id, TransitionKind::Failed).await;
    let job = bench.api.get(Caller::App, &job_id).await.unwrap();
    assert_eq!(job.error.unwrap().code, ErrorCode::Timeout);
    assert_eq!(job.output, Some(json!({ "counted": 1 })));
    assert!(job.partial);
}

#[tokio::test(start_paused = true)]
async fn closing_stops_what_runs_and_takes_nothing_new() {
    let mut bench = Bench::new(1, 10).await;
    let running = bench.start(3, StartOptions::default()).await.job_id;
    let queued = bench.start(3, StartOptions::default()).await.job_id;
    assert!(bench.api.shut_down(Duration::from_secs(10)).await);
    bench.until(&running, TransitionKind::Canceled).await;
    for job_id in [&running, &queued] {
        let job = bench.api.get(Caller::App, job_id).await.unwrap();
        assert_eq!(job.status, JobStatus::Canceled);
    }
    let refused = bench
        .api
        .start(
            Caller::App,
            "count",
            json!({ "to": 1 }),
            StartOptions::default(),
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::ShuttingDown);
}

#[tokio::test(start_paused = true)]
async fn who_subscribes_late_is_given_what_is_unfinished() {
    let mut bench = Bench::new(1, 10).await;
    let done = bench.start(0, StartOptions::default()).await.job_id;
    bench.until(&done, TransitionKind::Succeeded).await;
    let running = bench.start(1, StartOptions::default()).await.job_id;
    let mut late = bench.api.subscribe(Caller::Window).await.unwrap();
    let snapshot: Vec<_> = late.snapshot.iter().map(|job| job.job_id.clone()).collect();
    assert_eq!(snapshot, std::slice::from_ref(&running));
    bench.permits.add_permits(1);
    let after = late.snapshot[0].revision;
    match late.next().await.unwrap() {
        StreamItem::Event(event) => assert_eq!(event.job.revision, after + 1),
        StreamItem::Gap(missed) => panic!("{missed} events missed"),
    }
}
